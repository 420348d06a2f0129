"""Supporters and detractors map: a grid with movable cards, and the same on paper to write on and cut out."""

from toolkit.demo.files_builder import theme
from toolkit.demo.files_builder.outputs import Output
from toolkit.demo.files_builder.slides import HEIGHT, MARGIN, WIDTH, SlideFile
from toolkit.demo.files_builder.theme import Template

TEMPLATE = Template(
    slug="supporters-and-detractors-map",
    title="Supporters and detractors map",
    version="1.2",
    step=1,
    chapters=("1.2",),
)
COLUMNS, ROWS = 5, 3
ROW_LABEL_WIDTH = 1.9
GRID_LEFT, GRID_TOP = MARGIN + ROW_LABEL_WIDTH, 4.5
TRAY_WIDTH = 3.9
# With the tray of cards beside it on screen; across the whole sheet on paper.
SCREEN_COLUMN = (WIDTH - 2 * MARGIN - ROW_LABEL_WIDTH - TRAY_WIDTH - 0.5) / COLUMNS
PAPER_COLUMN = (WIDTH - 2 * MARGIN - ROW_LABEL_WIDTH) / COLUMNS
ROW = (HEIGHT - GRID_TOP - 1.3) / ROWS
TRAY_LEFT = WIDTH - MARGIN - TRAY_WIDTH
CARD = (3.5, 1.45)
PLAIN_CARDS, MARKED_CARDS, LOOSE_ARROWS = 14, 3, 4


def build_slides(edition, path):
    """The file to work in: how to, an empty map with its cards, the moves, and an example."""
    t = edition.t
    file = SlideFile(edition, TEMPLATE, theme.PAPER)
    file.draw_grid(GRID_LEFT, GRID_TOP, SCREEN_COLUMN, ROW, COLUMNS, ROWS)
    _add_guide(file)
    empty = _add_map(file, t("Our map"), _change_to_write(t), SCREEN_COLUMN, _facilitation(t))
    _add_tray(file, empty)
    _add_moves(file, t("Three cards to move first"), [[""] * 5] * 3)
    example = _add_map(
        file,
        t("Example: School Meals Monitor, Oriande (invented)"),
        _example_change(t),
        SCREEN_COLUMN,
    )
    _add_example_cards(file, example, SCREEN_COLUMN)
    _add_legend(file, example)
    _add_moves(file, t("Example: three cards to move first"), _example_moves(t))
    file.save(path)


def build_print(edition, path):
    """The sheets to print: an empty map, twenty cards to cut out, the moves, and an example."""
    t = edition.t
    file = SlideFile(edition, TEMPLATE, theme.WHITE)
    file.draw_grid(GRID_LEFT, GRID_TOP, PAPER_COLUMN, ROW, COLUMNS, ROWS)
    _add_map(file, t("Our map"), _change_to_write(t), PAPER_COLUMN)
    _add_cards_to_cut(file)
    _add_moves(file, t("Three cards to move first"), [[""] * 5] * 3)
    example = _add_map(
        file,
        t("Example: School Meals Monitor, Oriande (invented)"),
        _example_change(t),
        PAPER_COLUMN,
    )
    _add_example_cards(file, example, PAPER_COLUMN)
    file.save(path)


# Words


def _change_to_write(t):
    return t("The change, in one sentence with a date: …")


def _example_change(t):
    return t(
        "The change: “From 1 June, every school meals contract and every later change to it is published.”"
    )


def _facilitation(t):
    return t(
        "Forty minutes: 5 for the sentence, 8 to place cards by their say, 10 to move them to their column, 7 for the "
        "arrows, 10 to choose three. Ask for the act whenever a card goes into an outer column."
    )


def _stances(t):
    return (
        t("Works against it"),
        t("Leans against"),
        t("Undecided"),
        t("Leans for it"),
        t("Works for it"),
    )


def _says(t):
    return (t("Most say"), t("Some say"), t("Least say"))


# Slides


