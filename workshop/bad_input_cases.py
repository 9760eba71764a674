"""What can't be right, typed at the desk or forged: each with the words that it must be answered with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from community_help.services import jobs as job_services
from community_help.services import offers as offer_services
from community_help.services import reports as report_services
from community_help.services.calls import finish_call, save_call
from community_help.testing import factories as make
from workshop.bad_input import Case, Site, skipped_hour
from workshop.bad_input_grid import GRID

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    Ready = Callable[[], None]

NUL, ESCAPE = "milk\x00 and eggs", "eggs\x1b[31m"
UNSEEN = "has a character that can't be kept. Type it again."
GONE = "has an answer that is not on the list any more. Choose again."
NEEDED = "needs an answer."
FASTER = "This has changed since you opened it:"
#: What must still be on the page, whatever else was wrong with it.
TYPED = ("a small brown loaf",)


def _call(title: str, says: str, /, *keeps: str, **typed: Any) -> Case:
    """The call screen with one wrong answer, and everything else as it should be."""

    def send(site: Site, ready: Ready) -> HttpResponse:
        call = site.call
        ready()
        return site.type(call, **site.somebody(**typed))

    return Case(f"call: {title}", send, says, (*TYPED, "7 Throgmorton Road", "0117 496 0555", *keeps))


def _caller(title: str, says: str, /, *keeps: str, **typed: Any) -> Case:
    """The call screen with one wrong answer about the caller."""

    def send(site: Site, ready: Ready) -> HttpResponse:
        call = site.call
        ready()
        return site.type(call, **site.somebody(**typed))

    return Case(f"call: {title}", send, says, keeps if "shopping_list" in typed else (*TYPED, *keeps))


def _change(title: str, says: str, /, *keeps: str, **typed: Any) -> Case:
    """The change of an open job with one wrong answer."""

    def send(site: Site, ready: Ready) -> HttpResponse:
        job = site.job
        ready()
        return site.press("change_job", job, **site.wanted(**typed))

    return Case(f"change: {title}", send, says, (*TYPED, *keeps))


def _press(title: str, button: str, on: str, says: str, /, *keeps: str, **typed: Any) -> Case:
    """One button with one wrong answer."""

    def send(site: Site, ready: Ready) -> HttpResponse:
        about = getattr(site, on)
        ready()
        return site.press(button, about, **typed)

    return Case(f"{button}: {title}", send, says, keeps)


def _after(
    name: str, act: Callable[[Site], Any], send_it: Callable[[Site], HttpResponse], says: str, *keeps: str
) -> Case:
    """Something sent after something else has happened."""

    def send(site: Site, ready: Ready) -> HttpResponse:
        act(site)
        ready()
        return send_it(site)

    return Case(name, send, says, keeps)


def _save_elsewhere(site: Site) -> None:
    save_call(site.call_of_doreen, actor=site.actor, form={"who": ["typed elsewhere"], "window": ["other"]}, saved=1)


CALLS = [
    _caller("no name", f"“Full name” {NEEDED}", "7 Throgmorton Road", name=""),
    _caller("no phone", f"“Phone” {NEEDED}", "7 Throgmorton Road", phone=" "),
    _caller("name too long", "“Full name” is too long: use 150 characters or fewer.", "M" * 151, name="M" * 151),
    _caller("NUL in the name", f"“Full name” {UNSEEN}", "0117 496 0555", name="Mary\x00"),
    _caller("phone too long", "“Phone” is too long", "1" * 41, phone="1" * 41),
    _caller("phone of two digits", "That is not a phone number.", "7 Throgmorton Road", phone="12"),
    _caller("phone in words", "That is not a phone number.", "ring next door", phone="ring next door"),
    _caller("unseen character in the address", f"“Address” {UNSEEN}", "0117 496 0555", address=ESCAPE),
    _call("no area", f"“Area they live in” {NEEDED}", home_area=""),
    _call("forged area of the caller", f"“Area they live in” {GONE}", home_area="9" * 30),
    _call("e-mail that is none", "“E-mail” is not an e-mail address", "not-an-address", email="not-an-address"),
    _call("postcode too long", "“Postcode” is too long", "BS4 1NL BS4 1NL", postcode="BS4 1NL BS4 1NL"),
    _call("forged way of telling", f"“Told how we keep their details” {GONE}", consent_how="\x00"),
    _call("no day", f"“Day” {NEEDED}", day=""),
    _call("31 February", "“Day” is not a date", "31/2/2027", day="31/2/2027"),
    _call(
        "a day that has passed", "That time has passed.", day=(timezone.now() - timedelta(days=3)).date().isoformat()
    ),
    _call("a year that was mistyped", "“Day” is more than a year away.", "2206-03-03", day="2206-03-03"),
    _call("the end of the calendar", "“Day” is more than a year away.", "9999-12-31", day="9999-12-31", timing="on"),
    _call("25 o'clock", "“From” is not a time", "25:00", from_time="25:00"),
    _call("until before from", "“Until” has to be later than “From”.", "13:00", until_time="13:00"),
    _call("an hour that the clocks skip", "the clocks go forward then", "01:30", from_time="01:30", day=skipped_hour()),
    _call("forged timing", f"“When” {GONE}", timing="often"),
    _call("forged urgency", f"“How soon” {GONE}", urgency="now!"),
    _call("nobody wanted", "“Helpers wanted” can't be less than 1.", places="0"),
    _call("a thousand wanted", "“Helpers wanted” can't be more than 20.", "1000", places="1000"),
    _call("places in words", "“Helpers wanted” is not a whole number.", "one or two", places="one or two"),
    _call("minutes below nothing", "“Minutes needed” can't be less than 1.", "-5", minutes="-5"),
    _call("pounds in words", "“Spend at most, pounds” is not a whole number.", "fifteen", spend_limit="fifteen"),
    _call("more pounds than fit", "“Spend at most, pounds” can't be more than", "9" * 20, spend_limit="9" * 20),
    _call("forged payment", f"“How it is paid” {GONE}", payment="card and PIN"),
    _call("forged skill", f"“The helper needs” {GONE}", skills=["9" * 30, "\x00"]),
    _call("forged place", f"“Where” {GONE}", area="-1"),
    _caller("list too long", "“Shopping list” is too long", "e" * 4001, shopping_list="e" * 4001),
    _call("NUL in the details", f"“Anything else for the helper who comes” {UNSEEN}", private_details=NUL),
    _call("two lines in the title", f"“Title” {UNSEEN}", title="Shopping\r\nBcc: everybody@example.org"),
    _after(
        "call: forged kind of job",
        lambda site: site.call,
        lambda site: site.type(site.call, **site.somebody(task_type="9" * 30, asked="\x00")),
        "Choose first what they need.",
        "7 Throgmorton Road",
    ),
    _after(
        "call: nobody is calling",
        lambda site: site.call,
        lambda site: site.type(site.call, **site.wanted()),
        "Say first who is calling",
        *TYPED,
    ),
    _after(
        "call: NUL in the search",
        lambda site: site.call,
        lambda site: site.type(site.call, do="search", **site.wanted(who="0117\x00496")),
        f"“Who is calling?” {UNSEEN}",
        *TYPED,
    ),
    _after(
        "call: two windows",
        _save_elsewhere,
        lambda site: site.post(
            site.url("save_call", site.call), {"saved": 1, "window": "this", "do": "publish", **site.wanted()}
        ),
        f"{FASTER} this call was saved in another window",
        *TYPED,
    ),
    _after(
        "call: published twice",
        lambda site: site.type(site.call_of_doreen, **site.wanted()),
        lambda site: site.post(
            site.url("save_call", site.call), {"saved": 1, "window": "this", "do": "publish", **site.wanted()}
        ),
        f"{FASTER} this call was saved in another window",
        *TYPED,
    ),
    _after(
        "call: more text than it holds",
        lambda site: site.call_of_doreen,
        lambda site: site.type(site.call, do="save", **site.wanted(public_details="e" * 60_000)),
        "That is more text than a call can hold.",
        *TYPED,
        "e" * 60_000,
    ),
]

CHANGES = [
    _change("version that nobody has seen", "This has changed since you opened it.", version="\x00"),
    _change("no place", f"“Where” {NEEDED}", area=""),
    _change("details too long", "“What helpers should know” is too long", "e" * 2001, public_details="e" * 2001),
    _change("unseen character in the title", f"“Title” {UNSEEN}", title="Shop\x07ping"),
    _change("a year that was mistyped", "“Day” is more than a year away.", "2206-03-03", day="2206-03-03"),
    _after(
        "change: fewer places than helpers on it",
        lambda site: (site.on_it, offer_services.ratify_offer(_second(site), actor=site.other)),
        lambda site: site.press("change_job", site.job, **site.wanted(places="1")),
        "2 helpers are on this job already. Stand somebody down first.",
        *TYPED,
    ),
    _after(
        "change: somebody was faster",
        lambda site: job_services.publish_job(site.draft, actor=site.other),
        lambda site: site.post(site.url("change_job", site.draft), {"version": 1, **site.wanted()}),
        f"{FASTER} Leroy published the job",
        *TYPED,
    ),
]

MOVES = [
    _press(
        "reason too long", "cancel_job", "job", "is too long: use 500 characters or fewer.", "w" * 501, why="w" * 501
    ),
    _press("NUL in the reason", "cancel_job", "job", UNSEEN, why=NUL),
    _press("to nobody", "hand_over_job", "job", f"“To whom?” {GONE}", "My shift ends", to="x", why="My shift ends"),
    _press("no reason, a past day", "reopen_job", "expired", f"“Why?” {NEEDED}", timing="by", day="2020-01-01"),
    _press("no reason", "stand_down_offer", "on_it", f"“Why?” {NEEDED}", why=" "),
    _press("NUL in the reason", "record_no_show", "on_it", f"“Why?” {UNSEEN}", why=NUL),
    _press(
        "forged outcome", "report_for", "on_it", f"“How did it go?” {GONE}", "All well", outcome="x", note="All well"
    ),
    _press("a week", "report_for", "on_it", "can't be more than 1440.", "10080", outcome="done", minutes="10080"),
    _press(
        "somebody who is not there",
        "offer_for",
        "job",
        f"“Who said yes?” {GONE}",
        "at four",
        helper="x",
        note="at four",
    ),
    _press(
        "forged outcome",
        "record_call_back",
        "call_back",
        f"“How did it go?” {GONE}",
        "at five",
        outcome="owed",
        note="at five",
    ),
    _after(
        "publish_job: pressed twice",
        lambda site: site.press("publish_job", site.draft),
        lambda site: site.post(site.url("publish_job", site.draft), {"version": 1}),
        f"{FASTER} Ama published the job",
    ),
    _after(
        "cancel_job: pressed twice",
        lambda site: site.press("cancel_job", site.job, why="Her niece came"),
        lambda site: site.post(site.url("cancel_job", site.job), {"version": 1, "why": "Her niece came"}),
        f"{FASTER} Ama cancelled the job",
        "Her niece came",
    ),
    _after(
        "ratify_offer: pressed twice",
        lambda site: site.press("ratify_offer", site.offer),
        lambda site: site.post(site.url("ratify_offer", site.offer), {"version": 1}),
        f"{FASTER} Ama ratified the offer",
    ),
    _after(
        "ratify_offer: taken back meanwhile",
        lambda site: offer_services.withdraw_offer(site.offer, actor=site.tom.person),
        lambda site: site.post(site.url("ratify_offer", site.offer), {"version": 1}),
        f"{FASTER} Tom withdrew the offer",
    ),
    _after(
        "report_for: reported twice",
        lambda site: report_services.make_report(site.on_it, actor=site.other, outcome="done"),
        lambda site: site.press("report_for", site.on_it, outcome="partly", note="All well"),
        "That can't be done now: this job is reported.",
        "All well",
    ),
    _after(
        "save_call: after the end",
        lambda site: finish_call(site.call_of_doreen, actor=site.actor),
        lambda site: site.post(
            site.url("save_call", site.call), {"saved": 1, "window": "this", "do": "publish", **site.wanted()}
        ),
        f"{FASTER} this call was finished",
        *TYPED,
    ),
]


def _second(site: Site) -> Any:
    return make.make_offer_row(site.job, make.make_matching_helper(site.job, "Priya Nair"))


CASES = [*CALLS, *CHANGES, *MOVES, *GRID]
