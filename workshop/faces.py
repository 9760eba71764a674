"""Draw the neighbours' faces: `python workshop/faces.py` writes the sprite faces.svg.

One family with the illustrations: flat shapes, one palette, light from the left (the right side a shade darker).
A person of the demo names a face; anybody else has a disc with initials.
"""

from __future__ import annotations

from pathlib import Path

SPRITE = Path(__file__).resolve().parent.parent / "src/community_help/static/community_help/faces.svg"

INK, SUN, TOMATO, MINT, LEAF, SKY, BLUE = "#141d47", "#ffc933", "#e8432e", "#a8e6cf", "#1f9a72", "#cfe6ff", "#3f6fe8"
LILAC, PEACH, PINK, LIME, WHITE, CREAM = "#d3c4ff", "#ffc59b", "#ffc4c9", "#d2ea86", "#ffffff", "#fff4dc"
PALE, ROSY, SAND, OLIVE, TAN, BROWN, UMBER, DEEP = (
    "#f4d2ba", "#f1c7a5", "#e7b48d", "#c68a5c", "#a86b41", "#7a4a2b", "#6b4024", "#5e3823",
)  # fmt: skip
GINGER, CHESTNUT, STRAW, GREY, SILVER, SNOW = "#c9702a", "#7a3b1a", "#e0a948", "#8d8aa0", "#dcd8ea", "#f6f3fb"


def path(d: str, colour: str) -> str:
    return f'<path d="{d}" fill="{colour}"/>'


def circle(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}"/>'


def line(d: str, colour: str, width: float = 1.5) -> str:
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"/>'


FRINGE = "M12.5 21a11.5 11.5 0 0 1 23-1c-6 0-10-2-13-5-2 4-5 6-10 6z"
PARTING = "M12.5 23a11.5 11.5 0 0 1 23 0c-4-1-9-5-11-8-2 4-7 7-12 8z"
CROP = "M12.5 20a11.5 11.5 0 0 1 23 0c-5-1-8-3-10-5-3 3-8 5-13 5z"
SIDES = "M13 20c-1 6 0 7 1 8 0-4 0-6 1-9zM35 20c1 6 0 7-1 8 0-4 0-6-1-9z"
BEARD = "M13.6 23c2 4 5 3 10.4 3s8.4 1 10.4-3c1 7-4 12-10.4 12s-11.4-5-10.4-12z"
WAVES = "M13 20c2-4 6-6 11-6s9 2 11 6c1-8-4-12-11-12s-12 4-11 12z"
SCARF = "M13 22c0-6 5-10 11-10s11 4 11 10c2-8-3-14-11-14s-13 6-11 14z"
CURLS = ((14, 18), (16, 12), (21, 8.5), (27, 8.5), (32, 12), (34, 18))

BEHIND = {  # style: what lies behind the head
    "afro": lambda hair: circle(24, 18, 15, hair),
    "bob": lambda hair: path("M11.5 22a12.5 12.5 0 0 1 25 0v8q-3 4-7 3H18.5q-4 1-7-3z", hair),
    "bun": lambda hair: circle(24, 6, 5.5, hair),
    "curls": lambda hair: "".join(circle(x, y, 5.5, hair) for x, y in ((12.5, 24), (35.5, 24), *CURLS)),
    "long": lambda hair: path("M11 22a13 13 0 0 1 26 0v14h-26z", hair),
    "plaits": lambda hair: path("M11 22h5v17l-2.500 3-2.500-3zM32 22h5v17l-2.500 3-2.500-3z", hair),
    "scarf": lambda hair: path("M9 24a15 16 0 0 1 30 0c0 8-2 12-4 16H13c-2-4-4-8-4-16z", hair),
    "tail": lambda hair: path("M32 10c8-2 9 8 6 17-3-3-5-8-6-12z", hair),
}
BEFORE = {  # style: what lies over the head
    "afro": lambda hair: path(WAVES, hair),
    "bald": lambda hair: path(SIDES, hair),
    "beard": lambda hair: path(CROP, hair) + path(BEARD, hair),
    "bob": lambda hair: path("M12.5 22a11.5 11.5 0 0 1 23 0c-3-4-7-6-11.5-6s-8.500 2-11.5 6z", hair),
    "bun": lambda hair: path(FRINGE, hair),
    "cap": lambda hair: (
        path("M12.5 17a11.5 11 0 0 1 23 0z", hair)
        + path("M24 17h14.500q1.500 0 1 2-7 1.500-15.500 1.500z", INK)
        + path("M24 6a11.5 11 0 0 1 11.5 11H24z", "#00000018")
    ),
    "crop": lambda hair: path(CROP, hair),
    "curls": lambda hair: "".join(circle(x, y, 4, hair) for x, y in CURLS),
    "long": lambda hair: path(PARTING, hair),
    "moustache": lambda hair: (
        path(SIDES, hair)
        + path(CROP, hair)
        + path("M24 25.500c-2-1.500-5-.5-6 1.500 2 .8 4.500.8 6-.3 1.500 1.100 4 1.100 6 .3-1-2-4-3-6-1.500z", hair)
    ),
    "plaits": lambda hair: path(PARTING, hair),
    "scarf": lambda hair: path(SCARF, hair),
    "short": lambda hair: path(FRINGE, hair),
    "tail": lambda hair: path(FRINGE, hair),
    "turban": lambda hair: (
        path("M11 21c-4-10 4-17.500 13-17.500s17 7.500 13 17.500c-3-4.500-8-7-13-7s-10 2.500-13 7z", hair)
        + path("M24 3.500c9 0 17 7.500 13 17.500-3-4.500-8-7-13-7z", "#00000018")
        + line("M12 15q10-2 14-11M36 15q-7-1-10-5", "#ffffff66", 1.2)
        + path(BEARD, INK)
    ),
}


