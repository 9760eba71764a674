"""How far a long proof has come, so that it goes on where it was cut off."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class Progress:
    """Finished pieces of work and what each came to; in a file, one line each.

    >>> for number in range(size):
    ...     if str(number) not in progress.done:
    ...         progress.save(str(number), one_round(number))
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: dict[str, Any] = {}
        if path.exists():
            for line in path.read_text().splitlines():
                try:
                    key, value = json.loads(line)
                except ValueError:
                    break  # the line that was being written when the run was cut off
                self.done[key] = value
            path.write_text("".join(f"{json.dumps(pair)}\n" for pair in self.done.items()))

    def save(self, key: str, value: Any) -> None:
        """Keep the JSON result of one finished piece, on the disk when this returns."""
        self.done[key] = value
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a") as file:
            file.write(f"{json.dumps([key, value])}\n")
            file.flush()
            os.fsync(file.fileno())

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
