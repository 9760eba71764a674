"""What can't be right is answered on the same page, with everything typed kept and no row written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workshop.progress import Progress

#: All cases, however short the proof: they take seconds.
FULL = SHORT = 40
POSTGRES = True


def run(size: int, seed: int, resume: Progress) -> dict[str, Any]:  # noqa: ARG001  nothing is left to chance
    """Send every case, which are at least ``size``, each in a neighbourhood of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings.base"
    import django  # noqa: PLC0415  the settings come first
    from django.db import connection  # noqa: PLC0415  the same
    from django.test.utils import setup_test_environment  # noqa: PLC0415  the same

    django.setup()
    setup_test_environment()
    from workshop.bad_input import judge  # noqa: PLC0415  models can be imported from here on
    from workshop.bad_input_cases import CASES  # noqa: PLC0415  the same

    connection.creation.create_test_db(verbosity=0)
    try:
        for case in CASES:
            if case.name not in resume.done:
                verdict = judge(case)
                resume.save(case.name, {"status": verdict.status, "wrong": verdict.wrong})
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    found = {case.name: resume.done[case.name] for case in CASES}
    wrong = {name: verdict["wrong"] for name, verdict in found.items() if verdict["wrong"]}
    errors = sum(verdict["status"] >= 500 for verdict in found.values())
    wrote = sum(any(words.startswith("wrote") for words in verdict["wrong"]) for verdict in found.values())
    return {
        "passed": len(found) >= size and not wrong,
        "figure": f"{len(found)} cases: {errors} errors 500, {wrote} wrote a row, "
        f"{len(wrong)} without a clear message or with something typed lost",
        "wrong": wrong,
    }
