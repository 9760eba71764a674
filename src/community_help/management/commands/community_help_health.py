"""Whether what is to be told is being told, for a monitor or for somebody who wonders."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from community_help.notifications import health


class Command(BaseCommand):
    """Say how the workers are; end with an error where somebody should look after them."""

    help = "Says whether messages are being carried; ends with an error where they are not."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Look, and say it."""
        try:
            found, given_up = health.look(), health.given_up()
        except DatabaseError as error:
            raise CommandError(f"The database does not answer ({type(error).__name__}).") from error
        now = timezone.now()
        for duty, at in found.beats.items():
            seen = "never" if at is None else f"{int((now - at).total_seconds())} seconds ago"
            self.stdout.write(f"{duty.label}: {seen}")
        self.stdout.write(f"given up: {given_up}")
        if not found.is_well:
            raise CommandError(" ".join(found.problems))
        self.stdout.write("All is well.")
