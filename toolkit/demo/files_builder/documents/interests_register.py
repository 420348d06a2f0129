"""Interests register: one row for each office or group, what the change costs it, and the last act seen."""

from datetime import date

from toolkit.demo.files_builder.outputs import Output
from toolkit.demo.files_builder.sheet import Alarm, Column, SheetFile, text_literal
from toolkit.demo.files_builder.theme import Template

TEMPLATE = Template(
    slug="interests-register",
    title="Interests register",
    version="1.2",
    step=1,
    chapters=("1.2", "4.2"),
)
ROOM = 30
EXAMPLE_TODAY = date(2020, 11, 30)
OLD_AFTER_DAYS = 365


def build(edition, path):
    t = edition.t
    lists = _lists(t)
    file = SheetFile(edition, TEMPLATE, lists)
    today, example_today = file.add_start(
        t("Interests register"),
        t(
            "One row for each office or group: what the change would cost it, what it could be worth, and what "
            "it last did."
        ),
        [
            t(
                "Two people fill in the sheet Register before the team meets. Ten to twenty rows are enough."
            ),
            t(
                "Write a stance in an outer column (works for it, works against it) only with an act and its date."
            ),
            t("If you cannot fill in the cost, ask: “What would make this difficult for you?”"),
            t("Mark the three rows to move first. Give each a next move, one person and a date."),
            t("After each meeting, change the row and write the movement on the sheet Movements."),
            t("Look at the two sheets called Example once, then delete them."),
        ],
        [
            t(
                "Keep it safe: offices and groups only, no personal names. Somebody who helps you in secret is left out."
            )
        ],
        [
            (t("Today. The days are counted from here."), "=TODAY()"),
            (t("Today in the example"), EXAMPLE_TODAY),
        ],
    )
    register, example = t("Register"), t("Example")
    file.add_table(register, _columns(file, today), (), ROOM, _alarms(file), wide_break=9)
    _add_counts(file, t("Counts"), t("Your register"), register, ROOM)
    _add_movements(file, register)
    file.add_table(
        example,
        _columns(file, example_today),
        _example_rows(t, lists),
        ROOM // 2,
        _alarms(file),
        True,
        wide_break=9,
    )
    _add_counts(file, t("Example counts"), t("The example"), example, ROOM // 2, example=True)
    file.add_lists()
    file.save(path)


def _lists(t):
    return {
        t("Stance"): [
            t("Works against it"),
            t("Leans against"),
            t("Undecided"),
            t("Leans for it"),
            t("Works for it"),
        ],
        t("Say"): [t("Most say"), t("Some say"), t("Least say")],
        t("Group"): [t("Decides"), t("Carries out"), t("Lives with the result")],
        t("First three"): [t("Yes")],
    }


def _columns(file, today):
    t = file.t
    stance = t("Stance")
    against, in_favour = file.list_item(stance, 1), file.list_item(stance, 5)

    def days_left(row):
        return f'=IF(K{row}="","",K{row}-{today})'

    def check(row):
        return (
            f'=IF(A{row}="","",'
            f'IF(AND(OR(D{row}={against},D{row}={in_favour}),G{row}=""),{text_literal(t("Show the act"))},'
            f'IF(AND(H{row}<>"",{today}-H{row}>{OLD_AFTER_DAYS}),{text_literal(t("Old: look again"))},'
            f'IF(AND(K{row}<>"",K{row}<{today}),{text_literal(t("Move is late"))},'
            f'IF(AND(E{row}="",F{row}=""),{text_literal(t("Ask about the cost"))},"")))))'
        )

    return [
        Column(t("Office or group"), t("Never a person’s name"), 30),
        Column(t("Group"), t("Choose"), 16, choices=t("Group")),
        Column(t("Say"), t("Over this one decision"), 12, choices=t("Say")),
        Column(t("Stance now"), t("Outer ones need an act"), 17, choices=stance),
        Column(t("Would cost them"), t("Money, time, freedom of choice"), 28),
        Column(t("Could be worth to them"), t("What could it give them?"), 28),
        Column(t("Last act seen"), t("A vote, a letter, a refusal, a payment; not a speech"), 32),
        Column(t("Seen on"), "", 13, "date"),
        Column(t("Source"), t("How do you know?"), 24),
        Column(t("Next move, and who makes it"), t("A role in your team"), 36),
        Column(t("By"), "", 13, "date"),
        Column(t("Days left"), t("Fills itself"), 11, "whole", formula=days_left),
        Column(t("First three"), t("Three at most"), 12, choices=t("First three")),
        Column(t("Check"), t("Fills itself"), 20, formula=check),
    ]


def _alarms(file):
    return [
        Alarm('$N2<>""', "N", "N"),
        Alarm("AND(ISNUMBER($L2),$L2<0)", "L", "L"),
        Alarm(f"$M2={file.list_item(file.t('First three'), 1)}", "A", "A"),
    ]


def _add_counts(file, name, title, source, room, example=False):
    sheet = file.add_sheet(name, landscape=False, example=example)
    file.print_on_one_page(sheet)
    for letter, width in zip("ABCDE", (42, 14, 14, 14, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    _write_counts(file, sheet, 1, title, source, room)


def _write_counts(file, sheet, top, title, source, room):
    """Say against stance, and five facts that decide what to do next."""
    t = file.t

    def cells(letter):
        return file.ref(source, f"{letter}2:{letter}{room + 1}")

    file.write_heading(sheet, top, title)
    stances, says = file.lists[t("Stance")], file.lists[t("Say")]

    def count(position):
        say = file.list_item(t("Say"), position)

        def formula(row):
            return f"=COUNTIFS({cells('D')},$A{row},{cells('C')},{say})"

        return formula

    columns = [
        Column(
            t("Stance"), "", formula=lambda row: "=" + file.list_item(t("Stance"), row - top - 1)
        ),
        *(Column(say, "", formula=count(position)) for position, say in enumerate(says, 1)),
        Column(t("All"), "", formula=lambda row: f"=COUNTIF({cells('D')},$A{row})"),
    ]
    alarms = [Alarm(f"AND(ISNUMBER(B{top + 2}),B{top + 2}>0)", "B", "D")]
    file.write_table(sheet, top + 1, columns, (), len(stances), alarms, set_widths=False)
    row = top + len(stances) + 3
    undecided, most = file.list_item(t("Stance"), 3), file.list_item(t("Say"), 1)
    facts = [
        (t("Rows filled in"), f'=COUNTIF({cells("A")},"?*")'),
        (
            t("Undecided, with most say: speak to these"),
            f"=COUNTIFS({cells('D')},{undecided},{cells('C')},{most})",
        ),
        (
            t("Chosen to move first (three at most)"),
            f"=COUNTIF({cells('M')},{file.list_item(t('First three'), 1)})",
        ),
        (t("Rows with something to check"), f'=COUNTIF({cells("N")},"?*")'),
        (t("Moves that are late"), f'=COUNTIF({cells("L")},"<0")'),
    ]
    file.write_facts(sheet, row, [(label, formula, "whole") for label, formula in facts])


def _add_movements(file, register):
    t = file.t
    stances = file.list_range(t("Stance"))

    def moved(row):
        step = f"(MATCH(D{row},{stances},0)-MATCH(C{row},{stances},0))"
        return (
            f'=IF(OR(C{row}="",D{row}=""),"",IF({step}>0,{step}&" "&{text_literal(t("towards us"))},'
            f'IF({step}<0,-{step}&" "&{text_literal(t("away"))},{text_literal(t("no change"))})))'
        )

    columns = [
        Column(t("Date"), "", 13, "date"),
        Column(t("Office or group"), t("From the register"), 30),
        Column(t("From"), "", 17, choices=t("Stance")),
        Column(t("To"), "", 17, choices=t("Stance")),
        Column(t("What we saw"), t("An act or a paper, not a kind word"), 42),
        Column(t("Source"), "", 24),
        Column(t("So we will …"), t("Who does what, by when"), 34),
        Column(t("Moved"), t("Fills itself"), 16, formula=moved),
    ]
    sheet = file.add_table(t("Movements"), columns, (), ROOM)
    file.offer_choices(sheet, f"B2:B{ROOM + 1}", file.ref(register, f"A2:A{ROOM + 1}"))


def _example_rows(t, lists):
    stance, say, group = lists[t("Stance")], lists[t("Say")], lists[t("Group")]
    yes = t("Yes")
    return [
        [
            t("Minister of education"),
            group[0],
            say[0],
            stance[2],
            t("Little: signs what is in the weekly file"),
            t("An answer to questions in the press"),
            t("None found"),
            None,
            t("Newspapers, March to November"),
            t("None: comes through the permanent secretary"),
            None,
            None,
        ],
        [
            t("Permanent secretary"),
            group[0],
            say[0],
            stance[3],
            t("Half an hour; some annoyance in the provinces"),
            t("A closed finding when she answers the Court in April"),
            t("Asked all provinces for a list of contract changes"),
            date(2020, 11, 9),
            t("Circular, copy from a province"),
            t("Coordinator asks for a meeting with the head of her office"),
            date(2020, 12, 7),
            yes,
        ],
        [
            t("Finance directorate"),
            group[0],
            say[0],
            stance[2],
            t("Work in January, its busiest month"),
            t("Fewer surprises after signature"),
            t("Returned a draft order that had no figure for its cost"),
            date(2020, 10, 12),
            t("Retired budget official"),
            t("Researcher asks in which form it wants the cost"),
            date(2021, 1, 8),
            None,
        ],
        [
            t("Legal department"),
            group[0],
            say[1],
            stance[2],
            t("Five weeks of drafting"),
            t("A model text that saves two of them"),
            t("Drafted the order on canteen hygiene from a model"),
            date(2020, 3, 4),
            t("Order of last March"),
            t("Coordinator hands over a model text"),
            date(2020, 12, 11),
            None,
        ],
        [
            t("National portal office"),
            group[1],
            say[1],
            stance[2],
            t("One new form, twelve working days"),
            t("Use of a portal that few offices use"),
            t("Answered our question in two days"),
            date(2020, 11, 25),
            t("Mail to our researcher"),
            t("Researcher asks for a date"),
            date(2020, 11, 27),
            yes,
        ],
        [
            t("Provincial procurement units"),
            group[1],
            say[1],
            stance[1],
            t("Half a day a week; they fear much more"),
            t("One answer for all in place of many letters"),
            t("Asked the ministry for more staff"),
            date(2020, 11, 2),
            t("Head of one unit"),
            t("Two of us visit three units and time one upload"),
            date(2020, 12, 9),
            yes,
        ],
        [
            t("Court of Accounts"),
            group[1],
            say[1],
            stance[4],
            t("Nothing"),
            t("A finding that is followed"),
            t("Reported: 144 of 240 contracts changed, none published"),
            date(2019, 6, 18),
            t("Report “After the signature”"),
            t("Coordinator asks whether there is a newer count"),
            date(2020, 12, 4),
            None,
        ],
        [
            t("Association of large caterers"),
            group[2],
            say[1],
            stance[1],
            t("Quiet changes after signature"),
            t("The same rule for every competitor"),
            "",
            None,
            t("Rumour only: no act found"),
            t("Ask a member what would make it difficult"),
            date(2020, 12, 16),
            None,
        ],
        [
            t("Small kitchens’ cooperative"),
            group[2],
            say[2],
            stance[3],
            t("Its own prices are seen too"),
            t("Sees the contracts that it lost"),
            t("Bid in two provinces"),
            date(2020, 3, 20),
            t("Award notices"),
            t("Volunteer asks for two examples"),
            date(2020, 12, 11),
            None,
        ],
        [
            t("Head teachers"),
            group[2],
            say[2],
            stance[3],
            t("Questions from parents about their own school"),
            t("A price to point to when they complain"),
            t("Four of them asked the province about portions"),
            date(2020, 11, 5),
            t("Parents who were told"),
            t("Volunteer asks one what the answer was"),
            date(2020, 12, 8),
            None,
        ],
        [
            t("Parents’ associations"),
            group[2],
            say[2],
            stance[4],
            t("An evening a month"),
            t("Prices and portions to compare"),
            t("Wrote to the province, with photographs"),
            date(2020, 10, 26),
            t("Copy of the letter"),
            t("Coordinator asks them to wait with the press"),
            date(2020, 12, 2),
            None,
        ],
        [
            t("Provincial newspaper"),
            group[2],
            say[2],
            stance[2],
            "",
            "",
            t("Printed two photographs of plates"),
            date(2020, 10, 29),
            t("Edition of that day"),
            t("Keep informed, do not ask to join"),
            None,
            None,
        ],
    ]


OUTPUTS = (Output("xlsx", build, native="xlsx"),)
