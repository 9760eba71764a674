"""Tags for our templates: elements, icons, and times in plain words.

`{% element "button" label=_("Publish") %}` renders `community_help/elements/button.html` with exactly the named values;
each element's template says which it takes. `{% elementblock "notice" %}…{% endelementblock %}` passes what it encloses
as `slot`. A site restyles an element by shipping a template of the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from community_help import plain_times

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from django.template import Context
    from django.template.base import Template

register = template.Library()

#: What an element sees of the page besides its own values.
SHARED = ("request", "csrf_token", "messages", "community", "actor", "zone", "now")

#: Where a page's render context keeps the templates that `once` has included.
_ONCE = "community_help_once"


class Timed(Protocol):
    """A job, or anything else with a time as it was asked for."""

    timing: str
    earliest: datetime | None
    latest: datetime | None


def _include(context: Context, template_name: str, inner: Context) -> SafeString:
    page = cast("Template", context.template)  # while a tag renders there always is one
    return page.engine.get_template(template_name).render(inner)


def _render(context: Context, which: str, values: dict[str, Any]) -> SafeString:
    shared = {key: context[key] for key in SHARED if key in context}
    return _include(context, f"community_help/elements/{which}.html", context.new(shared | values))


@register.simple_tag(takes_context=True)
def element(context: Context, which: str, **values: Any) -> SafeString:
    """Render one element. Nothing of the page leaks in but `SHARED`, so that an element's defaults hold."""
    return _render(context, which, values)


@register.simple_block_tag(takes_context=True)
def elementblock(context: Context, content: str, which: str, **values: Any) -> SafeString:
    """Render one element around what the block encloses (`slot`)."""
    return _render(context, which, values | {"slot": SafeString(content.strip())})


@register.simple_tag(takes_context=True)
def once(context: Context, template_name: str) -> SafeString:
    """Include a template the first time that a page asks for it, and nothing after that.

    So a layout can offer its navigation to the base's `masthead` block and, if the base has none, to `main`.
    """
    state: Any = context.render_context  # a dict for what tags remember during one rendering
    rendered = state.setdefault(_ONCE, set())
    if template_name in rendered:
        return SafeString("")
    rendered.add(template_name)
    return _include(context, template_name, context)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One icon of the sprite. It says nothing to a screen reader: the words stand beside it."""
    url = static("community_help/sprite.svg")
    css = f"ch-icon {extra}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>', css, url, name)


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word of a name: "AM"."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _zone(context: Context) -> tzinfo:
    zone: tzinfo = context.get("zone") or timezone.get_current_timezone()
    return zone


def _now(context: Context) -> datetime:
    now: datetime = context.get("now") or timezone.now()
    return now


@register.simple_tag(takes_context=True)
def when(context: Context, job: Timed, *, short: bool = False) -> str:
    """When a job is wanted, as the beginning of a sentence: "Today, 14:00 to 17:00", "By Friday 6 March"."""
    words = plain_times.when_words(
        job.timing, job.earliest, job.latest, zone=_zone(context), now=_now(context), short=short
    )
    return plain_times.sentence(words)


@register.simple_tag(takes_context=True)
def ago(context: Context, then: datetime) -> str:
    """How long ago: "40 min ago", "yesterday"."""
    return plain_times.ago_words(then, zone=_zone(context), now=_now(context))


@register.simple_tag(takes_context=True)
def clock(context: Context, instant: datetime) -> str:
    """The time of day in the community's zone: "09:31"."""
    return plain_times.clock_words(instant, zone=_zone(context))


@register.simple_tag(takes_context=True)
def day(context: Context, instant: datetime, *, inside: bool = False) -> str:
    """The day in the community's zone: "Today", "Friday 6 March"; inside a sentence "today"."""
    zone = _zone(context)
    today = _now(context).astimezone(zone).date()
    words = plain_times.day_words(instant.astimezone(zone).date(), today=today)
    return words if inside else plain_times.sentence(words)


@register.filter
def duration(minutes: int) -> str:
    """How long something takes: "about 40 minutes"."""
    return plain_times.length_words(minutes)


@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is laid out: "check" (one box), "choices" (boxes or radios in a group) or "control"."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    return "choices" if isinstance(widget, RadioSelect | CheckboxSelectMultiple) else "control"


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of a field's hint and error, for `aria-describedby`; empty where it has neither."""
    parts = [f"{field.auto_id}_helptext"] if field.help_text else []
    return " ".join([*parts, *([f"{field.auto_id}_error"] if field.errors else [])])


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A field's own widget with our class, tied to its hint and its error."""
    attrs: dict[str, str | bool] = {}
    if field_kind(field) == "control":
        ours = "form-select" if getattr(field.field.widget, "choices", None) is not None else "form-control"
        attrs["class"] = f"{ours} {field.field.widget.attrs.get('class', '')}".rstrip()
    if described := described_by(field):
        attrs["aria-describedby"] = described
    return SafeString(field.as_widget(attrs=attrs))
