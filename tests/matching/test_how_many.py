"""A count behind a fence says what the plain count says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.db.models.lookups import GreaterThan
from django.test.utils import CaptureQueriesContext

from community_help.matching import Need
from community_help.matching.engine import conditions_for, meeting_all
from community_help.matching.how_many import how_many
from community_help.people.profiles import Helper
from community_help.testing.factories import make_area, make_helper, make_matching_helper, make_open_job

pytestmark = pytest.mark.django_db

_Covers = Helper.areas.through


@pytest.fixture
def helpers() -> list[Helper]:
    here, elsewhere = make_area(), make_area()
    found = [make_helper(areas=areas) for areas in ([here], [here, elsewhere], [elsewhere], [])]
    Helper.objects.filter(pk=found[0].pk).update(most_jobs=1)
    return found


def conditions(helpers: list[Helper]) -> dict[str, tuple[int, list[Q]]]:
    """Name → how many of four helpers meet them, and the conditions."""
    here, elsewhere = helpers[1].areas.order_by("pk")
    on_the_list = Q(pk__in=_Covers.objects.filter(area_id=here.pk).values("helper_id"))
    looked_up = Q(Exists(_Covers.objects.filter(helper_id=OuterRef("pk"), area_id=elsewhere.pk)))
    return {
        "none": (4, []),
        "nothing asked": (4, [Q(), Q()]),
        "a list": (2, [on_the_list]),
        "one by one": (2, [looked_up]),
        "both": (1, [on_the_list, ~looked_up]),
        "two columns": (1, [on_the_list, Q(person_id__gte=F("most_jobs"))]),
        "joined": (1, [Q(areas=here), looked_up]),
        "joined one by one": (2, [on_the_list, Q(areas__gte=F("person_id") - F("person_id"))]),
        "nobody": (0, [Q(pk__in=[]), looked_up]),
        "nobody one by one": (0, [on_the_list, looked_up & Q(pk__in=[])]),
        "everybody one by one": (2, [on_the_list, looked_up | ~Q(pk__in=[])]),
        "windowed": (3, [Q(GreaterThan(Window(RowNumber(), order_by="pk"), 1))]),
    }


def test_count_is_that_of_the_plain_filters(helpers: list[Helper]) -> None:
    rows = Helper.objects.all()
    for name, (number, made) in conditions(helpers).items():
        assert how_many(rows, made) == meeting_all(rows, made).count() == number, name
        fewer = rows.exclude(pk=helpers[1].pk)
        assert how_many(fewer, made) == meeting_all(fewer, made).count(), name


def test_count_is_one_query(helpers: list[Helper]) -> None:
    _number, made = conditions(helpers)["both"]
    with CaptureQueriesContext(connection) as asked:
        how_many(Helper.objects.all(), made)
    assert len(asked) == 1


def test_job_is_asked_behind_a_fence_where_it_is_quicker() -> None:
    job = make_open_job()
    make_matching_helper(job)
    made: list[Any] = [condition for _criterion, condition in conditions_for(Need.of(job)).conditions]
    with CaptureQueriesContext(connection) as asked:
        assert how_many(Helper.objects.all(), made) == 1
    fenced = " OFFSET 0) " in asked[0]["sql"]
    assert fenced is (connection.vendor == "postgresql")
