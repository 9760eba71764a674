"""What must come true in the story of one call, told from the tables themselves and not from the code that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from community_help.people.person import Person
from community_help.people.profiles import Helper, HelperState, NeverPair
from community_help.privacy.disclosure import address_for
from community_help.safeguarding.background_checks import Check
from example_project.demo.seed.cast import UNKNOWN_NUMBER

if TYPE_CHECKING:
    from community_help.jobs.job import Job

#: Nobody may read these before the ratification but the co-ordinators, and afterwards nobody else but the one helper.
CANARIES = {
    "name": "Edith Canarywell",
    "phone": UNKNOWN_NUMBER,
    "address": "77 Songbird Terrace",
    "postcode": "BS4 1KV",
    "access_notes": "The parrot answers the bell.",
    "shopping_list": "Millet, cuttlefish bone, a small swing.",
    "private_details": "Blue door round the back.",
}
_AS_STORED = "+441174960999"


def slipped(text: str) -> list[str]:
    """Which of the canaries a text holds."""
    return [name for name, canary in CANARIES.items() if canary in text] + (["phone"] if _AS_STORED in text else [])


def fitting_addresses(job: Job) -> set[str]:
    """Where the alert about an urgent job must go: rule by rule, without asking the matching engine."""
    today = timezone.localdate()
    helpers = Helper.objects.filter(state=HelperState.APPROVED, wants_alerts=True)
    fit = set(helpers.values_list("pk", flat=True))
    rules = [helpers.filter(task_types=job.task_type_id), helpers.filter(areas=job.area_id)]
    rules += [helpers.filter(skills=skill) for skill in job.skills.all()]
    if job.check_level_id:
        rules.append(helpers.filter(checks__in=Check.objects.valid_on(today, today).proving(job.check_level_id)))
    rules.append(helpers.exclude(pk__in=NeverPair.objects.filter(requester=job.requester_id).values("helper")))
    for rule in rules:
        fit &= set(rule.values_list("pk", flat=True))
    return {address_for(person, "email") for person in Person.objects.filter(pk__in=fit)} - {""}
