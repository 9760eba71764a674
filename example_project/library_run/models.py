"""A library run: books to fetch and to take back for somebody who can't go."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.jobs.job import Job


class Language(models.TextChoices):
    """What the helper has to speak besides English. Each value is the short name of the skill that says so."""

    SOMALI = "somali", _("Somali")
    POLISH = "polish", _("Polish")

    __empty__ = _("no other language")


class LibraryRunJob(Job):
    """Books to fetch from a library and to take back, sometimes with somebody who asks for them in another language."""

    public_fields: ClassVar[tuple[str, ...]] = ("branch", "language")

    branch = models.CharField(_("which library"), max_length=60, blank=True)
    language = models.CharField(_("language to speak"), max_length=20, choices=Language, blank=True)
    books = EncryptedText(_("books wanted"), blank=True)
    large_print = models.BooleanField(_("in large print"), default=False)
    to_return = models.PositiveSmallIntegerField(_("books to take back"), null=True, blank=True)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=("job_ptr",),
        personal={
            "branch": _("so that helpers know how far it is"),
            "language": _("so that only those are asked who speak it"),
            "large_print": _("to bring books that they can read"),
            "to_return": _("so that the helper brings a bag"),
        },
        special={"books": _("to tell the ratified helper what to fetch")},
    )

    class Meta:
        verbose_name = _("library run")
        verbose_name_plural = _("library runs")
