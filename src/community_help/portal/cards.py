"""The lists on a helper's pages: jobs for them, what they have taken on, what they wait for, what was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community_help import matching
from community_help.jobs.offer import Offer
from community_help.jobs.task_type import ALERTING, Urgency
from community_help.lifecycle.table import JobState, OfferState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.core.paginator import Page
    from django_stubs_ext import StrOrPromise

    from community_help.jobs.job import Job
    from community_help.people.profiles import Helper

PAGE_SIZE = 20
_REASONS_ON_A_CARD = 2

#: What became of an offer, in the words of a neighbour.
ENDED: dict[str, StrOrPromise] = {
    OfferState.DECLINED: gettext_lazy("Somebody else was chosen this time. Thank you for offering."),
    OfferState.WITHDRAWN: gettext_lazy("You took your offer back."),
    OfferState.NOT_NEEDED: gettext_lazy("Others are doing it. Thank you for offering."),
    OfferState.RELEASED: gettext_lazy("You could not go after all."),
    OfferState.STOOD_DOWN: gettext_lazy("You are no longer down for this one."),
    OfferState.NO_SHOW: gettext_lazy("We were told that nobody came."),
    OfferState.CANCELLED: gettext_lazy("It was called off."),
    OfferState.LAPSED: gettext_lazy("Its time ran out."),
    OfferState.COMPLETED: gettext_lazy("Done. Thank you."),
}

#: Offers whose job is, or was, this helper's.
TAKEN = (OfferState.RATIFIED, OfferState.COMPLETED)
RUNNING = (JobState.OPEN, JobState.ASSIGNED)
_URGENCY_RANK = Case(
    *(When(urgency=urgency, then=Value(rank)) for rank, urgency in enumerate(Urgency.values)),
    default=Value(len(Urgency.values)),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class JobCard:
    """One job on a helper's home: why them, and how often they have helped this person before."""

    job: Job
    why: str
    helped: int

    @property
    def is_urgent(self) -> bool:
        """Whether the job alerts at once."""
        return self.job.urgency in ALERTING

    @property
    def helped_words(self) -> str:
        """«You have helped them 6 times»; "" for the first time."""
        if not self.helped:
            return ""
        words = ngettext("You have helped them once.", "You have helped them %(count)d times.", self.helped)
        return words % {"count": self.helped}


@dataclass(frozen=True)
class OfferCard:
    """One of the helper's own offers, and how it stands."""

    offer: Offer
    standing: str
    is_good: bool

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.offer.state == OfferState.OFFERED

    @property
    def has_own_page(self) -> bool:
        """Whether the job is, or was, this helper's: it then has a page of theirs."""
        return self.offer.state in TAKEN


def jobs_to_offer_for(helper: Helper) -> QuerySet[Job]:
    """The open jobs that the helper matches and has not answered in this opening, the most pressing first."""
    rows = unanswered(matching.jobs_for(helper), helper)
    return rows.order_by(_URGENCY_RANK, F("latest").asc(nulls_last=True), "-opened_at", "-pk")


def unanswered(jobs: QuerySet[Job], helper: Helper) -> QuerySet[Job]:
    """The jobs without those that the helper has answered.

    Left out are those with a live offer of theirs, and those for which they were declined; a new opening
    brings the latter back. «Not this one» is a criterion.
    """
    mine = Offer.objects.filter(helper=helper, job=OuterRef("pk"))
    declined = mine.filter(state=OfferState.DECLINED, opening=OuterRef("opening"))
    return jobs.filter(~Exists(mine.live()), ~Exists(declined))


def cards_for(helper: Helper, number: str | None) -> tuple[Page[Job], list[JobCard]]:
    """One page of the jobs for a helper.

    :param number: of the page, as it stands in the address; nonsense is the first or the last page
    """
    rows = (
        jobs_to_offer_for(helper)
        .defer("private_details")
        .select_related("task_type", "area", "check_level")
        .prefetch_related("skills")
    )
    page: Page[Job] = Paginator(rows, PAGE_SIZE).get_page(number)
    jobs = list(page.object_list)
    reasons = matching.reasons_for(jobs, helper, most=_REASONS_ON_A_CARD)
    helped = times_helped(helper, {job.requester_id for job in jobs})
    return page, [JobCard(job, _sentence(reasons[job.pk]), helped.get(job.requester_id, 0)) for job in jobs]


def times_helped(helper: Helper, requesters: Collection[int]) -> dict[int, int]:
    """The requester's primary key → how many jobs the helper has done and reported for them."""
    done = Offer.objects.filter(helper=helper, requester__in=requesters, reported_at__isnull=False)
    return dict(done.values_list("requester").annotate(Count("pk")).order_by())


def taken_on(helper: Helper) -> list[OfferCard]:
    """What the helper is down for and has not reported back on yet, the next first."""
    offers = _with_jobs(Offer.objects.ratified().filter(helper=helper, reported_at=None, job__state__in=RUNNING))
    rows = offers.order_by(F("job__earliest").asc(nulls_last=True), F("job__latest").asc(nulls_last=True), "pk")
    return [OfferCard(offer, *_standing(offer)) for offer in rows]


def waiting(helper: Helper) -> list[OfferCard]:
    """Offers that nobody has answered yet, the newest first."""
    rows = _with_jobs(Offer.objects.waiting().filter(helper=helper)).order_by("-made_at", "-pk")
    return [OfferCard(offer, *_standing(offer)) for offer in rows]


def earlier(helper: Helper, number: str | None) -> tuple[Page[Offer], list[OfferCard]]:
    """One page of what was: reported, ended, called off; the newest first."""
    running = Q(state=OfferState.OFFERED) | Q(
        state=OfferState.RATIFIED, reported_at__isnull=True, job__state__in=RUNNING
    )
    rows = _with_jobs(Offer.objects.filter(helper=helper).exclude(running)).order_by("-made_at", "-pk")
    page: Page[Offer] = Paginator(rows, PAGE_SIZE).get_page(number)
    return page, [OfferCard(offer, *_standing(offer)) for offer in page.object_list]


def _with_jobs(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    """The offers with the base rows of their jobs, in one query, and without the jobs' private text."""
    return offers.select_related("job__task_type", "job__area").defer("job__private_details")


def _standing(offer: Offer) -> tuple[str, bool]:
    """How an offer stands in one sentence, and whether that is good news."""
    if offer.reported_at is not None:
        return _("You reported back. Thank you."), True
    if offer.state in ENDED:
        return str(ENDED[offer.state]), offer.state == OfferState.COMPLETED
    if offer.unconfirmed_since is not None:
        return _("It has changed since you offered. Still yes?"), False
    if offer.state == OfferState.OFFERED:
        return _("A co-ordinator decides, and we tell you."), False
    if offer.contacted_at is not None:
        return _("Yours, and you have made contact."), True
    return _("It’s yours. Open it to get in touch."), True


def _sentence(reasons: Sequence[str]) -> str:
    return str(capfirst(", ".join(reasons)))
