"""The community that the demo begins with: the same names, numbers and stories each time, dates relative to today."""

from __future__ import annotations

import random

from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from example_project.demo.seed.catalogue import write_catalogue
from example_project.demo.seed.days import Days
from example_project.demo.seed.history import Author, write_history
from example_project.demo.seed.ledger import Ledger
from example_project.demo.seed.people import write_people
from example_project.demo.seed.stories import write_today
from example_project.demo.seed.today import Today

SEED = 20_200_323  # the day the first community asked


def seed() -> None:
    """Write the whole community into empty tables: all of it or nothing."""
    with transaction.atomic():
        _write()
    OrmQ.objects.all().delete()  # the nudges for mails that went out on the way


def _write() -> None:
    chance = random.Random(SEED)  # noqa: S311  for a story, not for secrets
    days = Days(timezone.now())
    catalogue = write_catalogue()
    people = write_people(catalogue, days, chance)
    ledger = Ledger(chance)
    write_history(Author(catalogue, people, days, chance, ledger))
    ledger.write()
    write_today(Today(catalogue, people, days))


__all__ = ["seed"]
