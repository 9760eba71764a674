"""Conditions and figures written in SQL, where a tree of expressions would be slower to build than to answer.

A template names what it reads in braces: a part of the template, a column of the row that is asked about, or a value.
Values are always parameters.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, F, FloatField, Func, IntegerField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Differs(NamedTuple):
    """A part that SQLite writes in its own way."""

    sqlite: str
    elsewhere: str


class Rows(NamedTuple):
    """A value that is a table: ``text`` selects one row, a parameter for each of its values."""

    text: str
    rows: Sequence[Sequence[Any]]


_PARTS = {"least": Differs("MIN", "LEAST"), "greatest": Differs("MAX", "GREATEST")}


class Template(Func):
    """SQL with names in it, as an expression.

    :param text: the template
    :param parts: name → further template; ``least`` and ``greatest`` are there already
    :param columns: name → field of the row that is asked about
    :param values: name → value, or :class:`Rows`
    """

    def __init__(
        self,
        text: str,
        *,
        parts: Mapping[str, str | Differs] | None = None,
        columns: Mapping[str, str] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        columns = columns or {}
        super().__init__(*(F(field) for field in columns.values()))
        self.text, self.parts, self.values, self.names = text, {**_PARTS, **(parts or {})}, values or {}, tuple(columns)

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        compiled = (compiler.compile(column)[0] for column in self.get_source_expressions())
        names = _Names(self.parts, dict(zip(self.names, compiled, strict=True)), self.values, connection)
        return self.text.format_map(names), tuple(names.params)


class Condition(Template):
    """One that is true or false."""

    output_field = BooleanField()


class Number(Template):
    """One that counts."""

    output_field = IntegerField()


class Figure(Template):
    """One that measures: always a float."""

    output_field = FloatField()

    def as_sql(self, *args: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        text, params = super().as_sql(*args, **context)
        return f"CAST({text} AS DOUBLE PRECISION)", params


class _Names:
    """What the names stand for; ``params`` grows in the order in which values are met."""

    def __init__(
        self, parts: Mapping[str, str | Differs], columns: Mapping[str, str], values: Mapping[str, Any], connection: Any
    ) -> None:
        self.parts, self.columns, self.values, self.connection = parts, columns, values, connection
        self.params: list[Any] = []

    def __getitem__(self, name: str) -> str:
        if name in self.columns:
            return self.columns[name]
        if name in self.parts:
            part = self.parts[name]
            if isinstance(part, Differs):
                part = part.sqlite if self.connection.vendor == "sqlite" else part.elsewhere
            return part.format_map(self)
        value = self.values[name]
        if isinstance(value, Rows):
            self.params += [self._adapted(each) for row in value.rows for each in row]
            return " UNION ALL ".join([value.text] * len(value.rows))
        self.params.append(self._adapted(value))
        return "%s"

    def _adapted(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self.connection.ops.adapt_datetimefield_value(value)
        return self.connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
