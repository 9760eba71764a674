"""What a browser posts from a job's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from community_help.jobs.job import Job

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from community_help.jobs.offer import Offer


def job_url(job: Job, name: str = "view_job") -> str:
    return reverse(f"community_help:{name}", args=[job.uuid])


def press(client: Client, job: Job, name: str, *, on: Offer | None = None, **typed: Any) -> HttpResponse:
    """Press the button of that name on the job's page as it is now, or on that of an offer."""
    version = Job.objects.non_polymorphic().get(pk=job.pk).version
    url = reverse(f"community_help:{name}", args=[(on or job).uuid])
    return client.post(url, {"version": version, **typed})


def text(response: HttpResponse) -> str:
    return response.content.decode()


def state(job: Job) -> str:
    return Job.objects.non_polymorphic().get(pk=job.pk).state
