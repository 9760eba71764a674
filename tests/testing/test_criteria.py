"""The contract test itself: it lets a good criterion pass and says what is wrong with a bad one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django import forms
from django.db.models import Count, Exists, OuterRef, Q

from community_help.jobs.bundled import LiftJob
from community_help.matching import Criterion, Need
from community_help.people.profiles import Helper
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import make_area, make_helper, make_job, make_task_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models.expressions import Combinable

    from community_help.jobs.job import Job

pytestmark = pytest.mark.django_db

_Covers = Helper.areas.through


class SmallCar(Criterion):
    """Good: reads a field of a job model of its own, from both ends."""

    slug = "small_car"
    label = "has seats enough"
    own_fields_of = (LiftJob,)

    def helpers_for(self, need: Need) -> Q:
        if isinstance(need.job, LiftJob) and need.job.passengers > 3:
            return Q(wants_alerts=True)
        return Q()

    def jobs_for(self, helper: Helper) -> Q:
        many = Q(pk__in=LiftJob.objects.non_polymorphic().filter(passengers__gt=3).values("pk"))
        return ~many | Q(Exists(Helper.objects.filter(pk=helper.pk, wants_alerts=True)))


class Covers(Criterion):
    """Good, and the begin of those that break one promise each."""

    slug = "covers"
    label = "covers the area"

    def helpers_for(self, need: Need) -> Q:
        return Q() if need.area is None else Q(pk__in=_Covers.objects.filter(area_id=need.area.pk).values("helper_id"))

    def jobs_for(self, helper: Helper) -> Q:
        return Q(area_id__in=_Covers.objects.filter(helper_id=helper.pk).values("area_id"))


class AsksWhileBuilding(Covers):
    def helpers_for(self, need: Need) -> Q:
        ids = list(_Covers.objects.filter(area=need.area).values_list("helper_id", flat=True))
        return Q(pk__in=ids)


class AsksWhileBuildingTheOtherWay(Covers):
    def jobs_for(self, helper: Helper) -> Q:
        return Q(area_id__in=[area.pk for area in helper.areas.all()])


class AsksForAName(Covers):
    def helpers_for(self, need: Need) -> Q:
        if need.job is not None and need.job.requester.person.name == "Nobody":
            return Q(pk__in=[])
        return super().helpers_for(need)


class AnswersWithAList(Covers):
    def helpers_for(self, need: Need) -> Any:
        return [1, 2, 3]


class AnswersWithAQuerySet(Covers):
    def jobs_for(self, helper: Helper) -> Any:
        return _Covers.objects.filter(helper_id=helper.pk)


class OneWayOnly(Covers):
    def jobs_for(self, helper: Helper) -> Q:
        return Q()


class OtherWayOnly(Covers):
    def helpers_for(self, need: Need) -> Q:
        return Q()


class NeedsASavedJob(Covers):
    def helpers_for(self, need: Need) -> Q:
        return super().helpers_for(need) & Q(Exists(Helper.objects.filter(pk=OuterRef("pk"), areas__jobs=need.job.pk)))  # type: ignore[union-attr]


class NeedsTheJobItself(Covers):
    def helpers_for(self, need: Need) -> Q:
        return Q() if need.area is None else Q(areas=need.job.area_id)  # type: ignore[union-attr]


class ForgetsTheUnsaved(Covers):
    def helpers_for(self, need: Need) -> Q:
        if need.job is not None and need.job.pk is None:
            return Q()
        return super().helpers_for(need)


class NeedsAnArea(Covers):
    def helpers_for(self, need: Need) -> Q:
        return Q(areas=need.area.pk)  # type: ignore[union-attr]


class SaysNothing(Covers):
    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        return ""


class SaysByAsking(Covers):
    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        return f"covers {helper.areas.count()} areas"


class SpeaksPolymorphic(Covers):
    def jobs_for(self, helper: Helper) -> Q:
        return Q(not_instance_of=LiftJob) & super().jobs_for(helper)


class TellsByAsking(Covers):
    def tells(self, need: Need, helper: Helper) -> bool:
        return helper.areas.exists()


class SaysFromFacts(Covers):
    """Good: what it says was read with the verdict."""

    def facts(self, need: Need) -> Mapping[str, Combinable]:
        return {"covers_any": Exists(_Covers.objects.filter(helper_id=OuterRef("pk")))}

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        return "covers some area" if vars(helper)["covers_any"] else "covers no area"


class FindsHelpersTwice(Covers):
    """A helper with two areas, for a job in one of them: the join brings a row for each."""

    def helpers_for(self, need: Need) -> Q:
        return Q() if need.area is None else Q(areas__active=True, areas__helpers__areas=need.area.pk)


class FindsJobsTwice(Covers):
    def jobs_for(self, helper: Helper) -> Q:
        return Q(area__helpers=helper.pk, area__helpers__areas__active=True)


class ReadsTheHelper(Covers):
    def helpers_for(self, need: Need) -> Q:
        return super().helpers_for(need) & Q(wants_alerts=True)

    def jobs_for(self, helper: Helper) -> Q:
        return super().jobs_for(helper) if helper.wants_alerts else Q(pk__in=[])


class NoSuchColumn(Covers):
    def helpers_for(self, need: Need) -> Q:
        return Q(is_keen=True)


class FactsOverAColumn(Covers):
    def facts(self, need: Need) -> Mapping[str, Combinable]:
        return {"state": Exists(_Covers.objects.filter(helper_id=OuterRef("pk")))}


class SmallCarForgotten(SmallCar):
    """The same without a word about the job model that it reads: a list's base rows look like cars for few."""

    own_fields_of = ()


