"""Making people known, and where a helper stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community_help.exceptions import StaleTransition
from community_help.lifecycle.machine import Story, record
from community_help.people.person import Person
from community_help.people.profiles import Helper, HelperState, Requester
from community_help.people.roles import Role, RoleGrant
from community_help.plain_text import is_blank
from community_help.privacy.contacts import write_contact
from community_help.services._moving import ask_policy, refuse_control_characters, tell
from community_help.services.ripple import ask_again

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser

    from community_help.jobs.task_type import TaskType
    from community_help.lifecycle.event import Event
    from community_help.people.community import Area, Skill


@transaction.atomic
def register_requester(
    *,
    actor: Person,
    name: str,
    area: Area | None,
    contact: Mapping[str, str],
    known_as: str = "",
    warnings: str = "",
    consent_how: str = "",
    language: str = "en-gb",
) -> Requester:
    """Make somebody known who needs help.

    :param contact: fields of :class:`~community_help.people.person.PersonContact`
    :param consent_how: how they were told what we keep («on the phone»); "" when they were not yet

    Raises ``ValidationError`` by field.
    """
    ask_policy(actor, "register_requester", area)
    person = _make_person(name=name, known_as=known_as, language=language, contact=contact)
    refuse_control_characters({"warnings": warnings})
    requester = Requester(
        person=person,
        area=area,
        warnings=warnings,
        consent_how=consent_how,
        consent_at=timezone.now() if consent_how else None,
    )
    requester.full_clean(exclude=["person"])
    requester.save(force_insert=True)
    record("register_requester", Story(actor=actor, person=person))
    return requester


@transaction.atomic
def add_requester(person: Person, *, actor: Person) -> Requester:
    """Somebody whom we know already, as a helper say, asks for help too: one human stays one person.

    Their area and consent are not known yet. Who has asked before is answered as they are.
    """
    ask_policy(actor, "add_requester", person)
    requester, is_new = Requester.objects.get_or_create(person=person)
    if is_new:
        record("add_requester", Story(actor=actor, person=person))
    return requester


@transaction.atomic
def register_helper(
    *,
    actor: Person,
    name: str,
    contact: Mapping[str, str],
    areas: Iterable[Area],
    task_types: Iterable[TaskType],
    known_as: str = "",
    skills: Iterable[Skill] = (),
    user: AbstractBaseUser | None = None,
    language: str = "en-gb",
) -> Helper:
    """Make somebody known who wants to help. They are asked for nothing before they are approved."""
    ask_policy(actor, "register_helper", None)
    person = _make_person(name=name, known_as=known_as, language=language, contact=contact, user=user)
    helper = Helper.objects.create(person=person)
    helper.areas.set(areas)
    helper.task_types.set(task_types)
    helper.skills.set(skills)
    tell(record("register_helper", Story(actor=actor, person=person)))
    return helper


@transaction.atomic
def change_contact(person: Person, *, actor: Person, **fields: str) -> Event:
    """Write contact details; what is not named stays. Raises ``ValidationError`` by field."""
    ask_policy(actor, "change_contact", person)
    refuse_control_characters(fields)
    write_contact(person, **fields)
    return record("change_contact", Story(actor=actor, person=person))


@transaction.atomic
def approve_helper(helper: Helper, *, actor: Person, why: str = "") -> Event:
    """From now on this helper is asked, and what was shut because they were not is open again.

    :param why: the reason; needed to lift a suspension, and for somebody who had left
    """
    if helper.state == HelperState.SUSPENDED and not why.strip():
        raise ValidationError({"why": _("Say why the suspension ends.")})
    if helper.state == HelperState.LEFT and not why.strip():
        raise ValidationError({"why": _("Say why they are back.")})
    return _stand(helper, HelperState.APPROVED, "approve_helper", actor=actor, why=why)


@transaction.atomic
def pause_helper(helper: Helper, *, actor: Person) -> Event:
    """Not asked for a while; what they have taken on stays theirs until a co-ordinator decides otherwise.

    Raises ``ValidationError`` but for the approved.
    """
    if helper.state != HelperState.APPROVED:
        raise ValidationError(_("Only a helper who is approved can have a break."))
    return _stand(helper, HelperState.PAUSED, "pause_helper", actor=actor)


@transaction.atomic
def suspend_helper(helper: Helper, *, actor: Person, why: str) -> Event:
    """Not asked, and every detail that this helper could see is shut in the same transaction."""
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a few words.")})
    return _stand(helper, HelperState.SUSPENDED, "suspend_helper", actor=actor, why=why)


@transaction.atomic
def retire_helper(helper: Helper, *, actor: Person, why: str = "") -> Event:
    """This helper leaves: not asked any more, and every detail that they could see is shut in the same transaction."""
    if helper.state == HelperState.LEFT:
        raise ValidationError(_("They have left already."))
    return _stand(helper, HelperState.LEFT, "retire_helper", actor=actor, why=why)


@transaction.atomic
def change_helper(
    helper: Helper,
    *,
    actor: Person,
    areas: Iterable[Area] | None = None,
    task_types: Iterable[TaskType] | None = None,
    skills: Iterable[Skill] | None = None,
) -> Event:
    """Say where the helper helps, with what, and what they have or can; what is not given stays as it is."""
    ask_policy(actor, "change_helper", helper)
    if areas is not None:
        helper.areas.set(areas)
    if task_types is not None:
        helper.task_types.set(task_types)
    if skills is not None:
        helper.skills.set(skills)
    event = record("change_helper", Story(actor=actor, person=helper.person))
    ask_again(helper, event=event)
    return event


@transaction.atomic
def grant_role(
    person: Person, role: str, *, actor: Person, areas: Iterable[Area] | None = None, until: datetime | None = None
) -> RoleGrant:
    """Give somebody a role: for these areas, or for all when ``None``."""
    ask_policy(actor, "grant_role", person)
    grant = RoleGrant(person=person, role=Role(role), all_areas=areas is None, until=until, granted_by=actor)
    grant.full_clean()
    grant.save()
    if areas is not None:
        grant.areas.set(areas)
    record("grant_role", Story(actor=actor, person=person, why=str(Role(role).label)))
    return grant


def _stand(helper: Helper, state: HelperState, kind: str, *, actor: Person, why: str = "") -> Event:
    ask_policy(actor, kind, helper)
    refuse_control_characters({"why": why})
    came_from, approved_at = helper.state, helper.approved_at
    if state == HelperState.APPROVED and approved_at is None:
        approved_at = timezone.now()
    # Only from where the caller saw them stand: a pause that crosses a suspension must not lift it.
    if not Helper.objects.filter(pk=helper.pk, state=came_from).update(state=state, approved_at=approved_at):
        raise StaleTransition
    helper.state, helper.approved_at = state, approved_at
    story = Story(actor=actor, person=helper.person, why=why)
    event = record(kind, story, from_state=came_from, to_state=state)
    tell(event)
    ask_again(helper, event=event)
    return event


def _make_person(*, name: str, known_as: str, language: str, contact: Mapping[str, str], user: Any = None) -> Person:
    refuse_control_characters({"name": name, "known_as": known_as, **contact})
    name = "" if is_blank(name) else " ".join(name.split())
    first_name = name.partition(" ")[0][: Person._meta.get_field("known_as").max_length]
    person = Person(name=name, known_as=known_as.strip() or first_name, language=language, user=user)
    person.full_clean()
    person.save()
    write_contact(person, **contact)
    return person
