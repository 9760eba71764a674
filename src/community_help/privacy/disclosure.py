"""The four doors to people's details. No other code reads them.

Whoever reads leaves a row in the access log, written in the same transaction as the decision: where
the row can't be written, nothing is answered. What a person reads of themselves is no disclosure
and is not logged. Refusals raise :class:`NotDisclosed` and say nothing of the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from community_help.exceptions import NotDisclosed
from community_help.fields import keyed_hash
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.jobs.question import private_answers
from community_help.people.community import Community
from community_help.people.person import Person, PersonContact
from community_help.people.profiles import Requester
from community_help.privacy.access_log import AccessLog, Door
from community_help.privacy.contacts import as_dialled, digits_of, readable_phone, tidy_email
from community_help.privacy.reach import coordinates_anywhere, coordinates_area, kept_apart_from, reached_by, reaches
from community_help.privacy.window import window_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: What the ratified helper in the window, and co-ordinators, may read of a requester.
CONTACT_FIELDS = ("phone", "other_phone", "email", "address", "postcode", "access_notes")
#: What only co-ordinators may.
COORDINATOR_FIELDS = (*CONTACT_FIELDS, "warnings")

_PHONES = ("phone", "other_phone")
_FEWEST_DIGITS = 4
_FEWEST_LETTERS = 2
_MOST_FOUND = 10


@dataclass(frozen=True)
class Detail:
    """One private field of a job, or a private answer, as people read it; ``raw`` as it is kept."""

    name: str
    label: str
    value: str
    raw: Any = None


@dataclass(frozen=True)
class Found:
    """One person who was searched for. ``last3`` are the last three digits of their phone, or ""."""

    person: Person
    last3: str

    @property
    def name(self) -> str:
        """The full name."""
        return self.person.name

    @property
    def known_as(self) -> str:
        """What to call them."""
        return self.person.known_as


@transaction.atomic
def reveal(person: Person, fields: Iterable[str], *, actor: Person | None, why: Offer | Job | str) -> dict[str, str]:
    """Read some details of one person, and log it.

    A helper gives their own offer and reads the job's requester, in the window. A co-ordinator of the
    area gives an offer, a job, or a reason in words. Anybody may read their own contact details.

    :param fields: of ``CONTACT_FIELDS``, and for co-ordinators «warnings»
    :returns: field → text, "" where there is none; phone numbers as people write them

    Raises :class:`NotDisclosed`, for a field that is none as well.
    """
    names = _known_fields(fields)
    if actor is not None and actor.pk == person.pk and set(names) <= set(CONTACT_FIELDS):
        return _read([person.pk], names)[person.pk]
    reason = _Reason.fresh(why)
    as_helper = reason.opens_for_helper(actor) and person.pk == reason.requester_id
    if not (as_helper and set(names) <= set(CONTACT_FIELDS)) and not reason.opens_for_coordinator(actor, person):
        raise NotDisclosed
    _log(Door.REVEAL, actor, [person.pk], names, reason)
    return _read([person.pk], names)[person.pk]


@transaction.atomic
def reveal_job(job: Job, *, actor: Person | None, why: Offer | Job | str) -> list[Detail]:
    """Read the private fields of a job and its private answers, and log it: to the same people as :func:`reveal`.

    :returns: the fields that hold something, in their order

    Raises :class:`NotDisclosed`.
    """
    real: Job | None = Job.objects.filter(pk=job.pk).first()
    if real is None:
        raise NotDisclosed
    reason = _Reason.fresh(why)
    if reason.job_id not in {None, real.pk}:
        raise NotDisclosed
    if not reason.opens_for_helper(actor) and not reason.opens_area(actor, real.area_id, real.requester_id):
        raise NotDisclosed
    names, answers = real.private_field_names(), private_answers(real)
    read = [f"job:{name}" for name in (*names, *(answer.question.name for answer in answers))]
    _log(Door.REVEAL, actor, [real.requester_id], read, reason, job_id=real.pk)
    details = [detail for detail in (_detail(real, name) for name in names) if detail.value]
    return details + [Detail(each.question.name, each.question.label, each.readable, each.text) for each in answers]


@transaction.atomic
def reveal_many(
    people: Iterable[Person], fields: Iterable[str], *, actor: Person | None, why: str
) -> dict[int, dict[str, str]]:
    """Read some details of several people, for a list or an export; one row in the log for each.

    :param why: the reason, in words
    :returns: the person's primary key → field → text

    Raises :class:`NotDisclosed` when one of them is out of the co-ordinator's reach; nothing is read then.
    """
    names = _known_fields(fields)
    ids = sorted({person.pk for person in people})
    reason = _Reason.fresh(why)
    if Person.objects.filter(reached_by(actor), pk__in=ids).count() != len(ids):
        raise NotDisclosed
    _log(Door.REVEAL_MANY, actor, ids, names, reason)
    return _read(ids, names)


@transaction.atomic
def search(query: str, *, actor: Person | None) -> list[Found]:
    """Find people in a co-ordinator's reach: by phone from the last four digits on, by whole e-mail, by part of a name.

    At most ten, by name. Fewer than four digits or two letters find nobody. The log keeps a keyed hash of the query.

    Raises :class:`NotDisclosed` for anybody but a co-ordinator.
    """
    if actor is None or not coordinates_anywhere(actor):
        raise NotDisclosed
    text = query.replace("\x00", "").strip()
    digits = digits_of(text)
    if "@" in text:
        kind, wanted = "email", tidy_email(text)
        condition = Q(contact__email_hash=keyed_hash(wanted))
    elif digits and not any(char.isalpha() for char in text):
        kind, wanted = "phone", as_dialled(text) or digits
        if len(digits) < _FEWEST_DIGITS:
            return []
        condition = _phone_condition(wanted, digits)
    else:
        kind, wanted = "name", text.lower()
        if sum(char.isalpha() for char in text) < _FEWEST_LETTERS:
            return []
        condition = Q(name__icontains=text) | Q(known_as__icontains=text)
    AccessLog.objects.create(door=Door.SEARCH, actor=actor, fields=[kind], query_hash=keyed_hash(wanted))
    people = Person.objects.filter(reached_by(actor) & condition).select_related("contact", "requester__area")
    found = (person for person in people.order_by("name", "pk").iterator() if kind != "phone" or _ends(person, digits))
    return [Found(person, _last3(person)) for person, _n in zip(found, range(_MOST_FOUND), strict=False)]


def address_for(person: Person, channel: Literal["email", "phone"]) -> str:
    """Where a notifier reaches the person; "" where it can't. Its log is the Delivery that the outbox writes."""
    if channel not in {"email", "phone"}:
        raise ValueError(f"there is no channel «{channel}»")
    return str(PersonContact.objects.filter(person=person.pk).values_list(channel, flat=True).first() or "")