class AsksForNothing(Covers):
    def asks(self, need: Need) -> Any:
        return None


class Nameless(Covers):
    slug = ""


class HowManyAreas(forms.Form):
    areas = forms.IntegerField(initial=1, max_value=2)


class KnowsItsWay(Covers):
    """Good: how many areas a helper must cover is for the community to say."""

    options_form = HowManyAreas

    def helpers_for(self, need: Need) -> Q:
        many = _Covers.objects.values("helper_id").annotate(n=Count("pk")).filter(n__gte=self.options["areas"])
        return Q(pk__in=many.values("helper_id"))

    def jobs_for(self, helper: Helper) -> Q:
        return Q(Exists(Helper.objects.filter(self.helpers_for(Need()), pk=helper.pk)))


class BeginsWrong(KnowsItsWay):
    class options_form(HowManyAreas):  # noqa: N801  the attribute's name
        areas = forms.IntegerField(max_value=2)


@pytest.fixture
def rows() -> dict[str, Any]:
    areas = [make_area(), make_area()]
    timid = make_helper(areas=areas[:1])
    Helper.objects.filter(pk=timid.pk).update(wants_alerts=False)
    return {
        "jobs": [make_job(area=area) for area in areas],
        "helpers": [make_helper(areas=areas[:1]), make_helper(areas=areas), make_helper(), timid],
    }


@pytest.mark.parametrize("good", [Covers, SaysFromFacts])
def test_contract_of_a_good_criterion(good: type[Criterion], rows: dict[str, Any]) -> None:
    assert_keeps_contract(good, **rows)


@pytest.mark.parametrize("options", [None, {"areas": "2"}])
def test_contract_with_options(options: dict[str, Any] | None, rows: dict[str, Any]) -> None:
    assert_keeps_contract(KnowsItsWay, **rows, options=options)
    [asha] = rows["helpers"][1:2]  # two areas
    with pytest.raises(AssertionError, match="2 of 2 pairs pass"):
        assert_keeps_contract(KnowsItsWay, jobs=rows["jobs"], helpers=[asha], options=options)
    [tom] = rows["helpers"][:1]  # one area
    with pytest.raises(AssertionError, match=f"{0 if options else 2} of 2 pairs pass"):
        assert_keeps_contract(KnowsItsWay, jobs=rows["jobs"], helpers=[tom], options=options)


@pytest.mark.parametrize(
    ("criterion", "options", "promise"),
    [
        (KnowsItsWay, {"areas": "many"}, "KnowsItsWay: its form refuses these options: .*areas"),
        (KnowsItsWay, {"regions": "1"}, "KnowsItsWay: its form refuses these options: .*areas"),
        (BeginsWrong, {"areas": "1"}, "BeginsWrong: nothing stands at first for areas"),
        (Covers, {"areas": "1"}, "Covers: it has no options_form, and takes no options"),
    ],
)
def test_contract_with_options_that_can_not_be(
    criterion: type[Criterion], options: dict[str, Any], promise: str, rows: dict[str, Any]
) -> None:
    with pytest.raises(AssertionError, match=promise):
        assert_keeps_contract(criterion, **rows, options=options)