def _add_guide(file):
    t = file.t
    slide = file.add_slide(t("Draw the map in forty minutes"))
    steps = (
        (t("Write the change across the top"), t("5 minutes. One sentence, with a date.")),
        (
            t("Place every card by its say"),
            t(
                "8 minutes. Forget rank. If this office objected, could it stop the change? The more it can, the "
                "higher."
            ),
        ),
        (
            t("Move every card to its column"),
            t(
                "10 minutes. The two outer columns only with an act that you can show. No act: one column inwards."
            ),
        ),
        (
            t("Draw who listens to whom"),
            t(
                "7 minutes. One arrow, from the listener to the one they listen to. Arrows hold on to cards."
            ),
        ),
        (
            t("Choose three cards to move first"),
            t(
                "10 minutes. One column is enough. Use the filled cards, and a dashed card for where you want each."
            ),
        ),
    )
    for index, (head, text) in enumerate(steps):
        top = 3.2 + index * 2.25
        file.add_text(
            slide,
            (MARGIN, top, 1.4, 1.2),
            [str(index + 1)],
            30,
            theme.RUST,
            font=theme.HEADING_FONT,
        )
        file.add_text(slide, (MARGIN + 1.6, top + 0.05, 24, 0.8), [head], 17, bold=True)
        file.add_text(slide, (MARGIN + 1.6, top + 0.9, 24, 1.1), [text], 15, theme.INK_SOFT)
    file.add_note(
        slide,
        (MARGIN, 14.9, WIDTH - 2 * MARGIN, 3.6),
        [
            t(
                "Keep it safe: offices and groups, never names of people. Do not photograph the map and do not "
                "send it."
            ),
            t("Agree before you start who keeps the file or the paper, and who destroys it."),
            t(
                "Delete this slide and the examples when you no longer need them. The grid cannot be moved by mistake."
            ),
        ],
        14,
    )


def _add_map(file, title, change, column_width, notes=""):
    t = file.t
    slide = file.add_slide(title, notes, on_grid=True)
    width = column_width * COLUMNS + ROW_LABEL_WIDTH
    file.add_text(slide, (MARGIN, 2.4, width, 1.1), [change], 15, theme.INK, middle=True)
    for index, stance in enumerate(_stances(t)):
        place = (GRID_LEFT + index * column_width, GRID_TOP - 0.75, column_width, 0.7)
        file.add_text(slide, place, [stance], 12, theme.RUST, bold=True, centred=True, middle=True)
    for index, say in enumerate(_says(t)):
        place = (MARGIN, GRID_TOP + index * ROW, ROW_LABEL_WIDTH - 0.15, ROW)
        file.add_text(slide, place, [say], 12, theme.RUST, bold=True, middle=True)
    return slide


def _add_tray(file, slide):
    """Piles of blank cards beside the grid: take one, write an office on it, drag it onto the grid."""
    t = file.t
    file.add_text(
        slide,
        (TRAY_LEFT, GRID_TOP - 0.75, TRAY_WIDTH, 0.7),
        [t("Take a card")],
        12,
        bold=True,
        middle=True,
    )
    for index in reversed(range(PLAIN_CARDS)):
        file.add_card(slide, TRAY_LEFT, GRID_TOP + index * 0.22, t("Office"), size=CARD)
    top = GRID_TOP + PLAIN_CARDS * 0.22 + 1.6
    file.add_text(
        slide, (TRAY_LEFT, top, TRAY_WIDTH, 0.6), [t("To move first")], 11, theme.INK_SOFT
    )
    for index in reversed(range(MARKED_CARDS)):
        file.add_card(slide, TRAY_LEFT, top + 0.6 + index * 0.22, t("Office"), "first", CARD)
    top += 2.9
    file.add_text(
        slide, (TRAY_LEFT, top, TRAY_WIDTH, 0.6), [t("Where we want it")], 11, theme.INK_SOFT
    )
    for index in reversed(range(MARKED_CARDS)):
        file.add_card(slide, TRAY_LEFT, top + 0.6 + index * 0.22, t("Office"), "wanted", CARD)
    top += 2.9
    file.add_text(slide, (TRAY_LEFT, top, TRAY_WIDTH, 0.6), [t("Listens to …")], 11, theme.INK_SOFT)
    for index in range(LOOSE_ARROWS):
        file.add_loose_arrow(slide, TRAY_LEFT, top + 0.8 + index * 0.3, TRAY_WIDTH - 0.4)


def _add_moves(file, title, rows):
    t = file.t
    slide = file.add_slide(title)
    columns = [
        (t("Office"), 4),
        (t("From, to"), 4),
        (t("Why it might move"), 6),
        (t("Who speaks to it"), 4),
        (t("By, and the sign that it moved"), 5),
    ]
    file.add_table(slide, (MARGIN, 3.2, WIDTH - 2 * MARGIN, 12), columns, rows, 3.6)
    closing = t(
        "Put a date on the map. Look at it again after every meeting with somebody who is on it."
    )
    file.add_note(slide, (MARGIN, 16.6, WIDTH - 2 * MARGIN, 1.2), [closing], 13)


