"""Draw the demo's pictures: six for the stories, three diagrams and one for link previews.

A development tool, run by hand from the root of the repository; the PNGs it writes are kept beside it:

    python -m venv /tmp/pictures && /tmp/pictures/bin/pip install cairosvg Pillow
    /tmp/pictures/bin/python -m home.demo.make_pictures [name ...]

The diagrams want Noto Sans on the machine; another sans will do but sets wider or narrower. Each picture is one
function that takes the hue in force and returns SVG. Measures are pixels of the finished picture. Light falls from
the left, so cuts stand on the right of things.
"""

import io
import sys
from math import cos, radians, sin, sqrt, tan
from pathlib import Path

import cairosvg
from PIL import Image

FOLDER = Path(__file__).parent / "images"

# The light scheme of tokens.css; a picture has these three and one hue.
INK, PAPER, SHADE = "#1d1a15", "#f8f4ea", "#efe8d9"
TOOLKIT, TRAINING, FUNDING = "#9c2f16", "#1c4c86", "#1b5c42"

# Two weights only. At 320 px wide they are 3 px and a little over 1 px.
THICK, THIN = 16, 6
GROUND = 880  # where things stand in a story picture
LABEL = 60  # 12 px when a diagram is shown 320 px wide

# The pen: each of these returns one piece of SVG


def shape(points, fill="none", line=INK, width=0):
    """A closed figure with mitred corners."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    stroke = f' stroke="{line}" stroke-width="{width}"' if width else ""
    return f'<polygon points="{path}" fill="{fill}"{stroke}/>'


def block(x, y, width, height, fill=INK, line=INK, weight=0):
    """A rectangle; its line is drawn inside, so that blocks can stand edge to edge."""
    x, y, width, height = x + weight / 2, y + weight / 2, width - weight, height - weight
    return shape(
        [(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill, line, weight
    )


def disc(x, y, radius, fill=INK, line=INK, weight=0):
    """A circle; its line is drawn inside."""
    stroke = f' stroke="{line}" stroke-width="{weight}"' if weight else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius - weight / 2}" fill="{fill}"{stroke}/>'


def rule(points, line=INK, weight=THIN, dash=""):
    """An open line with square ends."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline points="{path}" fill="none" stroke="{line}" stroke-width="{weight}"{dashes}/>'
    )


