"""Fetch the third-party files that the package ships, and draw the icon sprite from them.

    python workshop/vendor.py            fetch again, write the files and vendor/MANIFEST.json
    python workshop/vendor.py --check    no network: do the files on disk still match the manifest?

Nothing here runs when a site runs: the files are part of the wheel. Needs `npm` to fetch.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "src/community_help/static/community_help"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "MANIFEST.json"


@dataclass(frozen=True)
class Package:
    """One npm package, pinned. `files` maps a path in the package to its name in vendor/."""

    name: str
    version: str
    licence: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "bootstrap",
        "5.3.8",
        "MIT",
        {"dist/css/bootstrap.min.css": "bootstrap.min.css", "LICENSE": "bootstrap.LICENSE"},
    ),
    Package("htmx.org", "2.0.11", "0BSD", {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "htmx.LICENSE"}),
    Package(
        "@fontsource-variable/atkinson-hyperlegible-next",
        "5.3.0",
        "OFL-1.1",
        {
            "files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "atkinson-latin.woff2",
            "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": "atkinson-latin-ext.woff2",
            "LICENSE": "atkinson.LICENSE",
        },
    ),
    Package("bootstrap-icons", "1.13.2", "MIT", {"LICENSE": "bootstrap-icons.LICENSE"}),
)

ICONS = """
    arrow-counterclockwise arrow-repeat arrow-right basket2-fill bell-fill book-fill box-arrow-right calendar-plus-fill
    calendar3 capsule car-front-fill chat-left-text-fill chat-quote-fill check-circle-fill check-lg
    chevron-right circle-half clipboard-check-fill clock cup-hot-fill ear-fill envelope-fill envelope-paper-fill
    exclamation-triangle-fill flag-fill flower1 geo-alt-fill hand-thumbs-up-fill hand-thumbs-down-fill
    heart-fill hourglass-split house-door-fill info-circle-fill key-fill laptop list lock-fill moon-stars-fill
    pencil-fill people-fill person-fill person-plus-fill person-walking plus-lg search send-fill shield-check
    signpost-split-fill star-fill sun-fill telephone-fill telephone-x-fill tools x-lg
""".split()

# Bootstrap Icons has no dog. Ours, drawn to the same weight.
DOG = (
    '<symbol id="i-dog" viewBox="-8 -76 104 90">'
    '<path d="M10-26C-2-34-4-46 0-56" fill="none" stroke="currentColor" stroke-width="9" stroke-linecap="round"/>'
    '<rect x="4" y="-44" width="58" height="27" rx="12"/><rect x="6" y="-28" width="12" height="30" rx="4"/>'
    '<rect x="47" y="-28" width="12" height="30" rx="4"/>'
    '<path d="M54-28v-28a12 12 0 0 1 12-12h6a10 10 0 0 1 9 6l2 4h3a6 6 0 0 1 6 6v4a10 10 0 0 1-10 10h-8v10z"/></symbol>'
)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def without_source_map(data: bytes) -> bytes:
    """The map is not shipped, and Django's manifest storage refuses a file that points to a missing one."""
    return re.sub(rb"\n?(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$", b"\n", data)


def symbol(icon: str, svg: bytes) -> str:
    body = re.search(r"<svg[^>]*>(.*)</svg>", svg.decode(), re.DOTALL)
    if body is None:
        raise ValueError(f"{icon}.svg is not an icon")
    paths = re.sub(r"\n *", "", body[1].strip())
    return f'<symbol id="i-{icon}" viewBox="0 0 16 16">{paths}</symbol>'


def read_package(package: Package, folder: Path) -> dict[str, bytes]:
    """Fetch one package with npm (which checks its integrity) and return its files by path."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}", "--pack-destination", str(folder)]
    packed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    with tarfile.open(folder / packed) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        files = {member.name.removeprefix("package/"): archive.extractfile(member) for member in members}
        return {name: file.read() for name, file in files.items() if file is not None}


def fetch() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    written: list[dict[str, str]] = []

    def write(path: Path, data: bytes, package: Package) -> None:
        path.write_bytes(data)
        written.append(
            {
                "file": path.relative_to(STATIC).as_posix(),
                "package": package.name,
                "version": package.version,
                "licence": package.licence,
                "sha256": sha256(data),
            }
        )

    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            files = read_package(package, Path(folder))
            for source, target in package.files.items():
                write(VENDOR / target, without_source_map(files[source]), package)
            if package.name == "bootstrap-icons":
                symbols = [symbol(icon, files[f"icons/{icon}.svg"]) for icon in ICONS]
                lines = ['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, DOG, "</svg>", ""]
                write(STATIC / "sprite.svg", "\n".join(lines).encode(), package)
    MANIFEST.write_text(json.dumps(written, indent=2) + "\n")


def manifest() -> list[dict[str, str]]:
    """What was fetched: file, package, version, licence and sha256 of each."""
    entries: list[dict[str, str]] = json.loads(MANIFEST.read_text())
    return entries


def differences() -> list[str]:
    """The files that are missing or are not what the manifest says."""
    paths = {STATIC / entry["file"]: entry["sha256"] for entry in manifest()}
    wrong = [path for path, digest in paths.items() if not path.is_file() or sha256(path.read_bytes()) != digest]
    return [path.relative_to(STATIC).as_posix() for path in wrong]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the files with the manifest, offline")
    if not parser.parse_args().check:
        fetch()
    wrong = differences()
    for file in wrong:
        sys.stderr.write(f"{file} is not what vendor/MANIFEST.json says\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