def face(ground: str, skin: str, hair: str, top: str, style: str, *, glasses: bool = False) -> str:
    """One face on 48 x 48, cut to a disc by the page."""
    parts = [f'<rect width="48" height="48" fill="{ground}"/>']
    shade = path("M24 33c10 0 18 5 18 17H24z", "#00000018")
    behind = BEHIND[style](hair) if style in BEHIND else ""
    parts += [path("M6 50c0-12 8-17 18-17s18 5 18 17z", top), "" if style == "scarf" else shade]
    parts += [f'<rect x="20" y="28" width="8" height="9" fill="{skin}"/>', behind]
    parts += [shade if style == "scarf" else "", circle(24, 22, 10.5, skin)]
    parts += [BEFORE[style](hair), circle(20, 22.5, 1.3, INK), circle(28, 22.5, 1.3, INK)]
    smile = "M21.500 29q2.500 2 5 0" if style == "moustache" else "M20.500 27.500q3.500 3 7 0"
    parts += [line(smile, WHITE if style in ("beard", "turban") else INK)]
    if glasses:
        parts += ['<g fill="none" stroke="#141d47" stroke-width="1.3">']
        parts += ['<circle cx="20" cy="22.5" r="3.4"/><circle cx="28" cy="22.5" r="3.4"/></g>']
    return "".join(parts)


FACES = {
    "abdi": face(LIME, BROWN, INK, CREAM, "crop"),
    "ama": face(SUN, BROWN, INK, TOMATO, "bun"),
    "arthur": face(LILAC, ROSY, "#7a8399", LEAF, "cap", glasses=True),
    "bev": face(LIME, ROSY, STRAW, BLUE, "bob", glasses=True),
    "chloe": face(PEACH, PALE, GINGER, LEAF, "tail"),
    "dan": face(PEACH, SAND, GREY, INK, "bald", glasses=True),
    "doreen": face(MINT, PALE, SILVER, BLUE, "bun", glasses=True),
    "fatima": face(SUN, TAN, BLUE, BLUE, "scarf"),
    "gloria": face(LILAC, UMBER, INK, SUN, "afro"),
    "gurdeep": face(SKY, OLIVE, TOMATO, INK, "turban"),
    "hamza": face(PINK, TAN, INK, LEAF, "crop", glasses=True),
    "harold": face(SUN, PALE, SNOW, LEAF, "moustache"),
    "hodan": face(MINT, UMBER, TOMATO, TOMATO, "scarf"),
    "ivy": face(SKY, PALE, SNOW, "#9b6fd0", "curls", glasses=True),
    "jean": face(PINK, ROSY, SNOW, LEAF, "short", glasses=True),
    "joanna": face(SKY, PALE, STRAW, TOMATO, "plaits"),
    "kieran": face(MINT, "#f3cdb0", GINGER, BLUE, "beard"),
    "len": face(LIME, PALE, "#5b6a8f", BLUE, "cap"),
    "leroy": face(MINT, DEEP, INK, BLUE, "beard"),
    "marcus": face(PEACH, DEEP, INK, LEAF, "moustache"),
    "maureen": face(LILAC, PALE, SILVER, TOMATO, "curls"),
    "mei": face(PINK, SAND, INK, SUN, "bob"),
    "nadia": face(LILAC, OLIVE, LEAF, LEAF, "scarf", glasses=True),
    "priya": face(PINK, OLIVE, INK, LEAF, "long"),
    "rosa": face(MINT, SAND, CHESTNUT, SUN, "curls"),
    "sheila": face(PEACH, ROSY, SILVER, BLUE, "bob"),
    "tom": face(SKY, ROSY, CHESTNUT, TOMATO, "short"),
    "winston": face(SKY, UMBER, "#c9c5da", LEAF, "bald", glasses=True),
}


def sprite() -> str:
    """The sprite: one symbol `f-<name>` for each face."""
    symbols = [f'<symbol id="f-{name}" viewBox="0 0 48 48">{body}</symbol>' for name, body in FACES.items()]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


if __name__ == "__main__":
    SPRITE.write_text(sprite())
