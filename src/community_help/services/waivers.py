"""«Ask anyway»: a co-ordinator overlooks one thing, for one helper and one opening, and signs for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from community_help import matching
from community_help.exceptions import IllegalTransition, NotEligible
from community_help.jobs.offer import Ask
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.machine import Story, fresh, record, retried
from community_help.lifecycle.table import JobState
from community_help.services._moving import ask_policy, refuse_control_characters, tell
from community_help.services.ripple import lock

if TYPE_CHECKING:
    from community_help.jobs.job import Job
    from community_help.people.person import Person
    from community_help.people.profiles import Helper


@retried
def ask_anyway(
    job: Job, *, helper: Helper, criterion: str, actor: Person, why: str, version: int | None = None
) -> Waiver:
    """Ask a helper about this opening although one criterion fails: from now on it is as if it held.

    Never one's own, and never a safeguarding criterion or the helper's own «not this one», whoever asks.

    Saying it twice is saying it once.

    :param criterion: the slug of the one that fails
    :param why: the reason, which the story tells

    Raises :class:`NotEligible` with what else stands in the way, and ``ValidationError`` for a criterion that can't
    be waived or does not fail.
    """
    lock([helper.pk])  # of two at once the second finds what the first has written
    job = fresh(job, version)
    ask_policy(actor, "ask_anyway", Ask(job_id=job.pk, helper_id=helper.pk, opening=job.opening))
    if job.state != JobState.OPEN:
        raise IllegalTransition("ask_anyway", job.state, JobState(job.state).label)
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a few words.")})
    refuse_control_characters({"why": why})
    about = {"job_id": job.pk, "opening": job.opening, "helper": helper, "criterion": criterion}
    if given := Waiver.objects.filter(**about).first():
        return given
    failed = {verdict.slug: verdict for verdict in matching.explain(job, helper).failed}
    one = failed.pop(criterion, None)
    others = [verdict.because for verdict in failed.values()]
    if one is None and not others:
        raise ValidationError(_("Nothing stands in their way: they may be asked already."))
    if one is None:
        words = _("It is something else that stands in their way: %(what)s.") % {"what": "; ".join(others)}
        raise ValidationError(words)
    if not one.can_be_waived:
        raise ValidationError(_("That can’t be overlooked."))
    if others:
        raise NotEligible(others)
    waiver = Waiver(**about, why=why.strip(), made_by=actor)
    waiver.clean_fields()
    waiver.save(force_insert=True)
    tell(record("ask_anyway", Story(actor=actor, person=helper.person, why=waiver.why), job=job))
    return waiver
