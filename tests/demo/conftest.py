"""One seeded community for all tests that only look at it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.people.person import Person
from example_project import settings_shared
from example_project.demo.seed import seed
from example_project.demo.seed.clock import clock_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker


@dataclass(frozen=True)
class Community:
    """What is to be the same each time, and the mails that went out while it came to be."""

    names: list[str]
    jobs: Counter[tuple[str, ...]]
    offers: Counter[tuple[str, str]]
    mails: list[str]

    @classmethod
    def look(cls) -> Community:
        jobs = Job.objects.non_polymorphic().values_list("title", "state", "requester__person__name", "owner__name")
        return cls(
            names=list(Person.objects.order_by("pk").values_list("name", flat=True)),
            jobs=Counter(jobs),
            offers=Counter(Offer.objects.values_list("helper__person__name", "state")),
            mails=[str(message.message()) for message in mail.outbox],
        )


def asking_as_the_site_does() -> override_settings:
    """The example site's own criterion and preference, beside those of the package."""
    return override_settings(COMMUNITY_HELP={**settings.COMMUNITY_HELP, **settings_shared.COMMUNITY_HELP})


@pytest.fixture(scope="module")
def seeded_on_another_day(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Community:
    """Give what a community looked like that was seeded on another day of the week, and is gone."""
    on_another_day = clock_at(timezone.now() + timedelta(days=3))
    with asking_as_the_site_does(), django_db_blocker.unblock(), transaction.atomic(), on_another_day:
        seed()
        look = Community.look()
        transaction.set_rollback(True)
    return look


@pytest.fixture(scope="module")
def community(seeded_on_another_day: Community, django_db_blocker: DjangoDbBlocker) -> Iterator[Community]:
    """Give a community that stays for the module; tests of it change nothing."""
    with asking_as_the_site_does(), django_db_blocker.unblock(), transaction.atomic():
        mail.outbox = []
        seed()
        yield Community.look()
        transaction.set_rollback(True)
