"""The `.venv` that `run` makes for itself: each thing is installed once, and again when the project's files say so."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
STAMP = "community-help.json"
READY, INSTALLING = "ready", "installing"
PIP_WITH_GROUPS = (25, 1)


class EnvironmentBrokenError(Exception):
    """The virtual environment could not be made; the text says what to do."""


@dataclass(frozen=True)
class Needs:
    """What a command wants installed: the package itself (editable) with extras, and groups of tools."""

    package: bool = False
    extras: frozenset[str] = field(default_factory=frozenset)
    groups: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: Needs) -> Needs:
        return Needs(self.package or other.package, self.extras | other.extras, self.groups | other.groups)

    def covers(self, other: Needs) -> bool:
        return self | other == self

    def requirements(self) -> list[str]:
        """Return pip's arguments."""
        groups = [part for group in sorted(self.groups) for part in ("--group", group)]
        if not self.package:
            return groups
        extras = f"[{','.join(sorted(self.extras))}]" if self.extras else ""
        return ["--editable", f".{extras}", *groups]


@dataclass(frozen=True)
class Stamp:
    """What the last installation left: for which project files, in which state, with what in it."""

    fingerprint: str
    state: str
    needs: Needs

    @classmethod
    def read(cls, path: Path) -> Stamp | None:
        try:
            raw = json.loads(path.read_text())
            needs = Needs(raw["package"], frozenset(raw["extras"]), frozenset(raw["groups"]))
            return cls(raw["fingerprint"], raw["state"], needs)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Write all or nothing: a run that is cut off leaves the stamp before, or this one."""
        text = json.dumps(
            {
                "fingerprint": self.fingerprint,
                "state": self.state,
                "package": self.needs.package,
                "extras": sorted(self.needs.extras),
                "groups": sorted(self.needs.groups),
            },
        )
        draft = path.with_suffix(".new")
        draft.write_text(text)
        draft.replace(path)


@dataclass(frozen=True)
class Environment:
    """One project's virtual environment."""

    root: Path = ROOT

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.folder / STAMP

    def fingerprint(self) -> str:
        """Return what must be the same for an installation to be still good."""
        digest = hashlib.sha256((self.root / "pyproject.toml").read_bytes())
        digest.update(repr((sys.version_info[:2], str(self.root))).encode())
        return digest.hexdigest()

    def ensure(self, needs: Needs) -> Path:
        """Make the environment hold what is needed; returns its Python. Costs nothing when it does already.

        An environment that is broken, was cut off half-made, or belongs to another Python is made anew; one that
        a developer made is added to. Raises EnvironmentBrokenError when Python or pip can't do it.
        """
        with self._alone():
            found = Stamp.read(self.stamp)
            if not self._healthy() or (found and found.state == INSTALLING):
                self._create()
                found = None
            if found and found.fingerprint == self.fingerprint() and found.needs.covers(needs):
                return self.python
            wanted = (found.needs | needs) if found else needs
            Stamp(self.fingerprint(), INSTALLING, wanted).write(self.stamp)
            self._install(wanted)
            Stamp(self.fingerprint(), READY, wanted).write(self.stamp)
        return self.python

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one `run` at a time see to the environment; the next waits, and then finds it ready."""
        with (self.root / ".venv.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _healthy(self) -> bool:
        return self._ask("import pip, sys; print(*sys.version_info[:2])") == "{} {}".format(*sys.version_info)

    def _ask(self, code: str) -> str:
        try:
            answer = subprocess.run([self.python, "-c", code], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return ""
        return answer.stdout.strip()

    def _create(self) -> None:
        say("making .venv")
        shutil.rmtree(self.folder, ignore_errors=True)
        try:
            venv.create(self.folder, with_pip=True)
        except subprocess.CalledProcessError as error:
            raise EnvironmentBrokenError(
                "this Python can't make a virtual environment with pip in it (on Debian: apt install python3-venv)",
            ) from error

    def _install(self, needs: Needs) -> None:
        say(f"installing {', '.join(sorted(needs.extras | needs.groups)) or 'the package'} into .venv")
        version = self._ask("import pip; print(pip.__version__)").split(".")
        if tuple(int(part) for part in version[:2] if part.isdigit()) < PIP_WITH_GROUPS:
            self._pip("install", "--upgrade", "pip>={}.{}".format(*PIP_WITH_GROUPS))
        self._pip("install", *needs.requirements())

    def _pip(self, *arguments: str) -> None:
        command = [str(self.python), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
        answer = subprocess.run(
            command,
            cwd=self.root,
            env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if answer.returncode:
            raise EnvironmentBrokenError("pip could not install what is needed; its own words are above")


def say(text: str) -> None:
    sys.stderr.write(f"run: {text}\n")
    sys.stderr.flush()
