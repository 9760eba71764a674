"""Every field is classified, and what must not be read is sealed."""

from __future__ import annotations

import pytest

from community_help.fields import EncryptedText, Keep, Sensitivity, classify
from community_help.jobs.bundled import ShoppingJob
from community_help.jobs.job import Job
from community_help.people.person import PersonContact
from community_help.privacy import registry


def test_unclassified_of_the_package_is_empty() -> None:
    assert registry.unclassified() == []


def test_misnamed_of_the_package_is_empty() -> None:
    assert registry.misnamed() == []


def test_unknown_public_fields_of_the_package_is_empty() -> None:
    assert registry.unknown_public_fields() == []


def test_registry_knows_every_field_of_every_model() -> None:
    expected = {f"{model._meta.label}.{name}" for model in registry.models() for name in registry.fields_of(model)}
    assert set(registry.registry()) == expected
    assert len(expected) > 200


def test_registry_knows_many_to_many_fields() -> None:
    assert registry.registry()["community_help.Helper.skills"].sensitivity == Sensitivity.PERSONAL


def test_fields_of_a_job_model_are_its_own_alone() -> None:
    assert registry.fields_of(ShoppingJob) == ["job_ptr", "shopping_list", "spend_limit", "payment"]


@pytest.mark.parametrize("sensitivity", [Sensitivity.CONTACT, Sensitivity.SPECIAL])
def test_contact_and_special_fields_are_sealed(sensitivity: Sensitivity) -> None:
    found = [
        f"{model.__name__}.{name}"
        for model in registry.models()
        for name, known in registry.classification_of(model).items()
        if known.sensitivity == sensitivity and not isinstance(model._meta.get_field(name), EncryptedText)
    ]
    assert found == []


def test_contact_details_live_in_one_table() -> None:
    elsewhere = {
        label
        for label, known in registry.registry().items()
        if known.sensitivity == Sensitivity.CONTACT and not label.startswith(f"{PersonContact._meta.label}.")
    }
    assert elsewhere == {"community_help.Offer.safe_word"}


def test_every_purpose_is_said() -> None:
    assert [label for label, known in registry.registry().items() if not str(known.purpose)] == []


def test_unclassified_names_a_forgotten_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        ShoppingJob, "privacy", classify(keep=Keep.WITH_JOB, public=("payment",), internal=("job_ptr",))
    )
    assert registry.unclassified() == [
        "community_help.ShoppingJob.shopping_list",
        "community_help.ShoppingJob.spend_limit",
    ]


def test_unclassified_does_not_let_the_base_speak_for_a_job_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(ShoppingJob, "privacy")
    assert ShoppingJob.privacy == Job.privacy
    assert len(registry.unclassified()) == 4


def test_unclassified_takes_nothing_but_what_classify_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShoppingJob, "privacy", dict.fromkeys(registry.fields_of(ShoppingJob), "public"))
    assert len(registry.unclassified()) == 4


def test_misnamed_names_a_misspelt_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShoppingJob, "privacy", ShoppingJob.privacy | classify(keep=Keep.WITH_JOB, public=("paymant",)))
    assert registry.misnamed() == ["community_help.ShoppingJob.paymant"]


def test_unknown_public_fields_names_what_is_not_the_models_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShoppingJob, "public_fields", ("payment", "title"))
    assert registry.unknown_public_fields() == ["community_help.ShoppingJob.title"]
