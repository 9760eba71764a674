"""Draws the lifecycle from the table that the machine obeys, so that the picture can't be out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from community_help.lifecycle.table import TABLE, JobState, OfferState

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: Where each state stands in the drawing: column, row.
PLACES = {
    "draft": (0, 0),
    "submitted": (0, 1),
    "open": (1, 0),
    "assigned": (2, 0),
    "reported": (3, 0),
    "closed": (4, 0),
    "expired": (1, 1),
    "cancelled": (2, 1),
}
COLUMN, ROW, WIDTH, HEIGHT, MARGIN = 180, 150, 112, 44, 30


def edges() -> dict[tuple[str, str], list[str]]:
    """(from, to) → the actions that lead there, of all moves that change the state."""
    found: dict[tuple[str, str], list[str]] = {}
    for action, rule in TABLE.items():
        for source in sorted(rule.sources):
            for target in sorted(rule.targets - {source}):
                found.setdefault((source, target), []).append(action)
    return found


def drawing() -> str:
    """The states and the moves between them, as SVG in the page's own colours."""
    width = MARGIN * 2 + COLUMN * 4 + WIDTH
    height = MARGIN * 2 + ROW + HEIGHT + 40
    opening = (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="The states of a job and the moves between them" '
        'xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" font-size="13">'
        '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="currentColor" stroke="none"/></marker></defs>'
    )
    parts = [opening]
    parts += [_arrow(source, target) for source, target in edges()]
    for state, (column, row) in PLACES.items():
        x, y = _corner(column, row)
        parts.append(
            f'<g><rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" '
            f'fill="var(--color-background-primary, #fff)"/><text x="{x + WIDTH / 2}" y="{y + HEIGHT / 2 + 5}" '
            f'text-anchor="middle" fill="currentColor" stroke="none">{state}</text></g>'
        )
    return "".join(parts) + "</svg>"


def _corner(column: int, row: int) -> tuple[int, int]:
    return MARGIN + column * COLUMN, MARGIN + 20 + row * ROW


def _arrow(source: str, target: str) -> str:
    """A line from edge to edge; bowed, so that there and back do not lie on one another."""
    (from_column, from_row), (to_column, to_row) = PLACES[source], PLACES[target]
    (x1, y1), (x2, y2) = _corner(from_column, from_row), _corner(to_column, to_row)
    if from_row == to_row:
        forward = to_column > from_column
        x1, x2 = (x1 + WIDTH, x2) if forward else (x1, x2 + WIDTH)
        lift = HEIGHT / 3 if forward else HEIGHT * 2 / 3
        bow = (-18 if forward else 18) * abs(to_column - from_column)
        return _path(x1, y1 + lift, (x1 + x2) / 2, y1 + lift + bow, x2, y2 + lift)
    down = to_row > from_row
    y1, y2 = (y1 + HEIGHT, y2) if down else (y1, y2 + HEIGHT)
    aside = WIDTH / 3 if down else WIDTH * 2 / 3
    return _path(x1 + aside, y1, (x1 + x2) / 2 + aside + 6, (y1 + y2) / 2, x2 + aside, y2)


def _path(*points: float) -> str:
    """From a point, bowed towards a second, to a third."""
    x1, y1, cx, cy, x2, y2 = (round(number) for number in points)
    return f'<path d="M{x1} {y1}Q{cx} {cy} {x2} {y2}" marker-end="url(#tip)" opacity=".6"/>'


class LifecycleDirective(SphinxDirective):
    """``{lifecycle}``: the drawing, and the table under it."""

    def run(self) -> list[nodes.Node]:
        """Answer both."""
        return [nodes.raw("", drawing(), format="html"), self._table()]

    def _table(self) -> nodes.table:
        rows = [
            (
                nodes.literal(text=action),
                _states(rule.sources) or "(new)",
                _states(rule.targets) or "the same",
                OfferState(rule.offer).value if rule.offer else "",
                "yes" if rule.undoable else "",
            )
            for action, rule in TABLE.items()
        ]
        return _table_of(("action", "from", "to", "the offer must be", "can be undone"), rows)


def _states(names: frozenset[str]) -> str:
    return ", ".join(state for state in JobState.values if state in names)


def _table_of(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> nodes.table:
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    header, body = nodes.thead(), nodes.tbody()
    header += _row(head)
    body += [_row(row) for row in rows]
    group += [header, body]
    table = nodes.table()
    table += group
    return table


def _row(cells: tuple[Any, ...]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        content = cell if isinstance(cell, nodes.Node) else nodes.Text(str(cell))
        row += nodes.entry("", nodes.paragraph("", "", content))
    return row


def setup(app: Sphinx) -> dict[str, Any]:
    """Make the directive known to Sphinx."""
    app.add_directive("lifecycle", LifecycleDirective)
    return {"parallel_read_safe": True}
