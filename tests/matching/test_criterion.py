"""How criteria are named in the settings, and what goes wrong there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help import defaults
from community_help.exceptions import ConfigurationError
from community_help.matching.criteria.approved import Approved
from community_help.matching.criterion import Criterion, load
from community_help.testing.factories import make_helper, make_job
from tests.matching import own
from tests.matching.asking import reason

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

OWN = "tests.matching.own"


def test_load_the_default_criteria() -> None:
    assert [criterion.slug for criterion in load()] == [
        "approved",
        "never_pair",
        "not_oneself",
        "not_this_one",
        "check_level",
        "willing",
        "area",
        "radius",
        "skills",
        "available",
        "load",
    ]
    assert {criterion.slug for criterion in load() if criterion.safeguarding} == {
        "approved",
        "never_pair",
        "check_level",
    }


def test_load_follows_the_setting_at_once(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, f"{OWN}.HasAlerts"]}
    assert load()[-1] is own.HasAlerts
    settings.COMMUNITY_HELP = {}
    assert own.HasAlerts not in load()


def test_load_takes_a_subclass_instead_of_a_safeguarding_criterion() -> None:
    paths = [f"{OWN}.StricterApproval", *defaults.CRITERIA[1:]]
    assert load(paths)[0] is own.StricterApproval
    assert issubclass(own.StricterApproval, Approved)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("nowhere.Mine", "No module named 'nowhere'"),
        (f"{OWN}.Missing", 'does not define a "Missing" attribute'),
        ("plain", "plain doesn't look like a module path"),
        (f"{OWN}.NotACriterion", "not a subclass of community_help.matching.Criterion"),
        (f"{OWN}.OWN_VALUE", "not a subclass of community_help.matching.Criterion"),
        (f"{OWN}.Unfinished", "it does not define helpers_for, jobs_for"),
        (f"{OWN}.Nameless", "it needs a slug and a label"),
        (f"{OWN}.AnotherArea", "its slug «area» is also that of community_help.matching.criteria.area.CoversArea"),
    ],
)
def test_load_refuses_what_can_t_be_used_and_names_it(path: str, why: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load([*defaults.CRITERIA, path])
    assert str(caught.value).startswith(f"COMMUNITY_HELP['CRITERIA']: {path} can't be used: ")
    assert why in str(caught.value)


@pytest.mark.parametrize("path", [path for path in defaults.CRITERIA if "approved" in path or "never" in path])
def test_load_refuses_a_list_without_a_safeguarding_criterion(path: str) -> None:
    with pytest.raises(ConfigurationError, match="a safeguarding criterion has no off switch") as caught:
        load([other for other in defaults.CRITERIA if other != path])
    assert path in str(caught.value)


@pytest.mark.parametrize("path", [path for path in defaults.CRITERIA if "not_" in path])
def test_load_refuses_a_list_without_one_that_has_no_off_switch(path: str) -> None:
    with pytest.raises(ConfigurationError, match="it is left out, and this criterion has no off switch") as caught:
        load([other for other in defaults.CRITERIA if other != path])
    assert path in str(caught.value)


@pytest.mark.parametrize(
    ("laxer", "ours", "what"),
    [
        ("LaxCheck", "check_level", "a safeguarding criterion"),
        ("WaivableCheck", "check_level", "a safeguarding criterion"),
        ("WaivableRefusal", "not_this_one", "this criterion"),
    ],
)
def test_load_refuses_what_stands_in_and_is_laxer(laxer: str, ours: str, what: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load([*(path for path in defaults.CRITERIA if ours not in path), f"{OWN}.{laxer}"])
    assert f"{laxer} stands in for it and could be switched off or waived; {what} can't be" in str(caught.value)


def test_load_accepts_a_list_without_one_that_is_not_safeguarding() -> None:
    paths = [path for path in defaults.CRITERIA if "area" not in path]
    assert [criterion.slug for criterion in load(paths)].count("area") == 0


@pytest.mark.django_db
def test_criterion_that_says_nothing_itself_speaks_through_its_label(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, f"{OWN}.HasAlerts"]}
    job, helper = make_job(), make_helper()
    assert reason("alerts", job, helper) == "wants alerts"
    helper.wants_alerts = False
    helper.save()
    assert reason("alerts", job, helper) == "wants alerts: no"


def test_criterion_has_no_options_unless_it_says_so() -> None:
    assert Criterion.options_form is None
    assert Criterion.safeguarding is False