def _add_cards_to_cut(file):
    t = file.t
    slide = file.add_slide(t("Twenty cards to cut out"))
    across, down = 4, 5
    width, height = (WIDTH - 2 * MARGIN) / across, 3.35
    lines = (
        t("Office:"),
        t("Would cost it:"),
        t("Could be worth to it:"),
        t("Last act seen, source, date:"),
    )
    for index in range(across * down):
        place = (MARGIN + (index % across) * width, 2.7 + (index // across) * height, width, height)
        file.add_paper_card(slide, place, lines, t("Card {number}").format(number=index + 1))


# The example: the cards of chapter 1.2, and the offices of chapter 2.2


def _add_example_cards(file, slide, column_width):
    t = file.t
    cards = {}
    for key, column, row, slot, text, kind in _example_cards(t):
        x = GRID_LEFT + column * column_width + (column_width - CARD[0]) / 2
        y = GRID_TOP + row * ROW + 0.15 + slot * (CARD[1] + 0.14)
        cards[key] = file.add_card(slide, x, y, text, kind, CARD)
    for listener, heard in _example_arrows():
        file.add_arrow(slide, cards[listener], cards[heard])


def _example_cards(t):
    """Key, column, row, place in the square from the top, words, kind of card."""
    return (
        ("finance", 2, 0, 0, t("Finance directorate"), "plain"),
        ("minister", 2, 0, 1, t("Minister of education"), "plain"),
        ("secretary", 3, 0, 1, t("Permanent secretary"), "first"),
        ("secretary_wanted", 4, 0, 1, t("Permanent secretary, by 24 February"), "wanted"),
        ("caterers", 1, 1, 0, t("Association of large caterers"), "plain"),
        ("units", 1, 1, 2, t("Provincial procurement units"), "first"),
        ("legal", 2, 1, 0, t("Legal department"), "plain"),
        ("portal", 2, 1, 1, t("National portal office"), "first"),
        ("units_wanted", 2, 1, 2, t("Procurement units, by January"), "wanted"),
        ("portal_wanted", 3, 1, 1, t("Portal office, by 13 January"), "wanted"),
        ("court", 4, 1, 0, t("Court of Accounts"), "plain"),
        ("newspaper", 2, 2, 1, t("Provincial newspaper"), "plain"),
        ("kitchens", 3, 2, 0, t("Small kitchens’ cooperative"), "plain"),
        ("heads", 3, 2, 2, t("Head teachers"), "plain"),
        ("parents", 4, 2, 1, t("Parents’ associations"), "plain"),
    )


def _example_arrows():
    return (
        ("finance", "secretary"),
        ("minister", "secretary"),
        ("portal", "secretary"),
        ("newspaper", "heads"),
        ("heads", "parents"),
    )


def _example_moves(t):
    return [
        [
            t("Provincial procurement units"),
            t("Leans against, to undecided"),
            t(
                "They fear much work. Two of us timed one upload: it takes minutes, and ends many letters."
            ),
            t("A head of unit who would rather publish once"),
            t("9 December. One unit uploads a contract as a trial."),
        ],
        [
            t("National portal office"),
            t("Undecided, to leans for it"),
            t("Few offices use the portal. It needs one form and twelve working days."),
            t("Our researcher"),
            t("13 January. A mail that says: the portal can take the documents."),
        ],
        [
            t("Permanent secretary"),
            t("Leans for it, to works for it"),
            t("Must answer the Court of Accounts in April."),
            t("Our coordinator"),
            t("24 February. The order is in the weekly file."),
        ],
    ]


def _add_legend(file, slide):
    t = file.t
    top = GRID_TOP
    for kind, text in (
        ("plain", t("An office or a group")),
        ("first", t("To move first")),
        ("wanted", t("Where we want it")),
    ):
        file.add_card(slide, TRAY_LEFT, top, text, kind, CARD)
        top += CARD[1] + 0.3
    file.add_text(
        slide,
        (TRAY_LEFT, top, TRAY_WIDTH, 1),
        [t("An arrow goes from the listener to the one heard.")],
        11,
    )


OUTPUTS = (
    Output("pptx", build_slides, native="pptx"),
    Output("pdf", build_print, native="pptx"),
)
