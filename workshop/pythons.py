"""Which Pythons this machine has: the one that runs, those on PATH, and pyenv's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def here() -> tuple[int, int]:
    return sys.version_info[0], sys.version_info[1]


def dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _candidates(version: tuple[int, int]) -> Iterator[str]:
    if version == here():
        yield sys.executable
    name = f"python{dotted(version)}"
    homes = [os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv")]
    for home in filter(None, dict.fromkeys(homes)):
        found = Path(home).glob(f"versions/{dotted(version)}*/bin/{name}")
        yield from map(str, sorted(found, key=_patch_release, reverse=True))
    if on_path := shutil.which(name):
        yield on_path


def _patch_release(path: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", path.parent.parent.name)]


def _answers(executable: str, version: tuple[int, int]) -> bool:
    """Tell if a program is that Python: a shim may be on PATH for a version that nobody installed."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([executable, "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == "{} {}".format(*version)


def find(versions: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return the executable of each version that is installed."""
    found = {}
    for version in versions:
        executable = next((path for path in _candidates(version) if _answers(path, version)), None)
        if executable:
            found[version] = executable
    return found
