"""Reading a page as a person does."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpResponse


def text_of(response: HttpResponse) -> str:
    """The words of a page's main part, without markup, in one line."""
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