def cuts(x, y, length, height, fill=INK, gap=24, weight=10, rhythm=(1, 0.62, 0.84, 0.5)):
    """Gouge marks: a comb of wedges, wide at `x`, pointed `length` away (to the left when negative)."""
    rows = int(height // gap)
    start = y + (height - (rows - 1) * gap) / 2
    wedges = []
    for row in range(rows):
        middle, reach = start + row * gap, length * rhythm[row % len(rhythm)]
        wedges.append(
            f"M{x:.1f} {middle - weight / 2:.1f}L{x + reach:.1f} {middle:.1f}L{x:.1f} {middle + weight / 2:.1f}z"
        )
    return f'<path d="{"".join(wedges)}" fill="{fill}"/>'


def words(x, y, text, fill=INK, size=LABEL, anchor="middle"):
    """A line of text on the baseline `y`."""
    return (
        f'<text x="{x}" y="{y}" fill="{fill}" font-family="Noto Sans, sans-serif" font-size="{size}" '
        f'font-weight="bold" text-anchor="{anchor}">{text}</text>'
    )


def arrow(points, line=INK):
    """A line that ends in a solid head; its last stretch must be level or upright."""
    (x0, y0), (x, y), head = *points[-2:], 30
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    back_x, back_y = x - dx * head * 1.5, y - dy * head * 1.5
    barbs = [(back_x + dy * head, back_y + dx * head), (back_x - dy * head, back_y - dx * head)]
    return rule([*points[:-1], (back_x, back_y)], line, THICK) + shape([(x, y), *barbs], line)


# The recurring figures


def climb(x, y, tread, rise):
    """The points of the four-step line, from the foot of its first riser at (x, y) to the end of its top tread."""
    points = [(x, y)]
    for step in range(4):
        points += [
            (x + step * tread, y - (step + 1) * rise),
            (x + (step + 1) * tread, y - (step + 1) * rise),
        ]
    return points


def stairs(x, y, tread, rise, fill):
    """The four steps as a solid, standing on `y`."""
    return shape([*climb(x, y, tread, rise), (x + 4 * tread, y)], fill)


def floor():
    """What every story picture stands on: the thick rule and the thin one."""
    return (
        block(0, GROUND, 1600, 120, PAPER)
        + block(0, GROUND, 1600, THICK)
        + block(0, GROUND + 36, 1600, THIN)
    )


def clip(name, points, *parts):
    """Only what falls within the figure."""
    return f'<clipPath id="{name}">{shape(points, INK)}</clipPath><g clip-path="url(#{name})">{"".join(parts)}</g>'


def turned(degrees, x, y, *parts):
    """The parts turned clockwise about a point."""
    return f'<g transform="rotate({degrees} {x:.1f} {y:.1f})">{"".join(parts)}</g>'


# The stories


def register_leaf(hinge, edge, hue):
    """One leaf of the register, hung at x = `hinge` and swung open to x = `edge`, where it is nearer and taller."""

    def at(across, down):
        """A point of the leaf: 0 to 1 from hinge to edge, 0 to 1 from top to foot."""
        top, foot = 150 - 90 * across, 790 + 90 * across
        return hinge + (edge - hinge) * across, top + (foot - top) * down

    def patch(left, right, top, foot, fill):
        return shape([at(left, top), at(right, top), at(right, foot), at(left, foot)], fill)

    parts = [
        patch(0, 1, 0, 1, PAPER),
        patch(0.92, 1, 0, 1, SHADE),
        patch(0.07, 0.85, 0.07, 0.15, hue),
    ]
    parts += [rule([at(0.07, 0.2 + 0.1 * row), at(0.85, 0.2 + 0.1 * row)]) for row in range(8)]
    parts += [rule([at(page, 0), at(page, 1)]) for page in (0.92, 0.96)]
    for row, end in enumerate((0.5, 0.38, 0.54, 0.44, 0.52, 0.34, 0.47)):
        top, foot = 0.234 + 0.1 * row, 0.266 + 0.1 * row
        if edge < hinge:  # on the left leaf reading starts at the outer edge, not at the hinge
            parts += [patch(0.09, 0.22, top, foot, hue), patch(0.92 - end, 0.83, top, foot, INK)]
        else:
            parts += [patch(0.09, end, top, foot, INK), patch(0.7, 0.83, top, foot, hue)]
    return "".join(parts)


def the_clerk(hue):
    """A register whose two leaves open like shutters on steps and daylight."""
    left, top, right, foot = 520, 150, 1080, 790
    tread = (right - left) / 4
    path = [(left, foot + THICK), (right, foot + THICK), (right + 130, 1000), (left - 130, 1000)]
    return "".join(
        [
            block(0, 0, 1600, 1000, INK),
            block(left, top, right - left, foot - top, hue),
            disc(left + 190, top + 210, 105, PAPER),
            cuts(right, top + 12, -250, 300, INK, 30, 11),
            stairs(left, foot, tread, 74, PAPER),
            rule(climb(left, foot, tread, 74)[1:], INK, THICK),
            clip(
                "path",
                path,
                shape(path, PAPER),
                cuts(right + 130, foot + THICK, -420, 200, INK, 30, 14),
            ),
            register_leaf(left, 100, hue),
            register_leaf(right, 1500, hue),
        ]
    )


def nine_days(hue):
    """A calendar leaf: nine days struck out, the tenth a gate coming down on the steps."""
    left, top, middle, right = 170, 130, 810, 1430
    head = top + 110
    wide, high = (middle - left - THICK) / 3, (GROUND - head) / 3
    parts = [floor(), block(left, top, right - left, GROUND - top, PAPER)]
    parts += [rule([(left, head + row * high), (middle, head + row * high)]) for row in (1, 2)]
    parts += [
        rule([(middle - column * wide, head), (middle - column * wide, GROUND)])
        for column in (1, 2)
    ]
    for day in range(9):
        x, y = middle - (3 - day % 3) * wide, head + day // 3 * high
        parts += [
            shape([(x + 40, y + high - 40), (x + wide - 58, y + 40), (x + wide - 40, y + 58)], INK),
            shape(
                [(x + 40, y + 40), (x + wide - 40, y + high - 58), (x + wide - 58, y + high - 40)],
                INK,
            ),
        ]
    tread = (right - middle) / 4
    steps = [
        stairs(middle, GROUND, tread, 58, PAPER),
        rule(climb(middle, GROUND, tread, 58)[1:], INK, THICK),
    ]
    gate = [block(middle, head, right - middle, GROUND - head, hue), *steps]
    bars = [middle + THICK + (right - middle - 2 * THICK) * (bar + 0.5) / 5 for bar in range(5)]
    gate += [
        shape([(x - 13, top), (x + 13, top), (x + 13, 560), (x, 605), (x - 13, 560)], INK)
        for x in bars
    ]
    gate += [block(middle, y, right - middle, THICK) for y in (320, 420, 520)]
    parts += [*gate, block(left, top, right - left, 110), block(middle, top, THICK, GROUND - top)]
    parts.append(block(left, top, right - left, GROUND - top + THICK, "none", INK, THICK))
    parts += [
        block(left + 85 + ring * 210, top - 60, 40, 120, PAPER, INK, THICK) for ring in range(6)
    ]
    return "".join(parts)


def a_coalition(hue):
    """Unlike shapes, each leaning on the same stepped line."""
    tread, rise, low, half = 400, 140, 800, 14
    line = climb(0, low + rise, tread, rise)[1:]

    def foot(step, degrees):
        """Where the lowest corner of a shape stands so that its right side rests on the riser after this step."""
        x, y = tread * (step + 1) - half, low - rise * step - half
        return x - rise * tan(radians(degrees)), y

    x, y = foot(0, 9)
    tower = turned(
        9,
        x,
        y,
        block(x - 180, y - 600, 180, 600, INK),
        cuts(x - 182, y - 575, 82, 550, SHADE, 34, 12),
    )
    radius = 172
    ball_x, ball_y = (
        2 * tread - half - sqrt(radius**2 - (rise - radius) ** 2),
        low - rise - half - radius,
    )
    ball = [
        disc(ball_x, ball_y, radius, PAPER),
        cuts(ball_x + radius, ball_y - 135, -210, 270, INK, 30, 15),
    ]
    ring = [
        (ball_x + radius * cos(radians(a)), ball_y + radius * sin(radians(a)))
        for a in range(0, 360, 3)
    ]
    x, y = foot(2, 14)
    boards = [block(x - 260, y - 260 + 62 * board, 260, THICK) for board in range(1, 4)]
    crate = turned(14, x, y, block(x - 260, y - 260, 260, 260, PAPER, INK, THICK), *boards)
    top = low - 3 * rise - half
    peak = shape([(1240, top), (1560, top), (1400, top - 277)], INK)
    echo = [(x + 30, y + 54) for x, y in line[:-1]] + [(1600, line[-1][1] + 54)]
    return "".join(
        [
            shape([*line, (1600, 1000), (0, 1000)], PAPER),
            tower,
            clip("ball", ring, *ball),
            disc(ball_x, ball_y, radius, "none", INK, THICK),
            crate,
            peak,
            cuts(1600, 600, -520, 400, INK, 34, 12),
            rule([(0, echo[0][1]), *echo], INK, THIN),
            rule(line, hue, half * 2),
        ]
    )


def capsule(x, y, hue, width=110, height=46):
    """A capsule in two colours, centred."""
    half = height / 2
    left, right = x - width / 2 + half, x + width / 2 - half
    back = f"H{left}A{half} {half} 0 0 1 {left} {y - half}z"
    shell = f"M{left} {y - half}H{right}A{half} {half} 0 0 1 {right} {y + half}{back}"
    cap = f"M{left} {y - half}H{x}V{y + half}{back}"
    return (
        f'<path d="{shell}" fill="{PAPER}"/><path d="{cap}" fill="{hue}"/>'
        f'<path d="{shell}" fill="none" stroke="{INK}" stroke-width="{THIN}"/>'
    )


def price_tag(x, height, bars, hue, dear=False):
    """A tag on a string from the rail, as tall as its price is high; the dear one is solid."""
    top, width, corner = GROUND - height, 190, 46
    fill, mark = (hue, PAPER) if dear else (PAPER, INK)
    left, right, middle = x + THICK / 2, x + width - THICK / 2, x + width / 2
    tag = [(left, top + corner), (left + corner, top), (right - corner, top), (right, top + corner)]
    parts = [
        shape([(left, GROUND + THICK / 2), *tag, (right, GROUND + THICK / 2)], fill, INK, THICK)
    ]
    parts += [
        disc(middle, top + 52, 22, SHADE, INK, THIN),
        rule([(middle, 100), (middle, top + 52)]),
    ]
    parts.append(capsule(middle, top + 132, INK if dear else hue))
    parts += [block(middle - 52, GROUND - 50 - bar * 37, 104, THICK, mark) for bar in range(bars)]
    return "".join(parts)


def the_hospital(hue):
    """One medicine, four prices: a bottle beside tags that climb like steps."""
    tags = [
        price_tag(628 + step * 206, 270 + step * 111, 1 + step * 3, hue, step == 3)
        for step in range(4)
    ]
    bottle = [
        block(196, 320, 278, 104),
        *[block(232 + notch * 33, 340, THIN, 64, PAPER) for notch in range(7)],
        shape([(220, 436), (450, 436), (520, 500), (520, GROUND), (150, GROUND), (150, 500)], INK),
        block(150, 560, 370, 230, PAPER, INK, THIN),
        cuts(517, 566, -72, 220, INK, 28, 12),
        capsule(335, 645, hue, 200, 84),
        block(235, 722, 200, THICK),
    ]
    return "".join([floor(), block(0, 64, 1600, THIN), block(0, 90, 1600, THICK), *tags, *bottle])


def the_portal(hue):
    """Four steps lead up to a screen with nothing in it."""
    parts = [floor()]
    left, right, y = 360, 1240, 588
    for _ in range(4):
        parts += [
            shape([(left, y), (right, y), (right + 50, y + 30), (left - 50, y + 30)], PAPER),
            rule([(left - 50, y + 30), (left, y), (right, y), (right + 50, y + 30)]),
            block(left - 53, y + 27, right - left + 106, 52, hue, INK, THIN),
            cuts(right + 50, y + 30, -300, 43, INK, 14, 8),
        ]
        left, right, y = left - 50, right + 50, y + 73
    parts += [block(400, 90, 800, 506, PAPER, INK, THICK * 2), block(400, 90, 800, 100)]
    parts += [block(448 + dot * 52, 128, 28, 28, PAPER) for dot in range(3)]
    parts += [rule([(490, row), (1110, row)]) for row in (280, 360, 440, 520)]
    parts += [cuts(0, 90, 320, 506, INK, 34, 12), cuts(1600, 90, -320, 506, INK, 34, 12)]
    return "".join(parts)


def coins(x, top, hue, width=170, height=45):
    """A stack of coins seen from the side, from the ground up to `top`; the uppermost in the hue."""
    parts = []
    for coin in range(round((GROUND - top) / height)):
        y = top + coin * height
        parts.append(block(x, y, width, height + THIN, PAPER if coin else hue, INK, THIN))
        parts += [cuts(x + width - 3, y + 6, -110, height - 6, INK, 13, 8)] if coin else []
    return "".join(parts)


def seal(x, y, radius, hue):
    """A toothed seal with two ribbons."""
    teeth = []
    for tooth in range(32):
        reach = radius if tooth % 2 else radius * 0.84
        teeth.append(
            (x + reach * cos(radians(tooth * 11.25)), y + reach * sin(radians(tooth * 11.25)))
        )
    tails = [
        [
            (x, y),
            (x + side * 12, y + 84),
            (x + side * 28, y + 70),
            (x + side * 46, y + 76),
            (x + side * 34, y),
        ]
        for side in (-1, 1)
    ]
    return "".join(
        [*[shape(tail, INK) for tail in tails], shape(teeth, hue), disc(x, y, radius * 0.55, PAPER)]
    )


def the_decree(hue):
    """The lines of a decree run off the sheet and become the tops of four stacks of coins."""
    tops = [GROUND - 45 * count for count in (4, 7, 10, 13)]
    right = 590
    sheet = [
        (130, 100),
        (500, 100),
        (right, 190),
        (right, GROUND + THICK / 2),
        (130, GROUND + THICK / 2),
    ]
    parts = [
        floor(),
        shape(sheet, PAPER, INK, THICK),
        shape([(500, 100), (500, 190), (right, 190)], SHADE),
    ]
    parts.append(rule([(500, 100), (500, 190), (right, 190)], INK, THICK))
    parts += [block(200, 176, 220, THICK * 2)]
    parts += [
        block(200, top + line, 320 - (line == 90) * 90, THIN)
        for top in tops[1:]
        for line in (45, 90)
    ]
    for step, top in enumerate(tops):
        parts += [block(200, top, 520 + step * 200, THICK, hue), coins(700 + step * 200, top, hue)]
    return "".join([*parts, seal(500, 782, 50, hue)])


# The diagrams


def card(x, y, text, fill=PAPER, line=INK, colour=INK, dash=""):
    """A card with a short label, centred on (x, y)."""
    left, top, right, foot = x - 122, y - 70, x + 122, y + 70
    corners = [(left, top), (right, top), (right, foot), (left, foot)]
    edge = rule([*corners, (left, top - THIN / 2)], line, THIN, dash)
    return shape(corners, fill) + edge + words(x, y + 20, text, colour, 56)


def supporters_map(hue):
    """Who is against and who is for, by how much say they have; three to move first and where one should be."""
    left, top, wide, high = 214, 60, 272, 256
    right, foot, axis = left + 5 * wide, top + 3 * high, left - THICK / 2
    parts = [block(left + column * wide, top, wide, foot - top, SHADE) for column in (0, 2, 4)]
    parts += [
        rule([(left - THICK, foot), (right, foot)], INK, THICK),
        arrow([(axis, foot), (axis, top - 30)]),
    ]
    plain, first, wanted = (
        {},
        {"fill": hue, "line": hue, "colour": PAPER},
        {"line": hue, "colour": hue, "dash": "26 13"},
    )
    cards = [
        (1, 0, "Deputy", plain), (2, 0, "Deputy", wanted), (4, 0, "Audit", plain),
        (0, 1, "Firms", plain), (2, 1, "Budget", first), (4, 1, "Press", plain),
        (2, 2, "Buyers", first), (3, 2, "Guild", first), (4, 2, "Union", plain),
    ]  # fmt: skip
    for column, row, text, look in cards:
        parts.append(card(left + (column + 0.5) * wide, top + (row + 0.5) * high, text, **look))
    parts += [words(18, top + y, text, anchor="start") for y, text in ((72, "More"), (140, "say"))]
    parts += [words(18, foot - y, text, anchor="start") for y, text in ((76, "Less"), (8, "say"))]
    parts += [
        words(left + (column + 0.5) * wide, foot + 96, text)
        for column, text in ((0, "Against"), (4, "For"))
    ]
    parts.append(arrow([(left + 1.1 * wide, foot + 76), (left + 4.16 * wide, foot + 76)]))
    return "".join(parts)


def buying_cycle(hue):
    """Public buying as a loop of six, round the four steps."""
    top, middle, foot = 150, 500, 850
    places = [
        (535, top, "Plan"), (1065, top, "Tender"), (1335, middle, "Award"),
        (1065, foot, "Contract"), (535, foot, "Deliver"), (265, middle, "Pay"),
    ]  # fmt: skip
    parts = []
    for x, y, text in places:
        parts += [
            block(x - 215, y - 85, 430, 170, "none", INK, THICK),
            words(x, y + 26, text, size=76),
        ]
    ways = [
        [(750, top), (850, top)], [(1280, top), (1420, top), (1420, 415)], [(1420, 585), (1420, foot), (1280, foot)],
        [(850, foot), (750, foot)], [(320, foot), (180, foot), (180, 585)], [(180, 415), (180, top), (320, top)],
    ]  # fmt: skip
    parts += [arrow(way, hue) for way in ways]
    return "".join([*parts, stairs(580, 620, 110, 60, hue)])


def political_window(hue):
    """A window in time: each of the team's three moves comes just before a decision, all before the window closes."""
    base, top, opens, closes, foot, tread, rise = 800, 110, 170, 1424, 232, 398, 125
    parts = [
        block(opens, top, closes - opens, base - top, SHADE),
        cuts(closes, top, 130, base - top - 44, INK, 30, 12),
    ]
    for move in range(3):
        x, y = foot + move * tread, base - (move + 1) * rise
        parts += [block(x, y, tread, base - y, hue), words(x + 66, y + 92, move + 1, PAPER, 76)]
        parts += [
            block(x + 274, y - 56, THICK, 56),
            block(x + 212, y - 226, 140, 170, PAPER, INK, THICK),
        ]
        parts.append(block(x + 212, y - 226, 140, 56))
    parts += [
        block(opens, top, closes - opens, THIN),
        *[block(x - THICK / 2, top, THICK, base - top) for x in (opens, closes)],
    ]
    parts.append(arrow([(40, base), (1564, base)]))
    parts += [
        words(opens + 44, top + 110, "Decision dates", anchor="start"),
        words(foot + 300, base - 34, "Team moves", PAPER, anchor="start"),
    ]
    parts += [words(opens, base + 92, "Opening"), words(closes, base + 92, "Closes")]
    return "".join(parts)


def share(hue):
    """The staircase alone, for link previews; it survives a square crop."""
    left, foot, tread, rise, half = 60, 530, 270, 112, 12
    parts = []
    for step in range(4):
        x, height = left + step * tread, (step + 1) * rise
        parts.append(block(x, foot - height, tread, height, hue if step == 3 else SHADE))
        parts.append(cuts(x + tread, foot - height + 24, -170, height - 24, INK, 27, 12))
    line = [(x - half, y + half) for x, y in climb(left, foot, tread, rise)[2:]]
    parts.append(rule([(left, line[0][1]), *line], hue, half * 2))
    return "".join([*parts, block(0, foot, 1200, THICK), block(0, foot + 36, 1200, THIN)])


PICTURES = {
    "story-the-clerk-who-wanted-it-open": (the_clerk, TOOLKIT, SHADE, 1600, 1000),
    "story-nine-days-for-an-emergency-rule": (nine_days, FUNDING, SHADE, 1600, 1000),
    "story-a-coalition-that-shared-one-sentence": (a_coalition, TRAINING, SHADE, 1600, 1000),
    "story-the-hospital-price-list": (the_hospital, TOOLKIT, SHADE, 1600, 1000),
    "story-when-the-portal-stayed-empty": (the_portal, TRAINING, SHADE, 1600, 1000),
    "story-from-decree-to-budget-line": (the_decree, FUNDING, SHADE, 1600, 1000),
    "supporters-map": (supporters_map, TOOLKIT, PAPER, 1600, 1000),
    "buying-cycle": (buying_cycle, TOOLKIT, PAPER, 1600, 1000),
    "political-window": (political_window, TOOLKIT, PAPER, 1600, 1000),
    "share": (share, TOOLKIT, PAPER, 1200, 630),
}


def palette(hue, between=5):
    """The four colours and the steps between each two of them, which smooth the edges."""
    colours = [tuple(bytes.fromhex(colour[1:])) for colour in (INK, PAPER, SHADE, hue)]
    mixes = list(colours)
    for index, one in enumerate(colours):
        for other in colours[index + 1 :]:
            for part in range(1, between + 1):
                mixes.append(
                    tuple(
                        round(a + (b - a) * part / (between + 1))
                        for a, b in zip(one, other, strict=True)
                    )
                )
    holder = Image.new("P", (1, 1))
    holder.putpalette([value for colour in mixes for value in colour])
    return holder


def save(name):
    """Draw one picture and write it as a small PNG; return its size in bytes."""
    draw, hue, ground, width, height = PICTURES[name]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"{block(0, 0, width, height, ground)}{draw(hue)}</svg>"
    )
    image = Image.open(io.BytesIO(cairosvg.svg2png(svg.encode()))).convert("RGB")
    path = FOLDER / f"{name}.png"
    image.quantize(palette=palette(hue), dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


def main():
    """Draw the pictures named on the command line, or all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or PICTURES:
        print(f"{save(name):>7,}  {name}.png")


if __name__ == "__main__":
    main()