@dataclass(frozen=True)
class _Reason:
    """Why somebody wants to read, as the database has it at this moment."""

    offer: Offer | None = None
    job: Job | None = None
    words: str = ""

    @classmethod
    def fresh(cls, why: Offer | Job | str) -> _Reason:
        """Read the reason anew. The offer is locked, so that a stand-down waits for us, or we for it."""
        if isinstance(why, Offer):
            offers = Offer.objects.select_for_update(no_key=True).filter(pk=why.pk)
            offer = offers.first()
            if offer is None:
                raise NotDisclosed
            return cls(offer, _base_job(offer.job_id))
        if isinstance(why, Job):
            return cls(job=_base_job(why.pk))
        if not why.strip():
            raise NotDisclosed
        return cls(words=why.strip())

    @property
    def job_id(self) -> int | None:
        return self.job.pk if self.job else None

    @property
    def requester_id(self) -> int | None:
        return self.job.requester_id if self.job else None

    def opens_for_helper(self, actor: Person | None) -> bool:
        """Whether this is the actor's own offer, and its window is open now."""
        if actor is None or self.offer is None or self.job is None or self.offer.helper_id != actor.pk:
            return False
        self.offer.job = self.job
        return window_of(self.offer, community=Community.current(), now=timezone.now()).is_open

    def opens_for_coordinator(self, actor: Person | None, person: Person) -> bool:
        """Whether the actor co-ordinates here, and the person has to do with the reason."""
        if self.job is None:
            return reaches(actor, person.pk)
        concerned = person.pk == self.job.requester_id or self.job.offers.filter(helper=person.pk).exists()
        return concerned and self.opens_area(actor, self.job.area_id, person.pk)

    def opens_area(self, actor: Person | None, area_id: int | None, person_id: int) -> bool:
        """Whether the actor co-ordinates there, and reads as a co-ordinator.

        With their own offer they read as its helper, in its window alone; and never of somebody from whom they are
        kept apart.
        """
        if actor is None or not coordinates_area(actor, area_id):
            return False
        if self.offer is not None and self.offer.helper_id == actor.pk:
            return False
        return not Person.objects.filter(kept_apart_from(actor), pk=person_id).exists()


