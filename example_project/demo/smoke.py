"""The whole story, from the call to the closed job, told to the running demo through HTTP and its worker.

The database and the port are the smoke test's own. Two times are shortened in that database, and the output says so.
"""

from __future__ import annotations

import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from community_help.jobs.job import Job
from community_help.jobs.task_type import TaskType
from community_help.lifecycle.table import JobState, OfferState
from community_help.notifications.notification import Notification, NotificationState
from community_help.people.community import Area, Community, Skill
from community_help.people.person import Person
from community_help.privacy.access_log import AccessLog
from example_project.demo.models import Mail
from example_project.demo.running import Running, running_demo
from example_project.demo.seed.cast import UNKNOWN_NUMBER
from example_project.demo.truth import CANARIES, fitting_addresses, slipped
from example_project.demo.visitor import Page, UnexpectedPageError, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

WAIT_SECONDS = 30


class StoryError(Exception):
    """The story took another turn; the text says which."""


def expect(truth: object, otherwise: str) -> None:
    """Raise StoryError with these words unless it is true."""
    if not truth:
        raise StoryError(otherwise)


@dataclass
class Story:
    """The steps, and what one needs of another."""

    site: str
    ama: Visitor = field(init=False)
    tom: Visitor = field(init=False)
    gloria: Visitor = field(init=False)
    call: Page = field(init=False)
    job: Job = field(init=False)
    offers: dict[str, Page] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Three people, three browsers."""
        self.ama, self.tom, self.gloria = Visitor(self.site), Visitor(self.site), Visitor(self.site)

    def steps(self) -> list[tuple[str, Callable[[], str | None]]]:
        """The story in its order: what happens, and what makes it happen."""
        return [
            ("Ama signs in with one click", self.ama_signs_in),
            (f"the phone rings: {UNKNOWN_NUMBER}, whom nobody knows", self.take_the_call),
            ("the caller is taken down, and an urgent shopping job for a driver is published", self.publish),
            ("exactly the helpers who fit get a mail", self.mails_go_out),
            ("no mail holds a name, a number, an address or a note", self.nothing_slips_out),
            ("Tom follows the link, signs in and offers", self.tom_offers),
            ("Gloria offers too", self.gloria_offers),
            ("Ama ratifies Tom", self.ratify),
            ("Gloria is thanked, Tom is told", self.both_are_told),
            ("Tom sees the number and the address, Gloria does not", self.tom_looks),
            ("Tom notes that he has rung", self.tom_rings),
            ("Tom reports back", self.tom_reports),
            ("the window shuts", self.window_shuts),
            ("Ama closes the job", self.close),
            ("the access log shows who looked", self.log_shows),
        ]

    def ama_signs_in(self) -> None:
        page = self.sign_in(self.ama, "Ama Mensah", self.ama.get("/"))
        expect("Ama" in page.text and page.url.endswith("/desk/"), f"she is at {page.url}")

    def sign_in(self, visitor: Visitor, name: str, page: Page) -> Page:
        return visitor.submit(page, "sign-in", person=str(Person.objects.get(name=name).uuid))

    def take_the_call(self) -> None:
        page = self.ama.submit(self.ama.get("/help/desk/calls/"), "", button="The phone rings")
        page = self.ama.submit(page, "/save/", button="Find", who=UNKNOWN_NUMBER)
        expect("Nobody with that number" in page.text, "the number is known")
        self.call = self.ama.submit(page, "/save/", button="Somebody new")

    def publish(self) -> None:
        kind, car = TaskType.objects.get(slug="shopping"), Skill.objects.get(slug="car")
        filwood = Area.objects.get(name="Filwood")
        page = self.ama.submit(self.call, "/save/", button="Show the questions", task_type=str(kind.pk))
        answers: dict[str, str | list[str]] = {**CANARIES, "home_area": str(filwood.pk), "skills": [str(car.pk)]}
        answers |= {"timing": "asap", "urgency": "urgent", "title": "A few things for today", "minutes": "45"}
        page = self.ama.submit(page, "/save/", button="Publish", **answers)
        expect("Published" in page.text, f"{page.url} ({page.status}) does not say that it is published")
        self.job = Job.objects.get(requester__person__name=CANARIES["name"])
        expect(self.job.state == JobState.OPEN, f"the job is {self.job.state}")

    def mails_go_out(self) -> str:
        wanted = fitting_addresses(self.job)
        expect(len(wanted) > 1, f"only {wanted} fit")
        waiting = Notification.objects.filter(event__job=self.job, state=NotificationState.WAITING)
        self.wait(lambda: self.mails("Urgent") and not waiting.exists(), "the worker has not sent them")
        got = [mail.recipient for mail in self.mails("Urgent")]
        expect(sorted(got) == sorted(wanted), f"mails went to {sorted(got)}, but {sorted(wanted)} fit")
        return ", ".join(sorted(address.partition("@")[0] for address in got))

    def mails(self, subject: str, to: str = "") -> list[Mail]:
        """The mails about this story's job: they hold the link to it, or to an offer for it."""
        keys = [str(self.job.uuid), *map(str, self.job.offers.values_list("uuid", flat=True))]
        mails = Mail.objects.filter(subject__startswith=subject).order_by("pk")
        return [mail for mail in mails if any(key in mail.text for key in keys) and mail.recipient.startswith(to)]

    def nothing_slips_out(self) -> str:
        mails = list(Mail.objects.all())
        for mail in mails:
            expect(not slipped(mail.text + mail.html + mail.raw_text), f"{mail} holds {slipped(mail.text + mail.html)}")
        return f"{len(mails)} mails"

    def follow(self, visitor: Visitor, name: str) -> Page:
        """From the mailbox to the job: the mail's own link, then the sign-in that it asks for."""
        mail = self.mails("Urgent", to=name.lower().replace(" ", "."))[0]
        page = visitor.get(f"/demo/mail/{mail.pk}/")
        path = f"/help/jobs/{self.job.uuid}/"
        expect(f"{self.site}{path}" in page.text, "the mail has no link to the job")
        page = self.sign_in(visitor, name, visitor.get(path))
        expect(urlsplit(page.url).path == path, f"the link leads to {page.url}")
        expect(not slipped(page.text), f"the page shows {slipped(page.text)}")
        return page

    def tom_offers(self) -> None:
        self.offers["Tom"] = self.tom.submit(
            self.follow(self.tom, "Tom Aldous"), "/offer/", note="I go past at three anyway."
        )
        expect("You have offered" in self.offers["Tom"].text, "his offer was not taken")

    def gloria_offers(self) -> None:
        page = self.gloria.submit(self.follow(self.gloria, "Gloria Bennett"), "/offer/", note="Happy to.")
        expect("You have offered" in page.text, "her offer was not taken")

    def ratify(self) -> None:
        page = self.ama.get(f"/help/desk/jobs/{self.job.uuid}/")
        expect("Tom Aldous" in page.text and "Gloria Bennett" in page.text, "the offers are not on the job's page")
        offer = self.job.offers.get(helper__person__name="Tom Aldous")
        self.ama.submit(page, f"/offers/{offer.uuid}/ratify/")
        offer.refresh_from_db()
        expect(offer.state == OfferState.RATIFIED, f"the offer is {offer.state}")

    def both_are_told(self) -> str:
        def told() -> bool:
            return all(self.mails("", to=name)[-1:] != self.mails("Urgent", to=name)[-1:] for name in ("tom", "gloria"))

        self.wait(told, "the worker has not told them")
        expect(not any(slipped(mail.text + mail.html) for mail in self.mails("")), "a mail holds what it must not")
        return " / ".join(self.mails("", to=name)[-1].subject for name in ("gloria", "tom"))

    def offer_path(self, name: str) -> str:
        return f"/help/offers/{self.job.offers.get(helper__person__name=name).uuid}/"

    def tom_looks(self) -> None:
        page = self.tom.get(self.offer_path("Tom Aldous"))
        missing = [name for name, text in CANARIES.items() if text not in page.text]
        expect(not missing, f"his page does not show {missing}")
        for path in (self.offer_path("Tom Aldous"), self.offer_path("Gloria Bennett"), f"/help/jobs/{self.job.uuid}/"):
            page = self.gloria.get(path)
            expect(not slipped(page.text), f"Gloria sees {slipped(page.text)} at {path}")

    def tom_rings(self) -> None:
        self.tom.submit(self.tom.get(self.offer_path("Tom Aldous")), "/contact/")
        offer = self.job.offers.get(helper__person__name="Tom Aldous")
        expect(offer.contacted_at, "it is not noted")

    def tom_reports(self) -> None:
        path = self.offer_path("Tom Aldous")
        page = self.tom.submit(
            self.tom.get(f"{path}report/"), "/report/", outcome="done", note="All well.", minutes="40"
        )
        self.job.refresh_from_db()
        expect(self.job.state == JobState.REPORTED, f"{page.url} ({page.status}): the job is {self.job.state}")

    def window_shuts(self) -> None:
        page = self.tom.get(self.offer_path("Tom Aldous"))
        expect(page.status == 200, f"his page is gone: {page.status}")
        expect(not slipped(page.text), f"he still sees {slipped(page.text)}")

    def close(self) -> None:
        path = f"/help/desk/jobs/{self.job.uuid}/"
        self.ama.submit(self.ama.get(path), "/close/")
        self.job.refresh_from_db()
        expect(self.job.state == JobState.CLOSED, f"the job is {self.job.state}")

    def log_shows(self) -> str:
        rows = AccessLog.objects.filter(subject=self.job.requester.person)
        readers = set(rows.values_list("actor__name", flat=True))
        expect("Tom Aldous" in readers, "Tom's reading is not there")
        expect(readers <= {"Tom Aldous", "Ama Mensah"}, f"{readers} have read")
        shown = {name for row in rows.filter(actor__name="Tom Aldous") for name in row.fields}
        expect({"phone", "address"} <= shown, f"only {shown} is there")
        return f"{rows.count()} readings, by {' and '.join(sorted(readers))}"

    def wait(self, ready: Callable[[], object], otherwise: str) -> None:
        """Look again until it is so."""
        until = time.monotonic() + WAIT_SECONDS
        while not ready():
            expect(time.monotonic() < until, f"{otherwise} in {WAIT_SECONDS} s")
            time.sleep(0.1)


