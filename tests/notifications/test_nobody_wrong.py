"""Whom the outbox tells of an opening, on communities made by chance in which everything changes before it sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from community_help.jobs.job import Job
from community_help.jobs.task_type import Urgency
from community_help.lifecycle.machine import Story, record
from community_help.lifecycle.table import Action, JobState
from community_help.notifications import digest
from community_help.notifications import outbox as outbox_module
from community_help.notifications.expansion import expand
from community_help.notifications.notification import Notification, NotificationState
from community_help.people.community import Community
from community_help.privacy.contacts import write_contact
from tests.matching.depth import examples
from tests.matching.plans import HELPERS, PLANS, HelperPlan, Plan, with_own_criterion
from tests.matching.test_agreement import Town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from community_help.notifications.notifiers.locmem import Sent


@pytest.fixture(autouse=True)
def own_criterion(outbox: list[Sent]) -> Iterator[None]:
    with with_own_criterion():
        yield


KEPT = ("also_asks", "never", "refused", "in_hand", "waived")


def changed(plan: Plan, later: list[HelperPlan | None]) -> Plan:
    """The same community after some of its helpers have changed; what was said about jobs stays."""
    helpers = list(plan.helpers)
    for number, (old, new) in enumerate(zip(plan.helpers, later, strict=False)):
        if new is not None:
            helpers[number] = replace(new, **{name: getattr(old, name) for name in KEPT})
    return replace(plan, helpers=tuple(helpers))


def told_wrongly(plan: Plan, later: Plan, sent: list[Sent]) -> list[str]:
    """Publish everything, let helpers change between the writing and the sending, send, and look at each message."""
    Community.objects.update_or_create(pk=1, defaults={"digest_hour": 0})
    town = Town(plan)
    for number, helper in enumerate(town.helpers):
        write_contact(helper.person, email=f"helper-{number}@example.org")
    Job.objects.non_polymorphic().update(urgency=Urgency.URGENT)
    jobs = [Job.objects.get(pk=job.pk) for job in town.jobs]
    published = [job for job in jobs if job.state == JobState.OPEN]
    for job in published:
        outbox_module.announce(record(Action.PUBLISH_JOB, Story(rule="test"), job=job))
    for announcement in Notification.objects.all():  # who is to be told is written down, and nobody is told yet
        expand(announcement, keep_alive=lambda: None)
    done = {"state": NotificationState.EXPANDED, "finished_at": timezone.now()}
    Notification.objects.filter(recipient=None, digest_on=None).update(**done)
    digest.write_due()
    assert sent == []
    for row, helper in zip(town.helpers, later.helpers, strict=True):
        town.live(row, helper)
    outbox_module.drain(now=timezone.now() + timedelta(seconds=1))
    wrong = []
    for message, address in sent:
        helper = int(address.partition("-")[2].partition("@")[0])
        about = [number for number, job in enumerate(jobs) if str(job.uuid) in f"{message.text}{message.html}"]
        wrong += [
            f"{message.kind} to helper {helper} about job {job}: {later.in_the_way(job, helper)}"
            for job in about
            if later.in_the_way(job, helper) or not later.jobs[job].open
        ]
        if not about:
            wrong.append(f"{message.kind} to helper {helper} about nothing")
    return wrong


@pytest.mark.property
@settings(
    max_examples=examples(10),
    phases=[Phase.generate],
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=PLANS, later=st.lists(st.none() | HELPERS, max_size=5))
def test_nobody_is_told_of_an_opening_that_is_not_for_them_when_it_is_sent(
    plan: Plan, later: list[HelperPlan | None], outbox: list[Sent]
) -> None:
    outbox.clear()
    with transaction.atomic():
        wrong = told_wrongly(plan, changed(plan, later), outbox)
        transaction.set_rollback(True)
    event(f"messages: {min(len(outbox), 3)}")
    assert wrong == []
