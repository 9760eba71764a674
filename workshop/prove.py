"""`run prove`: run a proof of `workshop.proofs` and write down what it came to."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib
import json
import os
import pkgutil
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop import proofs
from workshop.databases import DATABASE_URL
from workshop.postgres import database_url
from workshop.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
SEED = 20_200_323  # the day the first community asked


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(proofs.__path__) if not module.name.startswith("_"))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{proofs.__name__}.{name}")


def commit(root: Path = ROOT) -> str:
    """Return the commit that is measured, ``+changes`` after it when the tree differs; "unknown" outside git."""
    try:
        head = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", ":!proofs")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{head}+changes" if changed else head


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


@contextlib.contextmanager
def _database(*, postgres: bool) -> Iterator[None]:
    if not postgres:
        yield
        return
    before = os.environ.get(DATABASE_URL)
    with database_url() as url:
        os.environ[DATABASE_URL] = url
        try:
            yield
        finally:
            if before is None:
                del os.environ[DATABASE_URL]


def prove(name: str, *, short: bool, seed: int = SEED, root: Path = ROOT) -> dict[str, Any]:
    """Run one proof, going on where a run of the same size, seed and commit was cut off; returns what is written."""
    module = _module(name)
    size = module.SHORT if short else module.FULL
    measured = commit(root)
    progress = Progress(root / ".cache" / "proofs" / f"{name}-{size}-{seed}-{measured}.jsonl")
    resumed = len(progress.done)
    began = time.monotonic()
    with _database(postgres=getattr(module, "POSTGRES", False)):
        told = module.run(size, seed, progress)
    record = {
        "proof": name,
        "promise": (module.__doc__ or "").strip().splitlines()[0],
        **told,
        "size": size,
        "seed": seed,
        "commit": measured,
        "seconds": round(time.monotonic() - began, 1),
        "resumed_from": resumed,
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    folder = root / "test-results" / "proofs" if short else root / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(f"{json.dumps(record, indent=2, ensure_ascii=False)}\n")
    progress.forget()
    return record


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="run prove", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which proofs (default: all of them)")
    parser.add_argument("--short", action="store_true", help="the small size, under a minute each")
    parser.add_argument("--seed", type=int, default=SEED, help="the seed that all chance comes from")
    parser.add_argument("--faults", action="store_true", help="those that break things on purpose")
    options = parser.parse_args(arguments)
    known = names()
    if unknown := [name for name in options.names if name not in known]:
        sys.stderr.write(f"no proof called {', '.join(unknown)}; there are: {', '.join(known) or 'none yet'}\n")
        return 2
    chosen = options.names or known
    if options.faults:
        chosen = [name for name in chosen if getattr(_module(name), "FAULTS", False)]
    failed = 0
    for name in chosen:
        record = prove(name, short=options.short, seed=options.seed)
        failed += not record["passed"]
        verdict = "proved" if record["passed"] else "FAILED"
        sys.stdout.write(f"{verdict}  {name}: {record['figure']} ({record['seconds']} s)\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
