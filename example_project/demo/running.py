"""The demo as a process of its own, for the smoke test and the tests: started as anybody would start it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from example_project.demo.processes import STOP_SECONDS

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator

COMPLAINTS = 30  # lines that are shown when something went wrong


@dataclass
class Running:
    """The demo as it runs: where, its process, and what it complains about. No address: it did not start."""

    site: str
    process: subprocess.Popen[str]
    complaints: TextIO

    def last_complaints(self) -> str:
        """The last lines of what it and its worker have written to stderr."""
        self.complaints.seek(0)
        return "".join(self.complaints.readlines()[-COMPLAINTS:])

    def stop(self, number: signal.Signals) -> tuple[int, set[int]]:
        """Send it a signal and wait; its exit code, and those of its processes that are still there.

        Raises ``subprocess.TimeoutExpired`` when it does not end.
        """
        family = descendants(self.process.pid)
        self.process.send_signal(number)
        code = self.process.wait(2 * STOP_SECONDS)
        return code, {pid for pid in family if Path(f"/proc/{pid}/stat").exists()}


@contextlib.contextmanager
def running_demo(*arguments: str, environment: dict[str, str] | None = None) -> Iterator[Running]:
    """Run the demo on a free port until the block ends.

    :param environment: its whole environment; default: ours
    """
    command = [sys.executable, "-m", "example_project.demo", "--port", "0", *arguments]
    with tempfile.TemporaryFile("w+") as complaints:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, text=True, env=environment)
        with child:
            try:
                lines = iter(child.stdout or ())
                words = (word for line in lines for word in line.split())
                site = next((word.rstrip("/") for word in words if word.startswith("http")), "")
                yield Running(site, child, complaints)
            finally:
                child.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(2 * STOP_SECONDS)
                child.kill()


def descendants(of: int) -> set[int]:
    """The processes that this one has started, and theirs; none where there is no /proc to ask."""
    parents: dict[int, int] = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it is gone already
            parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
    found: set[int] = set()
    while more := {pid for pid, parent in parents.items() if parent in found | {of}} - found:
        found |= more
    return found
