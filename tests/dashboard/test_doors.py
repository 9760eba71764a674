"""Nobody gets in who may not, and what is not theirs is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from community_help.dashboard.urls import urlpatterns
from community_help.jobs.call_back import CallBack
from community_help.jobs.decision import Decision
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import Action
from community_help.notifications.notification import Notification
from community_help.people.roles import Role
from community_help.services.calls import start_call
from community_help.testing import factories as make
from tests.services.scene import job_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from community_help.people.person import Person

ROUTES = {pattern.name: pattern for pattern in urlpatterns}
READ = {"desk", "list_jobs", "take_call", "view_call", "view_job", "view_supply", "change_job"}
WRITE = set(ROUTES) - READ | {"take_call", "change_job"}
ABOUT_AN_OBJECT = {name for name, pattern in ROUTES.items() if "<" in str(pattern.pattern)}


def address(
    pattern: URLPattern,
    *,
    offer: Offer,
    event: Event,
    call_back: CallBack,
    call: object,
    decision: Decision,
    lost: Notification,
) -> str:
    """The route to these."""
    route = str(pattern.pattern)
    things = {"calls/": call, "offers/": offer, "decisions/": decision}
    about = next((thing for part, thing in things.items() if part in route), offer.job)
    values = {
        "uuid": about.uuid,  # type: ignore[attr-defined]
        "person": offer.job.requester.person.uuid,
        "event": event.pk,
        "pk": call_back.pk,
        "key": lost.key,
    }
    return reverse(f"community_help:{pattern.name}", kwargs={name: values[name] for name in pattern.pattern.converters})


@pytest.fixture
def addresses(ama: Person) -> dict[str, str]:
    """Where each route leads to something that is there, and that Ama may see."""
    offer = job_in("open", Action.RATIFY_OFFER).offer
    assert offer is not None
    event = Event.objects.create(kind=Action.PUBLISH_JOB, job=offer.job, actor=ama)
    call_back = CallBack.objects.create(requester=offer.requester, job=offer.job, event=event, reason="changed")
    call = start_call(actor=ama)
    decision = Decision.objects.create(
        offer=offer, helper=offer.helper, requester=offer.requester, opening=1, criterion="area", because="far away"
    )
    lost = Notification.objects.create(
        event=event, kind="offer_ratified", recipient=offer.helper.person, state="dead", finished_at=timezone.now()
    )
    about = {"offer": offer, "event": event, "call_back": call_back, "call": call, "decision": decision, "lost": lost}
    return {name: address(pattern, **about) for name, pattern in ROUTES.items()}


def statuses(client: Client, addresses: dict[str, str], names: set[str], *methods: str) -> dict[str, set[int]]:
    """Name of the route → what it answers; nothing may have changed by it."""
    rows = [Job.objects.values_list("version", "state").get(), Offer.objects.values_list("state").get()]
    found = {name: {getattr(client, method)(addresses[name]).status_code for method in methods} for name in names}
    assert [Job.objects.values_list("version", "state").get(), Offer.objects.values_list("state").get()] == rows
    return found


def test_nobody_is_sent_to_sign_in(addresses: dict[str, str]) -> None:
    for url in addresses.values():
        for method in ("get", "post"):
            response = getattr(Client(), method)(url)
            assert (response.status_code, response.url.partition("?")[0]) == (302, "/accounts/login/")


def test_helper_finds_no_desk(addresses: dict[str, str], sign_in: Callable[[Person], Client]) -> None:
    client = sign_in(make.make_helper("Tom Other").person)
    assert statuses(client, addresses, set(ROUTES), "get", "post") == {name: {404} for name in ROUTES}


def test_coordinator_of_another_area_finds_nothing(
    addresses: dict[str, str], sign_in: Callable[[Person], Client]
) -> None:
    client = sign_in(make.make_coordinator("Leroy Grant", areas=[make.make_area("Elsewhere")]))
    read, write = READ & ABOUT_AN_OBJECT, WRITE & ABOUT_AN_OBJECT
    assert statuses(client, addresses, read, "get") == {name: {404} for name in read}
    assert statuses(client, addresses, write, "post") == {name: {404} for name in write}


@pytest.mark.usefixtures("addresses")
def test_what_is_not_there_is_not_found(desk: Client) -> None:
    values = {"uuid": uuid4(), "person": uuid4(), "key": uuid4(), "event": 10**18, "pk": 10**30}
    nowhere = {
        name: reverse(f"community_help:{name}", kwargs={key: values[key] for key in ROUTES[name].pattern.converters})
        for name in ABOUT_AN_OBJECT
    }
    read, write = READ & ABOUT_AN_OBJECT, WRITE & ABOUT_AN_OBJECT
    assert statuses(desk, nowhere, read, "get") == {name: {404} for name in read}
    assert statuses(desk, nowhere, write, "post") == {name: {404} for name in write}


@pytest.mark.slow
def test_nothing_is_done_by_looking_but_the_page_of_it_is_shown(addresses: dict[str, str], desk: Client) -> None:
    names = set(ROUTES) - READ
    assert statuses(desk, addresses, names, "get") == {name: {302} for name in names}
    leads = {name: desk.get(addresses[name]).url for name in names}
    expected = {
        name: {"calls": addresses["view_call"], "jobs": addresses["view_job"]}.get(url.split("/")[3], "/help/desk/")
        for name, url in addresses.items()
        if name in names
    }
    assert leads == expected
    assert {desk.get(url).status_code for url in leads.values()} == {200}


def test_other_ways_of_asking_are_not_known(addresses: dict[str, str], desk: Client) -> None:
    assert {desk.put(addresses[name]).status_code for name in set(ROUTES) - READ} == {405}


def test_pages_are_kept_by_no_cache(addresses: dict[str, str], desk: Client) -> None:
    for name in READ:
        response = desk.get(addresses[name])
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.django_db
@pytest.mark.parametrize("as_whom", ["helper", "requester"])
def test_coordinator_finds_no_desk_page_of_a_job_elsewhere_that_is_theirs_otherwise(
    sign_in: Callable[[Person], Client], as_whom: str
) -> None:
    job = make.make_open_job(area=make.make_area("Hartcliffe"))
    person = make.make_matching_helper(job).person if as_whom == "helper" else job.requester.person
    person.user = person.user or make.make_user()
    person.save()
    make.grant_directly(person, Role.COORDINATOR, areas=[make.make_area("Filwood")])
    client = sign_in(person)
    for name in ("view_job", "change_job"):
        assert client.get(reverse(f"community_help:{name}", args=[job.uuid])).status_code == 404
    for name in ("desk", "list_jobs"):
        assert str(job.uuid) not in client.get(reverse(f"community_help:{name}")).content.decode()
