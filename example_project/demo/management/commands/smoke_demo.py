"""``manage.py smoke_demo``: the whole story through HTTP and the worker, in the database that the settings name."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from example_project.demo.smoke import smoke


class Command(BaseCommand):
    """Start the demo on a free port, tell it the story, stop it; ``run demo --smoke`` brings a database of its own."""

    help = __doc__

    def handle(self, **_options: Any) -> None:
        """Tell it; raises CommandError when it went wrong."""
        if not smoke(self.stdout.write):
            raise CommandError("the story did not go as it should")