def shorten_times() -> str:
    """Make the waits of the story short, in this database alone; says what was done."""
    community = Community.current()
    community.undo_seconds, community.disclosure_hours_after_report = 1, 0
    community.save()
    return "in this database the undo time is 1 s, and details shut with the report"


def stop(demo: Running) -> str:
    """Stop it as Ctrl-C does, and see that nothing is left."""
    began = time.monotonic()
    code, left = demo.stop(signal.SIGINT)
    expect(code == 0, f"it ended with {code}")
    expect(not left, f"processes {left} are still there")
    return f"nothing is left after {time.monotonic() - began:.1f} s"


def smoke(say: Callable[[str], None]) -> bool:
    """Tell the story; whether it went as it should. One line for each step: its time, what happened."""
    began = step_began = time.monotonic()

    def told(what: str, detail: str | None = "") -> None:
        nonlocal step_began
        now = time.monotonic()
        say(f"{now - step_began:6.1f} s  {what}{f' ({detail})' if detail else ''}")
        step_began = now

    what = "the demo starts with its community"
    with running_demo() as demo:
        try:
            expect(demo.site, "it did not")
            told(what, shorten_times())
            for what, step in Story(demo.site).steps():
                told(what, step())
            what = "the demo stops on Ctrl-C"
            told(what, stop(demo))
        except (StoryError, UnexpectedPageError, IndexError, OSError, subprocess.TimeoutExpired) as error:
            say(f"FAILED: {what}: {error}")
            say(demo.last_complaints())
            return False
    say(f"{time.monotonic() - began:6.1f} s  in all: the story went as it should")
    return True