def _base_job(job_id: int) -> Job:
    job: Job | None = Job.objects.non_polymorphic().select_related("task_type").filter(pk=job_id).first()
    if job is None:
        raise NotDisclosed
    return job


def _known_fields(fields: Iterable[str]) -> list[str]:
    wanted = set(fields)
    if not wanted or not wanted <= set(COORDINATOR_FIELDS):
        raise NotDisclosed
    return [name for name in COORDINATOR_FIELDS if name in wanted]


def _log(
    door: Door,
    actor: Person | None,
    subjects: Iterable[int],
    fields: Collection[str],
    reason: _Reason,
    *,
    job_id: int | None = None,
) -> None:
    AccessLog.objects.bulk_create(
        AccessLog(
            door=door,
            actor=actor,
            subject_id=subject,
            fields=list(fields),
            job_id=job_id or reason.job_id,
            offer=reason.offer,
            why=reason.words,
        )
        for subject in subjects
    )


def _read(ids: Collection[int], names: Collection[str]) -> dict[int, dict[str, str]]:
    """The texts; called after the row is in the log."""
    contacts = PersonContact.objects.in_bulk(ids)
    warnings = dict(Requester.objects.filter(pk__in=ids).values_list("pk", "warnings")) if "warnings" in names else {}
    answer: dict[int, dict[str, str]] = {}
    for pk in ids:
        contact = contacts.get(pk)
        texts = {name: getattr(contact, name, "") for name in names if name != "warnings"}
        texts |= {name: readable_phone(texts[name]) for name in _PHONES if name in texts}
        answer[pk] = texts | ({"warnings": warnings.get(pk, "")} if "warnings" in names else {})
    return answer


def _detail(job: Job, name: str) -> Detail:
    field = job._meta.get_field(name)
    return Detail(name, str(getattr(field, "verbose_name", name)), _as_text(job, name, field), getattr(job, name))


def _as_text(job: Job, name: str, field: Any) -> str:
    value = getattr(job, name)
    if value is None:
        return ""
    if isinstance(field, models.Field) and field.choices:
        return str(getattr(job, f"get_{name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(localize(value))


def _phone_condition(wanted: str, digits: str) -> Q:
    """The whole number, or the last six or four of the digits typed."""
    condition = Q(contact__phone_hash=keyed_hash(wanted)) | Q(contact__other_phone_hash=keyed_hash(wanted))
    size = 6 if len(digits) >= 6 else 4
    ending = keyed_hash(digits[-size:])
    return condition | Q(**{f"contact__phone_last{size}": ending}) | Q(**{f"contact__other_phone_last{size}": ending})


def _ends(person: Person, digits: str) -> bool:
    """Whether one of the person's numbers ends in what was typed, its prefix for long distance left aside."""
    typed = digits.removeprefix("00").removeprefix("0")
    contact = person.contact
    return any(digits_of(number).endswith(typed) for number in (contact.phone, contact.other_phone))


def _last3(person: Person) -> str:
    try:
        contact = person.contact
    except PersonContact.DoesNotExist:
        return ""
    return digits_of(contact.phone or contact.other_phone)[-3:]
