"""Every field that is kept, with what is known about it: the source of the check, the export and the notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps

from community_help.fields import FieldPrivacy
from community_help.jobs.job import Job

if TYPE_CHECKING:
    from django.db.models import Model

_APP = "community_help"


def models() -> list[type[Model]]:
    """Every model of the app, and every job model that the site installs beside them."""
    return [model for model in apps.get_models() if model._meta.app_label == _APP or issubclass(model, Job)]


def fields_of(model: type[Model]) -> list[str]:
    """The names of the fields that this class itself adds; a subclass does not speak for its base."""
    return [field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)]


def classification_of(model: type[Model]) -> dict[str, FieldPrivacy]:
    """Field name → what is known about it, as this class itself says in its ``privacy`` attribute."""
    own = vars(model).get("privacy", {})
    return {name: known for name, known in own.items() if isinstance(known, FieldPrivacy)}


def registry() -> dict[str, FieldPrivacy]:
    """«app.Model.field» → what is known about it, for every field that is classified."""
    return {
        f"{model._meta.label}.{name}": known
        for model in models()
        for name, known in classification_of(model).items()
        if name in fields_of(model)
    }


def unclassified() -> list[str]:
    """«app.Model.field» of each field that nobody has classified."""
    return [
        f"{model._meta.label}.{name}"
        for model in models()
        for name in fields_of(model)
        if name not in classification_of(model)
    ]


def misnamed() -> list[str]:
    """«app.Model.name» of each classification of a field that the class does not have."""
    return [
        f"{model._meta.label}.{name}"
        for model in models()
        for name in vars(model).get("privacy", {})
        if name not in fields_of(model)
    ]


def unknown_public_fields() -> list[str]:
    """«app.Model.name» of each name in a job model's ``public_fields`` that is none of its own fields."""
    return [
        f"{model._meta.label}.{name}"
        for model in models()
        if issubclass(model, Job)
        for name in vars(model).get("public_fields", ())
        if name not in fields_of(model)
    ]
