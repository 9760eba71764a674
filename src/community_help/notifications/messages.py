"""From a notification to the words: text and HTML of one message, in its reader's language.

Templates are given plain words about the job (:class:`JobFacts`) and never the job itself: what is not in
there can't get into a mail, whoever writes the template.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community_help import conf, plain_times
from community_help.exceptions import ConfigurationError
from community_help.jobs.task_type import ALERTING
from community_help.notifications.kinds import TO_COORDINATORS, Kind
from community_help.notifications.notifiers.notifier import Message

if TYPE_CHECKING:
    from datetime import datetime

    from community_help.jobs.job import Job
    from community_help.notifications.briefing import Briefing
    from community_help.notifications.notification import Notification
    from community_help.people.community import Community

_STRIP = "community_help/mail/strip.png"
#: There is nothing more to see of the job: the message leads to the others.
_LEADS_ON = frozenset({Kind.JOB_FILLED, Kind.JOB_CANCELLED})


@dataclass(frozen=True)
class JobFacts:
    """What a mail may say about a job: kind, area, time and urgency, in plain words, and where to look.

    The title that helpers see is not among them: somebody typed it, and it may hold a name.
    """

    name: str
    what: str
    where: str
    when: str
    how_soon: str
    urgent: bool
    url: str = ""
    reasons: tuple[str, ...] = ()

    @classmethod
    def of(cls, job: Job, *, community: Community, now: datetime, url: str = "", reasons: tuple[str, ...] = ()) -> Self:
        """The facts of one job, in the language that is active."""
        what, where = job.task_type.name, job.area.name
        name = _("%(what)s in %(where)s") % {"what": what, "where": where}
        if job.task_type.by_phone:
            where, name = _("by phone"), _("%(what)s by phone") % {"what": what}
        return cls(
            name=name,
            what=what,
            where=where,
            when=plain_times.when_words(
                job.timing, job.earliest, job.latest, zone=community.zone, now=now, relative=False
            ),
            how_soon=_word(job.get_urgency_display()),
            urgent=job.urgency in ALERTING,
            url=url,
            reasons=reasons,
        )


def _word(label: str) -> str:
    """The word of an urgency without its explanation, which is true on the day it was written: «urgent: today»."""
    return plain_times.sentence(label.partition(":")[0])


def base_url() -> str:
    """Where the site is, without a slash at the end: mails hold absolute links.

    Raises :class:`~community_help.exceptions.ConfigurationError` when ``COMMUNITY_HELP["BASE_URL"]`` is missing.
    """
    url = str(conf.get("BASE_URL")).rstrip("/")
    if not urlsplit(url).hostname:
        raise ConfigurationError(
            _("COMMUNITY_HELP['BASE_URL'] must be the site's address, such as https://help.example: mails link to it.")
        )
    return url


def compose(
    notification: Notification, briefing: Briefing, *, community: Community, now: datetime | None = None
) -> Message:
    """Render the message for its recipient.

    :param now: the moment that times are told from
    """
    recipient = notification.recipient
    if recipient is None:
        raise ValueError("an announcement is not a message")
    now = now or timezone.now()
    site = base_url()
    with translation.override(recipient.language), timezone.override(community.zone):
        url = _url(notification, briefing)
        context: dict[str, Any] = {
            "community": community,
            "recipient_name": recipient.known_as,
            "base_url": site,
            "strip_url": _strip_url(site),
            "url": url,
            "now": now,
            "zone": community.zone,
            "job": None,
            "asked_anyway": briefing.asked_anyway,
            "in_spite": briefing.in_spite,
            "due_on": date_format(briefing.due_on, "j F Y") if briefing.due_on else "",
            "news": [
                JobFacts.of(item.job, community=community, now=now, url=_job_url(item.job), reasons=item.reasons)
                for item in briefing.news
            ],
        }
        if briefing.job is not None:
            reasons = briefing.news[0].reasons if briefing.news else ()
            context["job"] = JobFacts.of(briefing.job, community=community, now=now, url=url, reasons=reasons)
        subject = _one_line(_render(notification.kind, "subject.txt", context))
        context["subject"] = subject
        return Message(
            key=notification.key,
            kind=notification.kind,
            subject=subject,
            text=_spaced(_render(notification.kind, "txt", context)),
            html=_render(notification.kind, "html", context),
            url=url,
            site=urlsplit(site).hostname or "",
            sender=_one_line(community.name),
            reply_to=_one_line(community.email),
        )


def _render(kind: str, suffix: str, context: dict[str, Any]) -> str:
    return render_to_string(f"community_help/email/{kind}.{suffix}", context)


def _spaced(text: str) -> str:
    """One empty line where a template left several."""
    return re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n"


def _one_line(text: str) -> str:
    """Nothing that could begin a new header."""
    return " ".join(text.split())


def _url(notification: Notification, briefing: Briefing) -> str:
    job, offer = briefing.job, briefing.offer
    if notification.kind == Kind.HELPER_CHECK_DUE:
        return f"{_absolute('desk')}#checks"
    if job is None or notification.kind in _LEADS_ON:
        return _absolute("jobs_for_me")
    if notification.kind in TO_COORDINATORS:
        return _absolute("view_job", job.uuid)
    if offer is not None and offer.helper_id == notification.recipient_id and notification.kind != Kind.JOB_ALERT:
        return _absolute("view_offer", offer.uuid)
    return _job_url(job)


def _job_url(job: Job) -> str:
    return _absolute("view_open_job", job.uuid)


def _absolute(name: str, *arguments: object) -> str:
    return base_url() + reverse(f"community_help:{name}", args=arguments)


def _strip_url(site: str) -> str:
    """The picture over the mail; "" where the site's static files do not have it: it is an ornament."""
    try:
        return urljoin(f"{site}/", static(_STRIP))
    except ValueError:  # a manifest that was made before the package was updated
        return ""
