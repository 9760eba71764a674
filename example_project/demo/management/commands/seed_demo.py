"""``manage.py seed_demo``: the community of the demo, in a database that has none."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from community_help.people.person import Person
from example_project.demo.seed import seed


class Command(BaseCommand):
    """Write the people and jobs that the demo begins with; where there are people already, leave all as it is."""

    help = __doc__

    def handle(self, **_options: Any) -> None:
        """Write them."""
        if not Person.objects.exists():
            seed()
