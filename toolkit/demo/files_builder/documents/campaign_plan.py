"""Campaign plan: outside dates, targets and deliverables that count their own days, hours and money."""

from datetime import date

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from toolkit.demo.files_builder import theme
from toolkit.demo.files_builder.outputs import Output
from toolkit.demo.files_builder.sheet import Alarm, Column, SheetFile, text_literal, write
from toolkit.demo.files_builder.theme import Template

TEMPLATE = Template(
    slug="campaign-plan", title="Campaign plan", version="1.3", step=3, chapters=("3.1",)
)
EXAMPLE_TODAY = date(2022, 8, 29)
OUTSIDE_ROOM, PLAN_ROOM, MONEY_ROOM, WEEKS = 10, 25, 15, 20
SOON_DAYS = 7
FIRST_TARGET_ROW = 12


def build(edition, path):
    t = edition.t
    lists = {
        t("Status"): [t("Not started"), t("Under way"), t("Done"), t("Cut")],
        t("For target"): [t("Target 1"), t("Target 2"), t("Target 3")],
        t("How sure"): [t("By telephone"), t("From the calendar"), t("Heard")],
        t("Kind"): [t("Time"), t("Material"), t("Travel"), t("Room"), t("Other")],
        t("Reached"): [t("Yes"), t("No")],
    }
    file = SheetFile(edition, TEMPLATE, lists)
    today, example_today = file.add_start(
        t("Campaign plan"),
        t(
            "What must be finished now, so that somebody else can decide in time? The plan counts days, hours "
            "and money."
        ),
        [
            t(
                "Outside dates: copy them from the calendar, then telephone. Ask for the last day on which a "
                "paper is taken."
            ),
            t(
                "Targets: at most three. An office, an act, a date and a proof that you will be able to see."
            ),
            t(
                "Plan: what you make and hand over. Count back from the last day; give each line one person and "
                "its hours."
            ),
            t(
                "Compare the hours on the sheet Targets with three quarters of what your team has. Cut whole lines."
            ),
            t(
                "Calendar and the cells with a coloured ground fill themselves. Money is there if you ask for a grant."
            ),
            t(
                "Read the plan together for ten minutes each week, and write the date of the last change."
            ),
            t(
                "The sheets called Example show a finished plan. Delete them before you send yours to anybody."
            ),
        ],
        [
            t("Roles only, no names, if the plan could reach people who should not see it."),
            t("A draft with gaps is enough for a mini grant request. Mark the gaps."),
        ],
        [
            (t("Today. The days are counted from here."), "=TODAY()"),
            (t("Today in the example"), EXAMPLE_TODAY),
        ],
    )
    names = {key: name for key, name in zip(SHEETS, _sheet_names(t), strict=True)}
    example_names = {
        key: t("Example: {name}").format(name=name).replace(":", "") for key, name in names.items()
    }
    _add_plan(file, names, _empty_plan(), today, example=False)
    _add_plan(file, example_names, _example_plan(t, lists), example_today, example=True)
    file.add_lists()
    file.save(path)


SHEETS = ("targets", "outside", "plan", "calendar", "money")


def _sheet_names(t):
    return (t("Targets"), t("Outside dates"), t("Plan"), t("Calendar"), t("Money"))


def _empty_plan():
    return {"head": [None] * 8, "targets": (), "outside": (), "plan": (), "money": ()}


def _add_plan(file, names, plan, today, example):
    """Five sheets that refer to each other: the empty plan and the example are built the same way."""
    _add_targets(file, names, plan, today, example)
    _add_outside_dates(file, names, plan["outside"], today, example)
    _add_deliverables(file, names, plan["plan"], today, example)
    _add_calendar(file, names, today, example)
    _add_money(file, names, plan["money"], example)


# Targets


