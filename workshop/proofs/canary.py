"""A requester's details are in no page, mail, log line, address or payload but for who may see them, while they may.

Each story goes through HTTP from the call to another ending, for another kind of job at another kind of time; at each
stage ten kinds of actor walk through every page that anybody has a link to (`workshop.canary`). In short, one story, in
which those who have nothing to do with the job walk in the window alone.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workshop.progress import Progress

FULL = 10
SHORT = 1


def run(size: int, seed: int, resume: Progress) -> dict[str, Any]:  # noqa: ARG001  there is no chance in it
    """Tell ``size`` stories, each with the next ending."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings.base"
    import django  # noqa: PLC0415  the settings come first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  the same
    from django.db import connection  # noqa: PLC0415  the same
    from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: PLC0415  the same

    from workshop.canary import SEARCHED  # noqa: PLC0415  models can be imported from here on
    from workshop.canary_story import ENDINGS, Story  # noqa: PLC0415  the same

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    try:
        for number in range(size):
            key = f"{number} {ENDINGS[number % len(ENDINGS)]}"
            if key not in resume.done:
                net = Story(number, ENDINGS[number % len(ENDINGS)], thorough=size > SHORT).tell()
                resume.save(key, {"leaks": sorted(net.leaks), **net.counts})
                call_command("flush", verbosity=0, interactive=False)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
        teardown_test_environment()
    told = list(resume.done.values())
    leaks = [leak for story in told for leak in story["leaks"]]
    searched = {name: sum(story[name] for story in told) for name in SEARCHED}
    what = ", ".join(f"{count} {name}" for name, count in searched.items())
    return {
        "passed": not leaks,
        "figure": f"{len(leaks)} leaks in {len(told)} stories: {what}",
        "leaks": leaks,
        **searched,
    }
