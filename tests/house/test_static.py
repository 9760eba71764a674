"""What the package ships beside its code: whole, ours or accounted for, and readable."""

from __future__ import annotations

import re

import pytest

from tests.house.paths import PACKAGE, files, relative
from workshop import faces, vendor

STATIC = PACKAGE / "static" / "community_help"
TEMPLATES = PACKAGE / "templates"
TOKEN = re.compile(r"(--ch-[\w-]+):\s*(#[0-9a-f]{6})\b")
TEXT, PART = 4.5, 3.0
ACTIONS = ("--ch-on-action", "--ch-action", TEXT)
PAIRS = [
    *((ink, ground, TEXT) for ink in ("--ch-ink", "--ch-ink-soft") for ground in ("--ch-paper", "--ch-surface")),
    ("--ch-ink", "--ch-well", TEXT),
    ("--ch-link", "--ch-paper", TEXT),
    ("--ch-link", "--ch-surface", TEXT),
    *((f"--ch-{name}", f"--ch-{name}-wash", TEXT) for name in ("urgent", "good", "notice")),
    *((f"--ch-{name}", "--ch-paper", TEXT) for name in ("urgent", "good", "notice")),
    *((f"--ch-{name}", "--ch-surface", TEXT) for name in ("urgent", "good", "notice")),
    *(("--ch-ink", f"--ch-{name}-wash", TEXT) for name in ("urgent", "good", "notice")),
    *(("--ch-on-type", f"--ch-{name}", TEXT) for name in ("mint", "lime", "sky", "lilac", "peach", "sun")),
    ("--ch-on-band", "--ch-band", TEXT),
    ("--ch-band-soft", "--ch-band", TEXT),
    ("--ch-sun", "--ch-band", TEXT),
    ("--ch-on-sun", "--ch-sun-hover", TEXT),
    ("--ch-on-action", "--ch-action-hover", TEXT),
    ACTIONS,
    ("--ch-edge", "--ch-surface", PART),
    ("--ch-edge", "--ch-paper", PART),
]


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def token_lists() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return the tokens in light, in dark by the system and in dark by the switch."""
    light, by_system, by_switch = re.split(
        r"@media \(prefers|:root\[data-bs-theme", (STATIC / "tokens.css").read_text()
    )
    return dict(TOKEN.findall(light)), dict(TOKEN.findall(by_system)), dict(TOKEN.findall(by_switch))


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tokens_have_the_contrast_that_wcag_asks(theme: str) -> None:
    light, dark, _ = token_lists()
    tokens = light if theme == "light" else light | dark
    poor = {(ink, ground): round(contrast(tokens[ink], tokens[ground]), 2) for ink, ground, _ in PAIRS}
    assert {
        pair: value for (*pair, least) in PAIRS if (value := poor[tuple(pair)]) < least for pair in [tuple(pair)]
    } == {}


def test_dark_tokens_are_the_same_by_system_and_by_switch() -> None:
    _, by_system, by_switch = token_lists()
    assert by_system == by_switch
    assert by_system != {}


def test_vendored_files_are_what_the_manifest_says() -> None:
    assert vendor.differences() == []


def test_vendored_folder_holds_nothing_else() -> None:
    known = {STATIC / entry["file"] for entry in vendor.manifest()} | {vendor.MANIFEST}
    assert {relative(path) for path in vendor.VENDOR.iterdir()} - {relative(path) for path in known} == set()


def test_vendored_packages_bring_their_licence() -> None:
    with_licence = {entry["package"] for entry in vendor.manifest() if entry["file"].endswith("LICENSE")}
    assert {entry["package"] for entry in vendor.manifest()} - with_licence == set()


def test_faces_are_what_their_script_draws() -> None:
    assert faces.SPRITE.read_text() == faces.sprite()


def test_templates_name_icons_of_the_sprite() -> None:
    symbols = set(re.findall(r'id="i-([\w-]+)"', (STATIC / "sprite.svg").read_text()))
    sources = "\n".join(path.read_text() for path in files(TEMPLATES, suffixes={".html"}))
    named = set(re.findall(r'{% icon "([\w-]+)"', sources)) | set(re.findall(r'\b\w*icon="([\w-]+)"', sources))
    assert named - symbols == set()


def test_templates_name_files_that_are_there() -> None:
    sources = "\n".join(path.read_text() for path in files(TEMPLATES, suffixes={".html"}))
    named = set(re.findall(r"""{% static ['"]community_help/([\w./-]+\.\w+)['"]""", sources))
    named |= {f"illustrations/{name}" for name in re.findall(r'picture="([\w.-]+)"', sources)}
    assert {name for name in named if not (STATIC / name).is_file()} == set()


def test_our_styles_and_scripts_fetch_nothing_from_elsewhere() -> None:
    """And no data: address, which a strict policy stops."""
    for path in files(STATIC, suffixes={".css", ".js"}):
        assert re.findall(r"https?://|url\([\"']?data:|@import", path.read_text()) == [], relative(path)


def test_pages_fill_page_and_leave_main_to_the_layouts() -> None:
    """A page that fills `main` loses its navigation in the base of a site."""
    rooms = [TEMPLATES / "community_help" / room for room in ("dashboard", "portal", "public")]
    pages = [path for room in rooms if room.is_dir() for path in files(room, suffixes={".html"})]
    assert [relative(path) for path in pages if "{% block main %}" in path.read_text()] == []