def _add_targets(file, names, plan, today, example):
    t = file.t
    sheet = file.add_sheet(names["targets"], example=example)
    file.print_on_one_page(sheet)
    for letter, width in zip("ABCDEF", (42, 46, 36, 14, 12, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    labels = (
        (t("The change, in one sentence"), "text"),
        (t("Who can grant it"), "text"),
        (t("Campaign manager: role, hours a week"), "text"),
        (t("The window closes on"), "date"),
        (t("Hours our team has until then"), "whole"),
        (t("First review: continue, change or stop"), "date"),
        (t("Second review"), "date"),
        (t("Plan last changed on"), "date"),
    )
    facts = [
        (label, value, kind) for (label, kind), value in zip(labels, plan["head"], strict=True)
    ]
    file.write_facts(sheet, 1, facts)
    for row in (1, 2, 3):
        sheet.merge_cells(f"B{row}:F{row}")
        sheet[f"B{row}"].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = 40
    top = FIRST_TARGET_ROW - 1
    file.write_heading(sheet, top - 1, t("Targets: what others will do"))
    columns = [
        Column(t("Office"), t("Which one moves?")),
        Column(t("Act"), t("What will it do that you can see?")),
        Column(t("Proof"), t("Minutes, an agenda, a letter")),
        Column(t("By"), "", kind="date"),
        Column(
            t("Days left"),
            t("Fills itself"),
            kind="whole",
            formula=lambda row: (
                f'=IF(OR(D{row}="",F{row}={file.list_item(t("Reached"), 1)}),"",D{row}-{today})'
            ),
        ),
        Column(t("Reached"), "", choices=t("Reached")),
    ]
    late = Alarm(f"AND(ISNUMBER($E{FIRST_TARGET_ROW}),$E{FIRST_TARGET_ROW}<0)", "E", "E")
    file.write_table(sheet, top, columns, plan["targets"], 3, [late], set_widths=False)
    row = top + 6
    file.write_heading(sheet, row - 1, t("Where we stand"))
    file.write_facts(sheet, row, _standing(file, names, today))


def _standing(file, names, today):
    """The figures that a team reads first at its weekly half hour."""
    t = file.t

    def cells(letter):
        return file.ref(names["plan"], f"{letter}2:{letter}{PLAN_ROOM + 1}")

    done, cut = file.list_item(t("Status"), 3), file.list_item(t("Status"), 4)
    kept_hours = f"SUM({cells('E')})-SUMIF({cells('K')},{cut},{cells('E')})"
    total_row = MONEY_ROOM + 2
    return [
        (t("Days until the window closes"), f'=IF(B4="","",B4-{today})', "whole"),
        (t("Deliverables done"), f"=COUNTIF({cells('K')},{done})", "whole"),
        (
            t("Deliverables still to do"),
            f'=COUNTIF({cells("A")},"?*")-COUNTIF({cells("K")},{done})-COUNTIF({cells("K")},{cut})',
            "whole",
        ),
        (t("Late"), f"=COUNTIF({cells('M')},{text_literal(t('Late'))})", "whole"),
        (
            t("Due within seven days"),
            f"=COUNTIF({cells('M')},{text_literal(t('Within seven days'))})",
            "whole",
        ),
        (
            t("After the last day for papers"),
            f"=COUNTIF({cells('M')},{text_literal(t('After the last day'))})",
            "whole",
        ),
        (t("Hours planned, without what is cut"), f"={kept_hours}", "whole"),
        (t("Three quarters of our hours"), '=IF(B5="","",B5*0.75)', "whole"),
        (
            t("So we"),
            f'=IF(B5="","",IF({kept_hours}>B5*0.75,{text_literal(t("have to cut hours:"))}&" "&'
            f"ROUNDUP({kept_hours}-B5*0.75,0),{text_literal(t('can do it'))}))",
            "text",
        ),
        (t("Money planned"), f"={file.ref(names['money'], f'F{total_row}')}", "money"),
        (t("Money spent"), f"={file.ref(names['money'], f'G{total_row}')}", "money"),
    ]


# Outside dates


def _add_outside_dates(file, names, rows, today, example):
    t = file.t
    plan_links = file.ref(names["plan"], f"H2:H{PLAN_ROOM + 1}")
    columns = [
        Column(t("What others decide or do"), t("You cannot move it"), 42),
        Column(t("Date"), "", 14, "date"),
        Column(
            t("Last day for papers"),
            t("Ask: “When is the last day you can take a paper?”"),
            20,
            "date",
        ),
        Column(t("Who sets it, who told us"), "", 30),
        Column(t("How sure"), "", 18, choices=t("How sure")),
        Column(
            t("Days left"),
            t("To the last day. Fills itself"),
            14,
            "whole",
            formula=lambda row: f'=IF(B{row}="","",IF(C{row}="",B{row},C{row})-{today})',
        ),
        Column(
            t("Deliverables before it"),
            t("Fills itself"),
            14,
            "whole",
            formula=lambda row: f'=IF(A{row}="","",COUNTIF({plan_links},A{row}))',
        ),
        Column(t("If it moves, then …"), "", 36),
    ]
    alarms = [
        Alarm("AND(ISNUMBER($F2),$F2<0)", "A", "H", "quiet"),
        Alarm("AND(ISNUMBER($F2),$F2>=0,$F2<=14)", "F", "F"),
    ]
    file.add_table(names["outside"], columns, rows, OUTSIDE_ROOM, alarms, example)


# Deliverables


def _add_deliverables(file, names, rows, today, example):
    t = file.t
    outside = names["outside"]
    events, days, last_days = (
        file.ref(outside, f"{letter}2:{letter}{OUTSIDE_ROOM + 1}") for letter in "ABC"
    )
    done, cut = file.list_item(t("Status"), 3), file.list_item(t("Status"), 4)

    def last_day(row):
        match = f"MATCH(H{row},{events},0)"
        found = f"IF(INDEX({last_days},{match})=0,INDEX({days},{match}),INDEX({last_days},{match}))"
        return f'=IF(H{row}="","",IFERROR({found},""))'

    def alert(row):
        return (
            f'=IF(OR(A{row}="",K{row}={done},K{row}={cut}),"",'
            f'IF(G{row}="",{text_literal(t("No deadline"))},'
            f"IF(G{row}<{today},{text_literal(t('Late'))},"
            f"IF(AND(ISNUMBER(J{row}),N(J{row})<0),{text_literal(t('After the last day'))},"
            f"IF(G{row}-{today}<={SOON_DAYS},{text_literal(t('Within seven days'))},"
            f'IF(D{row}="",{text_literal(t("Nobody responsible"))},""))))))'
        )

    columns = [
        Column(t("Deliverable"), t("Something you make and hand over"), 34),
        Column(t("For target"), "", 11, choices=t("For target")),
        Column(t("Who waits for it"), t("Nobody? Then cut it."), 20),
        Column(t("Responsible"), t("One role"), 16),
        Column(t("Hours"), "", 8, "whole"),
        Column(t("Start"), "", 12, "date"),
        Column(t("Deadline"), t("It leaves our hands"), 12, "date"),
        Column(t("Before which outside date"), t("Choose"), 24),
        Column(t("Last day"), t("Fills itself"), 12, "date", formula=last_day),
        Column(
            t("Days to spare"),
            t("Fills itself"),
            10,
            "whole",
            formula=lambda row: f'=IF(OR(G{row}="",I{row}=""),"",I{row}-G{row})',
        ),
        Column(t("Status"), "", 13, choices=t("Status")),
        Column(
            t("Days left"),
            t("Fills itself"),
            10,
            "whole",
            formula=lambda row: f'=IF(OR(G{row}="",K{row}={done},K{row}={cut}),"",G{row}-{today})',
        ),
        Column(t("Alert"), t("Fills itself"), 18, formula=alert),
    ]
    alarms = [
        Alarm(f"$K2={done}", "A", "M", "quiet"),
        Alarm(f"$K2={cut}", "A", "M", "struck"),
        Alarm('$M2<>""', "M", "M"),
        Alarm("AND(ISNUMBER($J2),$J2<0)", "J", "J"),
    ]
    sheet = file.add_table(names["plan"], columns, rows, PLAN_ROOM, alarms, example)
    file.offer_choices(sheet, f"H2:H{PLAN_ROOM + 1}", events)


# Calendar


def _add_calendar(file, names, today, example):
    """Weeks across, outside dates and deliverables down; every cell is a formula, so nobody has to draw."""
    t = file.t
    sheet = file.add_sheet(names["calendar"], example=example)
    file.print_on_one_page(sheet)
    sheet.column_dimensions["A"].width = 40
    starts = file.ref(names["plan"], f"F2:G{PLAN_ROOM + 1}")
    first_day = f"IF(COUNT({starts})=0,{today},MIN({starts}))"
    letters = [get_column_letter(index) for index in range(2, WEEKS + 2)]
    plain = [
        Column(t("Week beginning"), t("■ work   □ done   ◇ last day for papers   ◆ outside date"))
    ]
    file.write_table(sheet, 1, plain, (), 0, set_widths=False)
    for index, letter in enumerate(letters):
        sheet.column_dimensions[letter].width = 7.5
        formula = (
            f"={first_day}-WEEKDAY({first_day},2)+1" if index == 0 else f"={letters[index - 1]}1+7"
        )
        cell = write(sheet, f"{letter}1", formula, size=9, bold=True, fill=theme.SHADE, framed=True)
        cell.number_format = "d mmm"
        cell.alignment = Alignment(horizontal="center", vertical="top", text_rotation=0)
    for offset in range(OUTSIDE_ROOM):
        _write_calendar_row(
            file, sheet, 2 + offset, letters, *_outside_marks(file, names["outside"], 2 + offset)
        )
    for offset in range(PLAN_ROOM):
        row = 2 + OUTSIDE_ROOM + offset
        _write_calendar_row(
            file, sheet, row, letters, *_work_marks(file, names["plan"], 2 + offset)
        )
    this_week = Alarm(f"AND({today}>=B$1,{today}<B$1+7)", "B", letters[-1])
    file.add_alarm(sheet, this_week, 1, 1 + OUTSIDE_ROOM + PLAN_ROOM)
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"


def _write_calendar_row(file, sheet, row, letters, name, mark):
    write(sheet, f"A{row}", name, framed=True)
    for letter in letters:
        cell = write(sheet, f"{letter}{row}", mark(f"{letter}$1"), colour=theme.RUST, framed=True)
        cell.alignment = Alignment(horizontal="center", vertical="center")


def _outside_marks(file, outside, source_row):
    name, day, last_day = (file.ref(outside, f"{letter}{source_row}") for letter in "ABC")

    def mark(week):
        return (
            f'=IF(AND({day}<>"",{day}>={week},{day}<{week}+7),"◆",'
            f'IF(AND({last_day}<>"",{last_day}>={week},{last_day}<{week}+7),"◇",""))'
        )

    return f'=IF({name}="","",{name})', mark


def _work_marks(file, plan, source_row):
    t = file.t
    name, start, deadline, status = (file.ref(plan, f"{letter}{source_row}") for letter in "AFGK")
    done, cut = file.list_item(t("Status"), 3), file.list_item(t("Status"), 4)

    def mark(week):
        begin = f'IF({start}="",{deadline},{start})'
        return (
            f'=IF(OR({deadline}="",{status}={cut}),"",IF(AND({begin}<{week}+7,{deadline}>={week}),'
            f'IF({status}={done},"□","■"),""))'
        )

    return f'=IF({name}="","",{name})', mark


# Money


def _add_money(file, names, rows, example):
    t = file.t
    columns = [
        Column(t("What"), "", 40),
        Column(t("For which deliverable"), t("Choose"), 36),
        Column(t("Kind"), "", 13, choices=t("Kind")),
        Column(t("Quantity"), "", 11, "money"),
        Column(t("Cost of one"), t("In one currency"), 13, "money"),
        Column(
            t("Planned"),
            t("Fills itself"),
            13,
            "money",
            formula=lambda row: f'=IF(OR(D{row}="",E{row}=""),"",D{row}*E{row})',
        ),
        Column(t("Spent so far"), "", 13, "money"),
        Column(
            t("Left"),
            t("Fills itself"),
            13,
            "money",
            formula=lambda row: f'=IF(F{row}="","",F{row}-G{row})',
        ),
        Column(t("Where the bill is"), "", 30),
    ]
    overspent = Alarm("AND(ISNUMBER($H2),$H2<0)", "H", "H")
    sheet = file.add_table(names["money"], columns, rows, MONEY_ROOM, [overspent], example)
    file.offer_choices(
        sheet, f"B2:B{MONEY_ROOM + 1}", file.ref(names["plan"], f"A2:A{PLAN_ROOM + 1}")
    )
    total = MONEY_ROOM + 2
    write(sheet, f"A{total}", t("All"), bold=True, fill=theme.SHADE, framed=True)
    for letter in "BCDE":
        write(sheet, f"{letter}{total}", None, fill=theme.SHADE, framed=True)
    for letter in "FGH":
        formula = f"=SUM({letter}2:{letter}{total - 1})"
        write(
            sheet,
            f"{letter}{total}",
            formula,
            bold=True,
            fill=theme.SHADE,
            framed=True,
            kind="money",
        )


# The example: School Table Kesrin, as in chapter 3.1


def _example_plan(t, lists):
    status, target, sure = lists[t("Status")], lists[t("For target")], lists[t("How sure")]
    kind = lists[t("Kind")]
    file_closes, request, hearing = (
        t("The ministry’s budget office closes the file"),
        t("The ministry sends its request to finance"),
        t("Hearing of the education committee"),
    )
    vote = t("Budget vote")
    estimate, prices = t("Cost estimate, two pages"), t("Table of meal prices in 14 districts")
    clause, brief = t("Text of the order, one paragraph"), t("One-page brief for the committee")
    terms = t("Terms with two partners")
    lead, analyst, writer = t("Campaign manager"), t("Researcher"), t("Volunteer, drafting")
    return {
        "head": [
            t(
                "By 30 November 2022 the education ministry orders all fourteen districts to publish each school meal "
                "contract within fifteen days of signing, and pays one office with two posts to collect them."
            ),
            t("Education ministry; the Assembly, which votes its budget"),
            t("Campaign manager of School Table Kesrin, five hours a week"),
            date(2022, 11, 30),
            240,
            date(2022, 9, 15),
            date(2022, 11, 10),
            date(2022, 8, 29),
        ],
        "targets": [
            [
                t("Ministry, budget office"),
                t("Puts one office with two posts into the budget request"),
                t("The request sent to finance"),
                date(2022, 10, 3),
                None,
            ],
            [
                t("Education committee"),
                t("Asks the ministry for the cost of publishing"),
                t("Minutes of the hearing"),
                date(2022, 10, 24),
                None,
            ],
            [
                t("Education ministry"),
                t("Signs the order to the districts"),
                t("The order, with its number"),
                date(2022, 11, 30),
                None,
            ],
        ],
        "outside": [
            [
                file_closes,
                date(2022, 9, 26),
                date(2022, 9, 12),
                t("The official who handles the file; needs two weeks"),
                sure[0],
                t("Ask for the hour, and bring it by hand"),
            ],
            [
                request,
                date(2022, 10, 3),
                date(2022, 9, 26),
                t("Budget calendar"),
                sure[1],
                t("Nothing: too late for us by then"),
            ],
            [
                hearing,
                date(2022, 10, 24),
                date(2022, 10, 14),
                t("Committee clerk"),
                sure[0],
                t("Move the brief and the speakers with it"),
            ],
            [
                t("Assembly does not sit"),
                date(2022, 10, 31),
                None,
                t("Assembly calendar"),
                sure[1],
                t("No meetings with members from then to 6 November"),
            ],
            [
                vote,
                date(2022, 11, 30),
                date(2022, 11, 16),
                t("Speaker’s office"),
                sure[1],
                t("Keep two weeks free"),
            ],
        ],
        "plan": [
            [
                terms,
                target[1],
                t("Partners"),
                lead,
                10,
                date(2022, 8, 8),
                date(2022, 8, 19),
                hearing,
                status[2],
            ],
            [
                t("Message, tested in three rounds"),
                target[1],
                t("Partners’ speakers"),
                writer,
                15,
                date(2022, 8, 10),
                date(2022, 8, 26),
                hearing,
                status[2],
            ],
            [
                prices,
                target[0],
                t("Budget office"),
                analyst,
                40,
                date(2022, 8, 8),
                date(2022, 9, 2),
                file_closes,
                status[1],
            ],
            [
                estimate,
                target[0],
                t("Budget office"),
                analyst,
                30,
                date(2022, 8, 22),
                date(2022, 9, 5),
                file_closes,
                status[1],
            ],
            [
                clause,
                target[2],
                t("Legal unit"),
                writer,
                15,
                date(2022, 8, 29),
                date(2022, 9, 9),
                file_closes,
                status[0],
            ],
            [
                t("Estimate, corrected after one week"),
                target[0],
                t("Official with the file"),
                lead,
                10,
                date(2022, 9, 6),
                date(2022, 9, 12),
                file_closes,
                status[0],
            ],
            [
                brief,
                target[1],
                t("Committee clerk"),
                writer,
                12,
                date(2022, 9, 26),
                date(2022, 10, 7),
                hearing,
                status[0],
            ],
            [
                t("Brief and clause handed to the clerk"),
                target[1],
                t("Committee clerk"),
                lead,
                6,
                date(2022, 10, 10),
                date(2022, 10, 14),
                hearing,
                status[0],
            ],
            [
                t("Answers to five likely questions"),
                target[1],
                t("Committee members"),
                analyst,
                10,
                date(2022, 10, 10),
                date(2022, 10, 14),
                hearing,
                status[0],
            ],
            [
                t("Two speakers ready: a parent, a head teacher"),
                target[1],
                t("Committee"),
                lead,
                12,
                date(2022, 10, 3),
                date(2022, 10, 14),
                hearing,
                status[0],
            ],
            [
                t("Note on the two posts, half a page"),
                target[2],
                t("Members before the vote"),
                writer,
                10,
                date(2022, 11, 7),
                date(2022, 11, 14),
                vote,
                status[0],
            ],
            [
                t("First check of published contracts, prepared"),
                target[2],
                t("The office that will publish"),
                analyst,
                10,
                date(2022, 11, 14),
                date(2022, 11, 25),
                None,
                status[0],
            ],
            [t("Launch event"), None, None, lead, 40, None, None, None, status[3]],
            [t("Survey in three districts"), None, None, analyst, 30, None, None, None, status[3]],
        ],
        "money": [
            [
                t("Campaign manager, paid hours"),
                None,
                kind[0],
                80,
                18,
                360,
                t("Contract, folder 1"),
            ],
            [
                t("Copies of contracts, fees in 14 districts"),
                prices,
                kind[1],
                14,
                12,
                132,
                t("Receipts, folder 2"),
            ],
            [t("Bus to four districts"), prices, kind[2], 4, 45, 180, t("Tickets, folder 2")],
            [t("Lawyer reads the clause"), clause, kind[0], 1, 350, None, None],
            [t("Printing of the brief"), brief, kind[1], 60, 2, None, None],
            [t("Room for partners’ meetings"), terms, kind[3], 2, 60, 75, t("Bill, folder 2")],
        ],
    }


OUTPUTS = (Output("xlsx", build, native="xlsx"),)
