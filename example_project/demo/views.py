"""The start page with its one-click sign-in, and the mailbox."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from community_help.jobs.job import Job
from community_help.pages import render, surfaces_of
from community_help.people.person import Person
from community_help.people.profiles import Helper, Requester
from example_project.demo.doors import on_this_machine
from example_project.demo.models import Mail

#: Whom one click signs in, and what it is like to be them.
ON_THE_DESK = (
    ("Ama Mensah", "takes the calls, sets up the kinds of job"),
    ("Leroy Campbell", "takes them too"),
    ("Martin Coles", "sees Hartcliffe, Hengrove and Brislington only"),
)
ROUND_THE_CORNER = (
    ("Tom Aldous", "drives, checked, knows Doreen"),
    ("Priya Nair", "on foot, checked, away soon"),
    ("Gloria Bennett", "drives, checked"),
    ("Rosa Delgado", "her check has lapsed"),
    ("Chloe Vickery", "applied, not approved yet"),
)
MAILS_PER_PAGE = 40
#: A mail brings its own styles and pictures, and may do nothing but open links in another window.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
NEW_WINDOW = '<base target="_blank">'


def _accounts() -> QuerySet[Person]:
    return Person.objects.filter(user__isnull=False).select_related("helper").order_by("name")


@on_this_machine
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show who there is to be, and what there is to try."""
    people = {person.name: person for person in _accounts()}
    context = {
        "next": request.GET.get("next", ""),
        "desk": [(people[name], what) for name, what in ON_THE_DESK if name in people],
        "helpers": [(people[name], what) for name, what in ROUND_THE_CORNER if name in people],
        "everybody": [person for person in people.values() if surfaces_of(person)],
        "mails": Mail.objects.count(),
        "counts": {
            "helpers": Helper.objects.count(),
            "requesters": Requester.objects.count(),
            "jobs": Job.objects.non_polymorphic().count(),
        },
    }
    return render(request, "demo/start.html", context)


@on_this_machine
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Be somebody, without a password."""
    people = {str(person.uuid): person for person in _accounts()}
    person = people.get(request.POST.get("person", ""))
    if person is None:
        raise Http404
    login(request, person.user, backend="django.contrib.auth.backends.ModelBackend")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = resolve_url("community_help:home")
    return redirect(target)


@on_this_machine
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """All mails, newest first, or those of one recipient."""
    to = request.GET.get("to", "")
    mails = Mail.objects.defer("raw")
    page = Paginator(mails.filter(recipient=to) if to else mails, MAILS_PER_PAGE).get_page(request.GET.get("page"))
    recipients = Mail.objects.order_by("recipient").values("recipient").annotate(mails=Count("pk"))
    return render(request, "demo/mailbox.html", {"page": page, "recipients": recipients, "to": to})


@on_this_machine
@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as its recipient sees it: the HTML in a frame of its own, and the text beside it."""
    response = render(request, "demo/mail.html", {"mail": get_object_or_404(Mail, pk=pk)})
    if policy := getattr(settings, "SECURE_CSP", None):
        framed = {**policy, "frame-src": ["'self'"]}
        response.headers["Content-Security-Policy"] = "; ".join(f"{name} {' '.join(of)}" for name, of in framed.items())
    return response


@on_this_machine
@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001  a view's signature
    """The HTML part of one mail and nothing else, under a policy of its own."""
    html = get_object_or_404(Mail, pk=pk).html
    html = html.replace("<head>", f"<head>{NEW_WINDOW}", 1) if "<head>" in html else NEW_WINDOW + html
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


__all__ = ["mail", "mail_html", "mailbox", "sign_in", "start"]
