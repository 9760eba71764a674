"""Sealed text, keyed hashes and the classification of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from community_help import fields
from community_help.exceptions import ConfigurationError, UnreadableSecret
from community_help.fields import FieldPrivacy, Keep, Sensitivity, classify, keyed_hash, seal, unseal
from community_help.people.profiles import Requester
from community_help.testing.factories import make_requester

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def sealed(settings: SettingsWrapper) -> SettingsWrapper:
    settings.COMMUNITY_HELP = {"ENCRYPTION_KEYS": [OLD]}
    return settings


def stored_warnings(requester: Requester) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT warnings FROM community_help_requester WHERE person_id = %s", [requester.pk])
        return str(cursor.fetchone()[0])


@pytest.mark.property
@given(st.text())
def test_unseal_gives_back_what_was_sealed(text: str) -> None:
    assert unseal(seal(text)) == text


def test_seal_without_keys_is_plain_with_a_prefix() -> None:
    assert seal("mind the step") == "0:mind the step"


def test_seal_with_a_key_hides_the_text(sealed: SettingsWrapper) -> None:
    stored = seal("mind the step")
    assert stored.startswith("1:")
    assert "step" not in stored
    assert unseal(stored) == "mind the step"


def test_unseal_with_a_key_reads_what_was_written_before_there_was_one(sealed: SettingsWrapper) -> None:
    assert unseal("0:mind the step") == "mind the step"


def test_unseal_after_rotation_reads_what_the_old_key_sealed(sealed: SettingsWrapper) -> None:
    stored = seal("mind the step")
    sealed.COMMUNITY_HELP = {"ENCRYPTION_KEYS": [NEW, OLD]}
    assert unseal(stored) == "mind the step"
    sealed.COMMUNITY_HELP = {"ENCRYPTION_KEYS": [NEW]}
    with pytest.raises(UnreadableSecret):
        unseal(stored)


def test_unseal_without_keys_fails_closed(sealed: SettingsWrapper) -> None:
    stored = seal("mind the step")
    sealed.COMMUNITY_HELP = {}
    with pytest.raises(UnreadableSecret):
        unseal(stored)


@pytest.mark.parametrize("stored", ["mind the step", "2:mind the step", "1:not a token"])
def test_unseal_of_a_value_that_is_not_ours_fails_closed(sealed: SettingsWrapper, stored: str) -> None:
    with pytest.raises(UnreadableSecret):
        unseal(stored)


def test_seal_with_keys_but_without_the_extra_says_what_to_install(
    sealed: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields, "MultiFernet", None)
    with pytest.raises(ConfigurationError, match=r"pip install django-community-help\[crypto\]"):
        seal("mind the step")


@pytest.mark.django_db
def test_encrypted_text_is_sealed_in_the_database(sealed: SettingsWrapper) -> None:
    requester = make_requester(warnings="mind the step")
    assert stored_warnings(requester).startswith("1:")
    assert Requester.objects.get().warnings == "mind the step"


@pytest.mark.django_db
def test_encrypted_text_that_is_empty_can_be_seen_without_a_key(sealed: SettingsWrapper) -> None:
    requester = make_requester()
    assert stored_warnings(requester) == ""
    assert Requester.objects.filter(warnings="").count() == 1
    assert Requester.objects.exclude(warnings="").count() == 0
    assert Requester.objects.filter(warnings__isnull=True).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("lookup", ["warnings", "warnings__icontains", "warnings__in", "warnings__startswith"])
def test_encrypted_text_can_not_be_looked_up(lookup: str) -> None:
    with pytest.raises(FieldError):
        Requester.objects.filter(**{lookup: "mind the step"}).exists()


def test_keyed_hash_depends_on_the_key(settings: SettingsWrapper) -> None:
    derived = keyed_hash("+441174960123")
    settings.COMMUNITY_HELP = {"HASH_KEY": "a key of its own"}
    own = keyed_hash("+441174960123")
    settings.SECRET_KEY = "another"
    assert keyed_hash("+441174960123") == own
    assert derived != own
    assert len(own) == 32
    assert "4960123" not in own


def test_keyed_hash_without_a_key_of_its_own_changes_with_the_secret_key(settings: SettingsWrapper) -> None:
    before = keyed_hash("+441174960123")
    settings.SECRET_KEY = "another"
    assert keyed_hash("+441174960123") != before


def test_keyed_hash_of_nothing_is_nothing() -> None:
    assert keyed_hash("") == ""


def test_classify_answers_for_each_field() -> None:
    answer = classify(
        keep=Keep.WITH_JOB,
        public=["a"],
        internal=["b"],
        personal={"c": "to c"},
        contact={"d": "to d"},
        special={"e": "to e"},
        criminal={"f": "to f"},
    )
    assert {name: known.sensitivity for name, known in answer.items()} == {
        "a": Sensitivity.PUBLIC,
        "b": Sensitivity.INTERNAL,
        "c": Sensitivity.PERSONAL,
        "d": Sensitivity.CONTACT,
        "e": Sensitivity.SPECIAL,
        "f": Sensitivity.CRIMINAL,
    }
    assert answer["f"] == FieldPrivacy(Sensitivity.CRIMINAL, "to f", Keep.WITH_JOB)
