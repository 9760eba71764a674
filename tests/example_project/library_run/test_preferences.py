"""Who has done a library run is asked first about the next one."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community_help.lifecycle.table import OfferState
from community_help.matching import Moment, Need
from community_help.testing.factories import make_helper, make_job, make_offer_row, make_open_job, make_task_type
from community_help.testing.preferences import assert_keeps_contract
from example_project.library_run.preferences import KnowsTheLibrary

pytestmark = pytest.mark.django_db


def test_knows_the_library_keeps_the_contract() -> None:
    kind = make_task_type("Library run", job_model="library_run.libraryrunjob")
    regular, stranger = make_helper(), make_helper()
    done = make_open_job(task_type=kind)
    make_offer_row(done, regular, state=OfferState.COMPLETED, reported_at=timezone.now())
    assert_keeps_contract(KnowsTheLibrary, jobs=[make_job(task_type=kind), make_job()], helpers=[regular, stranger])


def test_knows_the_library_says_so_of_those_who_do() -> None:
    preferred = KnowsTheLibrary(Moment.of())
    assert [preferred.because(Need(), make_helper(), score) for score in (1.0, 0.0)] == ["has done a library run", ""]
