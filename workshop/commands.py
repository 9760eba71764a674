"""The subcommands of `run`: what each needs installed, and what it starts."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from workshop.environment import ROOT, Environment, EnvironmentBrokenError, Needs
from workshop.suite import run_suite

if TYPE_CHECKING:
    from collections.abc import Callable

TOX = Needs(groups=frozenset({"tox"}))
DEMO = Needs(package=True, extras=frozenset({"demo"}))
POSTGRES = Needs(package=True, extras=frozenset({"postgres"}), groups=frozenset({"postgres-server"}))
TESTS = DEMO | POSTGRES | Needs(groups=frozenset({"test", "browser"}))
SCREENSHOTS = "docs/_static/screenshots"


def _start(needs: Needs, *arguments: str, **environment: str) -> int:
    """Become the command: Ctrl-C, SIGTERM and the exit code are its own."""
    python = str(Environment().ensure(needs))
    os.chdir(ROOT)
    sys.stdout.flush()
    everything = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    os.execve(python, [python, *arguments], everything)  # noqa: S606 - no shell is wanted


def demo(options: argparse.Namespace) -> int:
    arguments = [f"--{name}" for name in ("smoke", "reset", "postgres") if getattr(options, name)]
    if options.port is not None:
        arguments += ["--port", str(options.port)]
    return _start(DEMO | POSTGRES if options.postgres else DEMO, "-m", "example_project.demo", *arguments)


def test(options: argparse.Namespace) -> int:
    mode = "quick" if options.quick else "all" if options.all else "usual"
    return run_suite(ROOT, Environment().ensure(TOX), mode, sys.stdout)


def prove(options: argparse.Namespace) -> int:
    short = ["--short"] if options.short else []
    return _start(TESTS, "-m", "workshop.prove", *options.names, *short)


def faults(options: argparse.Namespace) -> int:
    short = ["--short"] if options.short else []
    return _start(TESTS, "-m", "workshop.prove", "--faults", *short)


def bench(options: argparse.Namespace) -> int:
    known = sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py"))
    if options.name not in known:
        sys.stderr.write(f"no benchmark called {options.name}; there are: {', '.join(known) or 'none yet'}\n")
        return 2
    into = ["--json", options.json] if options.json else []
    return _start(TESTS, "-m", f"benchmarks.{options.name}", *into)


def screenshots(_options: argparse.Namespace) -> int:
    folder = str(ROOT / SCREENSHOTS)
    arguments = ("-m", "pytest", "tests/browser", "-m", "screenshots", "-p", "no:randomly")
    return _start(TESTS, *arguments, COMMUNITY_HELP_SCREENSHOTS=folder)


def docs(_options: argparse.Namespace) -> int:
    python = Environment().ensure(TOX)
    return subprocess.run([python, "-m", "tox", "run", "-e", "docs"], cwd=ROOT, check=False).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run", description="The workshop of community_help.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(command: Callable[[argparse.Namespace], int], text: str, **more: Any) -> argparse.ArgumentParser:
        one = commands.add_parser(command.__name__, help=text, description=f"{text[0].upper()}{text[1:]}.", **more)
        one.set_defaults(command=command)
        return one

    one = add(demo, "the Knowle West community on this machine, with people and jobs to try it on")
    one.add_argument("--smoke", action="store_true", help="drive the whole story and exit: 0 when it went well, else 1")
    one.add_argument("--reset", action="store_true", help="begin again with a fresh community")
    one.add_argument("--port", type=int, help="the port to listen on, on loopback")
    one.add_argument("--postgres", action="store_true", help="on a private PostgreSQL instead of SQLite")

    one = add(test, "the tests and checks, and an account of what ran and what was skipped")
    how_much = one.add_mutually_exclusive_group()
    how_much.add_argument("--quick", action="store_true", help="the everyday loop: SQLite, no browser, no docs")
    how_much.add_argument("--all", action="store_true", help="every supported Python and Django that is installed")

    one = add(prove, "measure the package's promises and write the figures to proofs/")
    one.add_argument("names", nargs="*", metavar="NAME", help="which (default: all)")
    one.add_argument("--short", action="store_true", help="the small size, under a minute each")

    one = add(bench, "run one benchmark")
    one.add_argument("name", metavar="NAME", help="a file of benchmarks/, without .py")
    one.add_argument("--json", metavar="FILE", help="write the figures to a file")

    one = add(faults, "run the proofs that break things on purpose: killed workers, lost queues")
    one.add_argument("--short", action="store_true", help="the small size, under a minute each")

    add(screenshots, f"make the pictures of the docs anew, into {SCREENSHOTS}/")
    add(docs, "build the documentation into docs/_build/html; every warning is an error")
    return parser


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except KeyboardInterrupt:
        return 130  # as a shell says it of a program that was stopped by Ctrl-C
    except EnvironmentBrokenError as error:
        sys.stderr.write(f"run: {error}\n")
        return 1
    return code
