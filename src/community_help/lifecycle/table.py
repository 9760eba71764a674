"""Every legal move of a job, as data. The machine obeys it, the docs' diagram is drawn from it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """Where a job stands."""

    DRAFT = "draft", _("a draft")
    SUBMITTED = "submitted", _("waiting for a co-ordinator")
    OPEN = "open", _("open")
    ASSIGNED = "assigned", _("assigned")
    REPORTED = "reported", _("reported")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("expired")


class OfferState(models.TextChoices):
    """Where a helper's answer to a job stands."""

    OFFERED = "offered", _("offered")
    RATIFIED = "ratified", _("ratified")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    NOT_NEEDED = "not_needed", _("not needed")
    RELEASED = "released", _("released")
    STOOD_DOWN = "stood_down", _("stood down")
    NO_SHOW = "no_show", _("did not come")
    CANCELLED = "cancelled", _("cancelled")
    LAPSED = "lapsed", _("lapsed")
    COMPLETED = "completed", _("completed")


#: Offers that still count: the helper waits, or is on the job.
LIVE = (OfferState.OFFERED, OfferState.RATIFIED)
#: Jobs that somebody may still do: what was agreed about them counts.
GOING_ON = (JobState.OPEN, JobState.ASSIGNED)


class Action(models.TextChoices):
    """The verbs. The value is the name of the service, the permission, the URL and the event."""

    CREATE_JOB = "create_job", _("made the job")
    DISCARD_JOB = "discard_job", _("discarded the draft")
    PUBLISH_JOB = "publish_job", _("published the job")
    CHANGE_JOB = "change_job", _("changed the job")
    HAND_OVER_JOB = "hand_over_job", _("handed the job over")
    MAKE_OFFER = "make_offer", _("offered")
    WITHDRAW_OFFER = "withdraw_offer", _("withdrew the offer")
    DECLINE_OFFER = "decline_offer", _("declined the offer")
    RATIFY_OFFER = "ratify_offer", _("ratified the offer")
    NOTE_CONTACT = "note_contact", _("made contact")
    RELEASE_OFFER = "release_offer", _("can't come after all")
    STAND_DOWN_OFFER = "stand_down_offer", _("stood the helper down")
    RECORD_NO_SHOW = "record_no_show", _("noted that the helper did not come")
    MAKE_REPORT = "make_report", _("reported back")
    CLOSE_JOB = "close_job", _("closed the job")
    REOPEN_JOB = "reopen_job", _("re-opened the job")
    CANCEL_JOB = "cancel_job", _("cancelled the job")
    EXPIRE_JOB = "expire_job", _("let the job expire")
    UNDO = "undo", _("undid that")


@dataclass(frozen=True)
class Rule:
    """One row of the table.

    :param sources: states that the action may start from
    :param targets: states that it may end in; empty means «the same»
    :param offer: the state that the offer in question must be in; ``None`` where no offer is meant
    :param undoable: whether its actor may take it back within the community's undo time
    """

    sources: frozenset[str]
    targets: frozenset[str]
    offer: str | None = None
    undoable: bool = False


def _rule(sources: str, targets: str = "", *, offer: str | None = None, undoable: bool = False) -> Rule:
    return Rule(
        frozenset(JobState(name).value for name in sources.split()),
        frozenset(JobState(name).value for name in targets.split()),
        offer,
        undoable,
    )


#: action → rule. ``create_job`` has no source: the row is new. ``undo`` is checked against its event.
TABLE: dict[str, Rule] = {
    Action.CREATE_JOB: _rule("", "draft submitted open"),
    Action.DISCARD_JOB: _rule("draft"),
    Action.PUBLISH_JOB: _rule("draft submitted", "open", undoable=True),
    # Fewer places may fill the job, or end it where every helper on it has reported; more may open it.
    Action.CHANGE_JOB: _rule("draft submitted open assigned", "draft submitted open assigned reported", undoable=True),
    Action.HAND_OVER_JOB: _rule("draft submitted open assigned reported cancelled expired"),
    Action.MAKE_OFFER: _rule("open"),
    Action.WITHDRAW_OFFER: _rule("open", offer=OfferState.OFFERED),
    Action.DECLINE_OFFER: _rule("open", offer=OfferState.OFFERED, undoable=True),
    Action.RATIFY_OFFER: _rule("open", "open assigned", offer=OfferState.OFFERED, undoable=True),
    Action.NOTE_CONTACT: _rule("open assigned", offer=OfferState.RATIFIED),
    Action.RELEASE_OFFER: _rule("open assigned", "open", offer=OfferState.RATIFIED),
    Action.STAND_DOWN_OFFER: _rule("open assigned", "open", offer=OfferState.RATIFIED, undoable=True),
    Action.RECORD_NO_SHOW: _rule("open assigned", "open", offer=OfferState.RATIFIED),
    Action.MAKE_REPORT: _rule("open assigned", "open assigned reported", offer=OfferState.RATIFIED),
    Action.CLOSE_JOB: _rule("reported", "closed", undoable=True),
    Action.REOPEN_JOB: _rule("reported closed cancelled expired", "open"),
    Action.CANCEL_JOB: _rule("submitted open assigned", "cancelled", undoable=True),
    # With a ratified helper the clock only lowers the places to those filled.
    Action.EXPIRE_JOB: _rule("open", "expired assigned reported"),
}