@pytest.fixture
def cars() -> dict[str, Any]:
    lift = make_task_type("Lift", job_model="community_help.liftjob")
    jobs: list[Job] = [make_job(task_type=lift, passengers=many) for many in (1, 5)]
    timid = make_helper()
    Helper.objects.filter(pk=timid.pk).update(wants_alerts=False)
    return {"jobs": [*jobs, make_job()], "helpers": [make_helper(), timid]}


def test_contract_of_a_criterion_that_reads_fields_of_its_own(cars: dict[str, Any]) -> None:
    assert_keeps_contract(SmallCar, **cars)


def test_contract_of_a_criterion_that_does_not_say_which_fields_it_reads(cars: dict[str, Any]) -> None:
    promise = "has other helpers when it comes from a list, as a base row: name its job model in own_fields_of"
    with pytest.raises(AssertionError, match=promise):
        assert_keeps_contract(SmallCarForgotten, **cars)


@pytest.mark.parametrize(
    ("bad", "promise"),
    [
        (AsksWhileBuilding, r"AsksWhileBuilding: helpers_for\(a need\) asks the database: SELECT"),
        (AsksWhileBuildingTheOtherWay, r"jobs_for\(helper\) asks the database: SELECT"),
        (AsksForAName, r"helpers_for\(a need\) asks the database: SELECT"),
        (AnswersWithAList, r"helpers_for\(a need\) answers with list, not with a condition"),
        (AnswersWithAQuerySet, r"jobs_for\(helper\) answers with QuerySet, not with a condition"),
        (OneWayOnly, "the two directions disagree about .* and .*: only jobs_for lets the pair pass"),
        (OtherWayOnly, "the two directions disagree about .* and .*: only helpers_for lets the pair pass"),
        (FindsHelpersTwice, r"helpers_for\(a need\) finds the same row twice: write Q\(pk__in=<subquery>\)"),
        (FindsJobsTwice, r"jobs_for\(helper\) finds the same row twice"),
        (ReadsTheHelper, r"jobs_for\(helper\) reads the object, which may be old: begin from helper.pk"),
        (NoSuchColumn, r"helpers_for\(a need\) can't be asked of the database: Cannot resolve keyword 'is_keen'"),
        (FactsOverAColumn, r"facts\(need\) can't be asked of the database: The annotation 'state' conflicts"),
        (NeedsASavedJob, r"helpers_for\(a need of which nothing is known\) fails: AttributeError"),
        (NeedsTheJobItself, r"helpers_for\(a need without a job\) fails: AttributeError"),
        (ForgetsTheUnsaved, "has other helpers before it is saved than after"),
        (NeedsAnArea, r"helpers_for\(a need of which nothing is known\) fails: AttributeError"),
        (SaysNothing, r"because\(need, helper, (True|False)\) answers with '', not with words"),
        (SaysByAsking, r"because\(need, helper, (True|False)\) asks the database: SELECT"),
        (TellsByAsking, r"tells\(need, helper\) asks the database: SELECT"),
        (
            SpeaksPolymorphic,
            "can't be asked of the database: Cannot resolve keyword 'not_instance_of'",
        ),
        (AsksForNothing, r"asks\(need\) answers with None, not with words"),
        (Nameless, "Nameless can't be used: it needs a slug and a label"),
        (Criterion, "Criterion can't be used: it does not define helpers_for, jobs_for"),
        (Helper, "Helper can't be used: it is not a subclass"),
    ],
)
def test_contract_of_a_criterion_that_breaks_one_promise(bad: Any, promise: str, rows: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match=promise):
        assert_keeps_contract(bad, **rows)


def test_contract_with_rows_that_prove_nothing(rows: dict[str, Any]) -> None:
    for helpers, figure in ((rows["helpers"][1:2], "2 of 2"), (rows["helpers"][2:3], "0 of 2")):
        with pytest.raises(AssertionError, match=f"{figure} pairs pass, and these rows prove nothing"):
            assert_keeps_contract(Covers, jobs=rows["jobs"], helpers=helpers)
