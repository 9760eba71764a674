"""The package in sites that others made: their users, their base template, their settings."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from community_help.urls import urlpatterns
from tests.hosts.sites import AUTO, BIG_AUTO, OWN_USERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hosts.sites import Site

#: Every page that can be looked at, and what it answers to whom it is for. All other addresses are for doing.
PAGES = {
    "home": {302},
    "see_health": {503},  # no worker runs here
    "desk": {200},
    "list_jobs": {200},
    "take_call": {200},
    "view_call": {200},
    "view_job": {200},
    "view_supply": {200},
    "change_job": {200, 404},  # an ended job is not changed
    "list_task_types": {200},
    "make_task_type": {200},
    "change_task_type": {200},
    "jobs_for_me": {200},
    "my_jobs": {200},
    "view_open_job": {200, 302},  # on to the page of one's own
    "view_offer": {200, 302},  # back to the job while nobody has said yes
    "release_offer": {200, 302},
    "make_report": {200, 302},
}
ANONYMOUS = {"see_health"}
EVERYBODYS = {"home", *ANONYMOUS}
ONLY_POST = {302}  # to the page on which its form stands
OF_THE_PORTAL = ("jobs/", "offers/")


def is_of_the_portal(route: str) -> bool:
    return route.startswith(OF_THE_PORTAL)


def visitor_of(route: str) -> str:
    return "helper" if is_of_the_portal(route) else "coordinator"


ROUTES = {str(pattern.name): str(pattern.pattern) for pattern in urlpatterns}


def test_check_has_nothing_to_say(site: Site) -> None:
    assert site.manage("check") == "System check identified no issues (0 silenced)."


def test_check_for_deployment_speaks_of_the_site_alone(site: Site) -> None:
    done = site.run("manage.py", "check", "--deploy")
    whose = set(re.findall(r"\((\w+)\.[EW]\d+\)", done.stderr))
    assert whose - {"mail"} == {"security"}  # Django 6.1 has a word to say about mail that goes into files


@pytest.mark.parametrize("auto_field", [AUTO, BIG_AUTO])
def test_no_migration_is_left_to_make(site: Site, auto_field: str) -> None:
    said = site.manage("makemigrations", "--check", "--dry-run", auto_field=auto_field)
    assert said == "No changes detected"


def test_every_address_answers_whom_it_is_for(site: Site) -> None:
    statuses: dict[str, set[int]] = defaultdict(set)
    for answer in site.answers:
        if answer["who"] == visitor_of(ROUTES[answer["route"]]):
            statuses[answer["route"]].add(answer["status"])
    assert statuses == {name: PAGES.get(name, ONLY_POST) for name in ROUTES}


def test_every_page_stands_in_the_base_template_of_the_site(site: Site) -> None:
    pages = [answer for answer in site.answers if answer["status"] == 200]
    assert {page["route"] for page in pages} == {name for name, statuses in PAGES.items() if 200 in statuses}
    assert [page for page in pages if set(page["counts"].values()) != {1}] == []


def test_addresses_do_not_exist_for_whom_they_are_not(site: Site) -> None:
    others = [
        answer
        for answer in site.answers
        if answer["who"] == "stranger"
        or (answer["who"] == "helper" and not is_of_the_portal(ROUTES[answer["route"]]))
        or (answer["who"] == "coordinator" and is_of_the_portal(ROUTES[answer["route"]]))
    ]
    assert [answer for answer in others if answer["status"] != 404 and answer["route"] not in EVERYBODYS] == []


def test_nobody_is_asked_to_sign_in_by_the_page_of_the_site(site: Site) -> None:
    nobody = [answer for answer in site.answers if answer["who"] == "nobody"]
    assert {answer["route"] for answer in nobody} == set(ROUTES)
    to_sign_in = [a for a in nobody if a["route"] not in ANONYMOUS]
    assert [a for a in to_sign_in if a["goes_to"] != f"{site.kind.sign_in}?next={a['address']}"] == []


def test_addresses_begin_where_the_site_has_mounted_them(site: Site) -> None:
    assert [a for a in site.answers if not a["address"].startswith(site.kind.prefix)] == []


def test_plain_worker_tells_helper_and_coordinator(sites: Callable[[str], Site]) -> None:
    """A site without django-q2 has nobody to nudge: the worker finds what the pages' moves have left."""
    site = sites(OWN_USERS.name)
    assert site.answers != []  # they have looked, and done a few things before
    site.manage("community_help_worker", "--once")
    mails = site.mails()
    assert len([mail for mail in mails if "Subject: An offer: Shopping in Filwood" in mail]) == 1
    assert len([mail for mail in mails if "Subject: Yes please: Shopping in Filwood" in mail]) > 0
    assert [mail for mail in mails if f"https://parish.example{site.kind.prefix}" not in mail] == []
