"""Set up django-q2's schedules."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community_help import background
from community_help.exceptions import ConfigurationError


class Command(BaseCommand):
    """Write the two schedules of the package; running it again changes nothing."""

    help = "Has django-q2 carry the outbox and run the clock each minute. Run it once, after migrate."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Write them and say which."""
        try:
            names = background.schedule()
        except ConfigurationError as error:
            raise CommandError(str(error)) from error
        for name in names:
            self.stdout.write(f"each minute: {name}")
