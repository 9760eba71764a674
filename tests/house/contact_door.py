"""The rule that contact details are touched in the privacy room only, as a reader of Python and of templates."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = "PersonContact"
RELATION = "contact"  # Person.contact
LOOKUP = re.compile(rf"(?:^-?|__){RELATION}(?:__|$)")
QUERIES = {
    *("annotate", "defer", "exclude", "filter", "get", "get_or_create", "only", "order_by", "prefetch_related"),
    *("select_related", "update", "update_or_create", "values", "values_list", "F", "OuterRef", "Prefetch", "Q"),
}
IN_TEMPLATE = re.compile(rf"\.{RELATION}\b")


def python_breaches(source: str) -> list[int]:
    """Return the lines of a module that touch contact details."""
    nodes = list(ast.walk(ast.parse(source)))
    methods = {node.func for node in nodes if isinstance(node, ast.Call)}  # `tale.contact(offer)` is no relation
    return sorted({line for node in nodes for line in _breaches(node) if node not in methods or _names_model(node)})


def template_breaches(source: str) -> list[int]:
    """Return the lines of a template that reach from a person to contact details."""
    return [number for number, line in enumerate(source.splitlines(), 1) if IN_TEMPLATE.search(line)]


def _names_model(node: ast.AST) -> bool:
    return MODEL in {getattr(node, "attr", ""), getattr(node, "id", "")}


def _breaches(node: ast.AST) -> Iterator[int]:
    match node:
        case ast.Name(id=name, lineno=line) | ast.alias(name=name, lineno=line) if name.endswith(MODEL):
            yield line
        case ast.Attribute(attr=name, lineno=line) if name in {RELATION, MODEL}:
            yield line
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), lineno=line) if name in QUERIES:
            texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            words = [keyword.arg for keyword in node.keywords if keyword.arg]
            if any(LOOKUP.search(text) for text in (*texts, *words)):
                yield line
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value="contact"), *_], lineno=line):
            yield line
