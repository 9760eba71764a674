"""`run` itself: its help, what it installs when, which Pythons it finds, what it plans."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

import pytest

from tests.house.paths import ROOT
from workshop import commands, matrix, pythons
from workshop.environment import INSTALLING, READY, Environment, EnvironmentBrokenError, Needs, Stamp

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ["demo", "test", "prove", "bench", "faults", "screenshots", "docs"]


def ask_run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-E", "-s", "-S", ROOT / "run", *arguments],  # bare: nothing but the standard library
        env={name: value for name, value in os.environ.items() if name != "HOME"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_needs_no_installation(command: str) -> None:
    answer = ask_run(command, "--help")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith(f"usage: run {command} [-h]")


def test_help_names_every_command() -> None:
    answer = ask_run("--help")
    listed = [line.split()[0] for line in answer.stdout.splitlines() if line.startswith("    ")]
    assert [name for name in listed if name in COMMANDS] == COMMANDS


def test_bench_of_an_unknown_name_says_so() -> None:
    answer = ask_run("bench", "no-such-thing")
    assert answer.returncode == 2
    assert "no benchmark called no-such-thing" in answer.stderr


def test_demo_passes_its_options_on(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(commands, "_start", lambda needs, *arguments: started.append((needs, arguments)) or 0)
    assert commands.main(["demo", "--smoke", "--port", "8123", "--postgres"]) == 0
    assert started == [
        (commands.DEMO | commands.POSTGRES, ("-m", "example_project.demo", "--smoke", "--postgres", "--port", "8123")),
    ]


def test_demo_installs_no_test_tools() -> None:
    assert (commands.DEMO.extras, commands.DEMO.groups) == ({"demo"}, set())


class CountingEnvironment(Environment):
    """A real environment in a folder of its own, but its pip only notes what it was asked for."""

    asked: list[list[str]]

    def _create(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        venv.create(self.folder)
        [packages] = self.folder.glob("lib/python*/site-packages")
        (packages / "pip.py").write_text("__version__ = '23.2'\n")

    def _pip(self, *arguments: str) -> None:
        self.asked.append(list(arguments))
        if "broken" in self.root.name and "--upgrade" not in arguments:
            raise EnvironmentBrokenError("pip could not")


@pytest.fixture
def environment(tmp_path: Path) -> CountingEnvironment:
    return make(tmp_path / "project")


def make(root: Path) -> CountingEnvironment:
    root.mkdir()
    (root / "pyproject.toml").write_text("[project]\n")
    environment = CountingEnvironment(root)
    object.__setattr__(environment, "asked", [])
    return environment


def installs(environment: CountingEnvironment) -> list[list[str]]:
    """Return what pip was asked to install, after it had been asked to bring itself up to date."""
    upgrades, asked = environment.asked[::2], environment.asked[1::2]
    assert upgrades == [["install", "--upgrade", "pip>=25.1"]] * len(asked)
    return asked


TOX = Needs(groups=frozenset({"tox"}))
DEMO = Needs(package=True, extras=frozenset({"demo"}))


def test_environment_is_made_once(environment: CountingEnvironment) -> None:
    python = environment.ensure(TOX)
    assert environment.ensure(TOX) == python
    assert subprocess.run([python, "-c", "import pip"], check=True).returncode == 0
    assert installs(environment) == [["install", "--group", "tox"]]


def test_environment_grows_with_what_is_needed(environment: CountingEnvironment) -> None:
    environment.ensure(TOX)
    environment.ensure(DEMO)
    environment.ensure(TOX)
    assert installs(environment)[1:] == [["install", "--editable", ".[demo]", "--group", "tox"]]


def test_environment_is_brought_up_to_date_when_the_project_changes(environment: CountingEnvironment) -> None:
    environment.ensure(TOX)
    (environment.root / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    environment.ensure(TOX)
    assert len(installs(environment)) == 2
    assert Stamp.read(environment.stamp) == Stamp(environment.fingerprint(), READY, TOX)


def test_environment_cut_off_while_installing_is_made_anew(environment: CountingEnvironment) -> None:
    environment.ensure(TOX)
    (environment.folder / "leftover").write_text("")
    Stamp(environment.fingerprint(), INSTALLING, TOX).write(environment.stamp)
    environment.ensure(TOX)
    assert not (environment.folder / "leftover").exists()
    assert len(installs(environment)) == 2


def test_environment_that_is_broken_is_made_anew(environment: CountingEnvironment) -> None:
    python = environment.ensure(TOX)
    python.unlink()
    environment.ensure(TOX)
    assert python.exists()
    assert len(installs(environment)) == 2


def test_environment_that_a_developer_made_is_added_to(environment: CountingEnvironment) -> None:
    environment._create()
    (environment.folder / "mine").write_text("")
    environment.ensure(TOX)
    assert (environment.folder / "mine").exists()


def test_failed_installation_is_not_taken_for_done(tmp_path: Path) -> None:
    environment = make(tmp_path / "broken")
    for _ in range(2):
        with pytest.raises(EnvironmentBrokenError):
            environment.ensure(TOX)
    stamp = Stamp.read(environment.stamp)
    assert stamp is not None
    assert stamp.state == INSTALLING


def test_this_python_is_found() -> None:
    assert pythons.find([pythons.here()]) == {pythons.here(): sys.executable}


def test_shim_that_cannot_run_its_python_is_not_taken_for_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shim = tmp_path / "python3.99"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pythons.find([(3, 99)]) == {}


def test_pythons_of_pyenv_are_found_newest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for release in ("3.99.2", "3.99.10"):
        program = tmp_path / "versions" / release / "bin" / "python3.99"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\necho 3 99\n")
        program.chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert pythons.find([(3, 99)]) == {(3, 99): str(tmp_path / "versions" / "3.99.10" / "bin" / "python3.99")}


@pytest.mark.parametrize(
    ("python", "django"),
    [((3, 11), (5, 2)), ((3, 12), (6, 1)), ((3, 13), (6, 1)), ((3, 14), (6, 1))],
)
def test_newest_django_of_each_python(python: matrix.Version, django: matrix.Version) -> None:
    assert matrix.newest_django(python) == django


def test_plan_of_everything_is_whole_at_the_corners() -> None:
    plan = matrix.everything([(3, 11), (3, 12), (3, 13)])
    assert plan.environments == (
        "py311-django52-postgres",
        "py311-django52-sqlite",
        "py313-django61-postgres",
        "py313-django61-sqlite-measured",
        "py312-django52-sqlite-core",
        "py313-django52-sqlite-core",
        "py312-django60-sqlite-core",
        "py313-django60-sqlite-core",
        "py312-django61-sqlite-core",
        "lint",
        "types",
        "docs",
    )
    assert (plan.not_covered, plan.gaps) == ((), ())
    assert plan.measures


def test_plan_of_everything_tells_what_it_cannot_cover() -> None:
    plan = matrix.everything([(3, 11)])
    assert plan.environments[:2] == ("py311-django52-postgres", "py311-django52-sqlite-measured")
    assert len(plan.not_covered) == 6
    assert plan.gaps == ("no Python here runs Django 6.1",)


def test_quick_plan_says_what_it_leaves_out() -> None:
    plan = matrix.quick((3, 12))
    assert plan.environments == ("py312-django61-sqlite-quick", "lint", "types")
    assert not plan.measures
    scope = next(line for line in (ROOT / "tox.ini").read_text().splitlines() if "quick: WITHOUT" in line)
    ignored = [option.removeprefix("--ignore=") for option in scope.split() if option.startswith("--ignore=")]
    assert ignored == ["tests/browser", *matrix.SLOW]
    assert all((ROOT / folder).is_dir() for folder in ignored)
    assert all(folder in " ".join(plan.left_out) for folder in matrix.SLOW)


def test_usual_plan_meets_both_databases_and_every_check() -> None:
    plan = matrix.usual((3, 11))
    assert plan.environments == ("py311-django52-postgres", "py311-django52-sqlite-headless", "lint", "types", "docs")
    assert not plan.measures
    assert matrix.LEFT_OUT_OF_HEADLESS in " ".join(plan.left_out)
