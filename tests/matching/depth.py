"""How many generated cases a property is held against: few in each run, all that was promised in a proof."""

from __future__ import annotations

import os

EXAMPLES = "COMMUNITY_HELP_EXAMPLES"  # `run prove matching` sets it


def examples(short: int) -> int:
    return int(os.environ.get(EXAMPLES, short))
