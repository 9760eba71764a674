"""A criterion: one reason why a helper may or may not be asked, answered in SQL from both ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from community_help import conf, defaults
from community_help.loading import load_class, unusable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Q
    from django.db.models.expressions import Combinable
    from django_stubs_ext import StrOrPromise

    from community_help.jobs.job import Job
    from community_help.matching.moment import Moment
    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

SETTING = "CRITERIA"


class Criterion(ABC):
    """Base class of criteria. A site names its own in ``COMMUNITY_HELP["CRITERIA"]``.

    A criterion is hard: whoever fails one is not asked. Its two questions are one condition seen from both
    ends, and must agree for every pair. An instance lives for one question; ``moment`` is when it is asked,
    and ``today`` its day, in the community's zone.
    """

    #: The attributes that each must give.
    mandatory: ClassVar[tuple[str, ...]] = ("slug", "label")

    #: **Mandatory.** A short name, unique among the site's criteria.
    slug: ClassVar[str] = ""

    #: **Mandatory.** What holds of a helper who passes, as in a list of reasons: ``_("covers the area")``.
    label: ClassVar[StrOrPromise] = ""

    #: Optional, default ``False``. ``True`` where failing means that somebody could come to harm: it then has no
    #: off switch, can't be waived, and shuts what was already disclosed. Its options can still be filled in.
    safeguarding: ClassVar[bool] = False

    #: Optional, default ``False``. ``True`` where it has no off switch and can't be waived for another reason: it is
    #: the helper's own word, or could not be otherwise.
    fixed: ClassVar[bool] = False

    #: Optional, default ``True``. ``False`` where a community switches it on for the task types that want it.
    on_at_first: ClassVar[bool] = True

    #: Optional, default ``None``. A form whose cleaned data a community fills in for each task type. Every field
    #: needs an ``initial`` value, which stands where the community has said nothing. A choice of rows costs a query for
    #: each kind of job wherever jobs are listed: offer the choices yourself.
    options_form: ClassVar[type[forms.Form] | None] = None

    #: Optional, default ``False``. ``True`` where it is about the place: it is then not asked of what is done by phone.
    about_place: ClassVar[bool] = False

    #: Optional, default none. The job models whose own fields it reads from ``need.job``. That is then the real
    #: instance for jobs of these models; where nobody names the model it may be a base row, without those fields.
    own_fields_of: ClassVar[tuple[type[Job], ...]] = ()

    def __init__(self, moment: Moment, options: Mapping[str, Any] | None = None) -> None:
        """Made by the engine, for one kind of job.

        :param moment: when the question is asked
        :param options: what ``options_form`` cleaned, where the community has said something
        """
        self.moment = moment
        self.today = moment.today
        self.options = {**self.initial_options(), **(options or {})}

    @classmethod
    def can_be_waived(cls) -> bool:
        """Whether a co-ordinator may ask somebody anyway, and a community may switch it off."""
        return not (cls.safeguarding or cls.fixed)

    @classmethod
    def initial_options(cls) -> dict[str, Any]:
        """What stands where the community has said nothing."""
        fields = cls.option_fields().items()
        return {name: field.initial() if callable(field.initial) else field.initial for name, field in fields}

    @classmethod
    def option_fields(cls) -> Mapping[str, forms.Field]:
        """The fields of ``options_form``: of one that sets them up as it is made, as it sets them up now."""
        form = cls.options_form
        if form is None:
            return {}
        return form.base_fields if form.__init__ is forms.BaseForm.__init__ else form().fields

    @abstractmethod
    def helpers_for(self, need: Need) -> Q:
        """**Mandatory.** The condition over ``Helper`` that holds for those who pass.

        Builds and asks nothing: no query runs here. ``Q()`` lets everybody pass: answer it where the need has
        not said yet (``need.area is None``) what the criterion wants to know. Write
        ``Q(pk__in=<subquery that selects helpers' ids>)``: it is the quickest shape, and finds nobody twice as a
        condition that joins may.
        """

    @abstractmethod
    def jobs_for(self, helper: Helper) -> Q:
        """**Mandatory.** The condition over ``Job`` (base rows) that holds for the jobs that this helper passes for.

        Builds and asks nothing, and finds each job once, as above. Begin from ``helper.pk`` and let the database look
        at the rest: the object may be older than the rows. It is asked of Django's own querysets: a job model is
        ``Q(pk__in=LiftJob.objects.non_polymorphic().values("pk"))`` there, and not polymorphic's ``instance_of``.
        """

    def asks(self, need: Need) -> str:  # noqa: ARG002  for those who override it
        """Optional. What this need asks of a helper, in a few words («needs a car»); by default the label."""
        return str(self.label)

    def facts(self, need: Need) -> Mapping[str, Combinable]:  # noqa: ARG002  as above
        """Optional. Columns that :meth:`because` wants to read, over ``Helper``; by default none.

        They are read in the one query that explains, and become attributes of the helper given to
        :meth:`because`. Begin their names with the slug, so that no two criteria use the same.
        """
        return {}

    def tells(self, need: Need, helper: Helper) -> bool:  # noqa: ARG002  as above
        """Optional. Whether passing is a reason worth giving; by default not of what can't be waived.

        :param helper: as for :meth:`because`
        """
        return self.can_be_waived()

    def ripples(self, need: Need) -> bool:  # noqa: ARG002  as above
        """Optional, default ``True``. Whether failing it later is something to decide about what is agreed already.

        ``False`` where it is about being asked only. Pairs of buddies are asked about with a need of which nothing
        but the requester is known.
        """
        return True

    def shuts(self, need: Need, helper: Helper) -> bool:  # noqa: ARG002  as above
        """Optional. Whether failing it shuts what was already disclosed; by default where it is about safety.

        :param helper: as for :meth:`because`; one who fails
        """
        return self.safeguarding

    def because(self, need: Need, helper: Helper, holds: bool) -> str:  # noqa: ARG002, FBT001  as above; always given
        """Optional. Why, in one plain sentence without a full stop («covers Filwood»); by default from the label.

        :param helper: with its person, and with what :meth:`facts` asked for
        :param holds: whether the helper passes
        """
        return str(self.label) if holds else _("%(label)s: no") % {"label": self.label}


def load(paths: Sequence[str] | None = None) -> list[type[Criterion]]:
    """The criteria's classes, in their order.

    :param paths: dotted paths; by default those of ``COMMUNITY_HELP["CRITERIA"]``

    Raises :class:`~community_help.exceptions.ConfigurationError`, with the path in it, where one can't be used or
    one of the package's that has no off switch is left out. A subclass that has none either may stand in for it.
    """
    return list(_loaded(tuple(conf.get(SETTING) if paths is None else paths)))


@cache
def _loaded(paths: tuple[str, ...]) -> tuple[type[Criterion], ...]:
    """As :func:`load`: each question asks for them, and the same paths are the same classes."""
    classes: list[type[Criterion]] = []
    slugs: dict[str, str] = {}
    for path in paths:
        criterion = load_class(path, Criterion, setting=SETTING)  # type: ignore[type-abstract]  # a base to ask about
        if criterion.slug in slugs:
            why = f"its slug «{criterion.slug}» is also that of {slugs[criterion.slug]}"
            raise unusable(path, why, setting=SETTING)
        slugs[criterion.slug] = path
        classes.append(criterion)
    for path in defaults.CRITERIA:
        ours = load_class(path, Criterion, setting=SETTING)  # type: ignore[type-abstract]  # the same
        if not ours.can_be_waived():
            _refuse_without(ours, path, classes)
    return tuple(classes)


def _refuse_without(ours: type[Criterion], path: str, classes: Sequence[type[Criterion]]) -> None:
    """What a community can't switch off, a site can't leave out, nor put something in its place that is laxer."""
    what = "a safeguarding criterion" if ours.safeguarding else "this criterion"
    standing_in = [given for given in classes if issubclass(given, ours)]
    if not standing_in:
        raise unusable(path, f"it is left out, and {what} has no off switch", setting=SETTING)
    for given in standing_in:
        if given.can_be_waived() or given.safeguarding < ours.safeguarding:
            why = f"{given.__name__} stands in for it and could be switched off or waived; {what} can't be"
            raise unusable(path, why, setting=SETTING)
