"""What a helper may know of a job before they are ratified, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.formats import localize
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_help.jobs.question import public_answers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from community_help.jobs.job import Job


def public_facts(job: Job) -> list[tuple[str, str]]:
    """The public fields of the job's own model, as (label, value); what is empty is left out.

    Only the columns that ``public_fields`` names are read: private ones never leave the database here.

    :param job: a base row is enough
    """
    model: type[Job] = job.get_real_instance_class() or type(job)
    names = model.public_fields
    if not names:
        return []
    row = model._default_manager.non_polymorphic().filter(pk=job.pk).values(*names).get()
    facts = ((_label(model, name), _as_text(model, name, row)) for name in names)
    return [(label, value) for label, value in facts if value]


def _label(model: type[Job], name: str) -> str:
    return str(capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name))))


def _as_text(model: type[Job], name: str, row: Mapping[str, Any]) -> str:
    value = row[name]
    if value is None:
        return ""
    field = model._meta.get_field(name)
    if isinstance(field, models.Field) and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(localize(value))


def job_facts(job: Job) -> list[tuple[str, str, str]]:
    """What the page of a job says of it, as (label, value, small words): base facts, then those of its own model."""
    facts = [(_("Where"), _("by phone, from home") if job.task_type.by_phone else job.area.name, "")]
    if skills := [skill.name for skill in job.skills.all()]:
        facts.append((_("You need"), get_text_list(skills, _("and")), ""))
    if job.check_level is not None:
        facts.append((_("Check"), job.check_level.name, job.task_type.check_reason))
    if job.places > 1:
        wanted = ngettext("%(count)d helper", "%(count)d helpers", job.places) % {"count": job.places}
        facts.append((_("Wanted"), wanted, _("%(count)d still to find") % {"count": job.places_free}))
    own = [*public_facts(job), *public_answers([job]).get(job.pk, [])]
    return facts + [(label, value, "") for label, value in own]
