"""After-action log: what each office did, what the team learned, and whether the gain holds."""

from datetime import date

from toolkit.demo.files_builder.outputs import Output
from toolkit.demo.files_builder.sheet import Alarm, Column, SheetFile, text_literal, write
from toolkit.demo.files_builder.theme import Template

TEMPLATE = Template(
    slug="after-action-log",
    title="After-action log",
    version="1.1",
    step=4,
    chapters=("4.2", "4.3"),
)
LOG_ROOM, TALK_ROOM = 60, 15
EXAMPLE_TODAY = date(2021, 5, 14)
WORDS_BEFORE_ALARM = 3
ANSWER_DAYS = 10
CHECK_DAYS = (30, 100, 365)
ENOUGH_FOUND = 0.9


def build(edition, path):
    t = edition.t
    lists = {
        t("What it was"): [t("Words"), t("Act"), t("Paper")],
        t("Decision"): [t("Continue"), t("Change"), t("Stop")],
        t("What we change"): [t("Messenger"), t("Message"), t("Route"), t("Date"), t("Request")],
        t("Done"): [t("Yes"), t("No")],
    }
    file = SheetFile(edition, TEMPLATE, lists)
    today, example_today = file.add_start(
        t("After-action log"),
        t("Five lines after every contact, on the same day. Later it shows you what really moved."),
        [
            t(
                "Log: one row for each contact, in the order of dates. Write their words, as near as you can."
            ),
            t(
                "If nothing was promised, write “nothing”. When a promised day has come, fill in what was really done."
            ),
            t(
                "Choose what it was: words; an act, which costs somebody time or risk; or paper, which others "
                "can quote."
            ),
            t(
                "Three entries in a row with only words from one office: the log says so. Then something must change."
            ),
            t(
                "Talks: after each large move, forty-five minutes and five questions. Change one thing at a time."
            ),
            t(
                "Hold the gain: from the day of the decision. Where are the promise, the money and the people written?"
            ),
        ],
        [
            t(
                "A log is dangerous paper. Offices or agreed codes only; keep the key to the codes somewhere else."
            ),
            t(
                "Never write that an official gave you a document. Agree when old rows are destroyed, and do it."
            ),
        ],
        [
            (t("Today. The days are counted from here."), "=TODAY()"),
            (t("Today in the example log"), EXAMPLE_TODAY),
        ],
    )
    _add_log(file, t("Log"), (), today, LOG_ROOM, example=False)
    _add_counts(file, t("Counts"), t("Log"))
    _add_talks(file, t("Talks"), (), today, TALK_ROOM, example=False)
    _add_gain(file, t("Hold the gain"), _empty_gain(), example=False)
    _add_log(file, t("Example log"), _example_log(t, lists), example_today, 18, example=True)
    _add_talks(file, t("Example talk"), _example_talks(t, lists), example_today, 3, example=True)
    _add_gain(file, t("Example gain"), _example_gain(t), example=True)
    file.add_lists()
    file.save(path)


# Log


def _add_log(file, name, rows, today, room, example):
    t = file.t
    words = file.list_item(t("What it was"), 1)

    def words_in_a_row(row):
        """Entries of this office up to here, after its last entry that was more than words."""
        same = f"($B$2:B{row}=B{row})"
        last_more = f"SUMPRODUCT(MAX({same}*($H$2:H{row}<>{words})*ROW($B$2:B{row})))"
        return f"SUMPRODUCT({same}*(ROW($B$2:B{row})>{last_more}))"

    def check(row):
        return (
            f'=IF(B{row}="","",IF(AND(F{row}<>"",I{row}="",F{row}<{today}),{text_literal(t("Promise is due: ask"))},'
            f"IF(AND(H{row}={words},{words_in_a_row(row)}>={WORDS_BEFORE_ALARM}),"
            f'{text_literal(t("Only words: change something"))},"")))'
        )

    columns = [
        Column(t("Date"), "", 12, "date"),
        Column(t("Office"), t("Never a name"), 20),
        Column(t("What we asked for"), t("One sentence"), 26),
        Column(t("What they said"), t("Their words"), 30),
        Column(t("What they will do"), t("Or “nothing”"), 20),
        Column(t("By"), t("Promised day"), 12, "date"),
        Column(t("What surprised us"), t("This changes plans"), 26),
        Column(t("What it was"), t("Words, act or paper"), 11, choices=t("What it was")),
        Column(t("What was really done"), t("Fill in on the promised day"), 22),
        Column(t("Check"), t("Fills itself"), 22, formula=check),
    ]
    alarms = [Alarm('$J2<>""', "J", "J")]
    file.add_table(name, columns, rows, room, alarms, example, frozen=2)


def _add_counts(file, name, log):
    """Per office: entries by kind, and the days since it last did more than speak."""
    t = file.t
    office, kind = (file.ref(log, f"{letter}2:{letter}{LOG_ROOM + 1}") for letter in "BH")

    def count(position):
        item = file.list_item(t("What it was"), position)
        return lambda row: f'=IF(A{row}="","",COUNTIFS({office},A{row},{kind},{item}))'

    columns = [
        Column(t("Office"), t("Write it as in the log"), 34),
        Column(t("Words"), t("Fills itself"), 13, "whole", formula=count(1)),
        Column(t("Acts"), t("Fills itself"), 13, "whole", formula=count(2)),
        Column(t("Papers"), t("Fills itself"), 13, "whole", formula=count(3)),
        Column(
            t("What it tells you"),
            t("Fills itself"),
            34,
            formula=lambda row: (
                f'=IF(A{row}="","",IF(B{row}+C{row}+D{row}=0,{text_literal(t("no entries yet"))},'
                f"IF(C{row}+D{row}=0,{text_literal(t('polite, no movement'))},{text_literal(t('it moves'))})))"
            ),
        ),
    ]
    no_movement = Alarm(f"$E2={text_literal(t('polite, no movement'))}", "A", "E")
    sheet = file.add_table(name, columns, (), 12, [no_movement])
    file.offer_choices(sheet, "A2:A13", office)


# Talks


def _add_talks(file, name, rows, today, room, example):
    t = file.t
    yes = file.list_item(t("Done"), 1)
    columns = [
        Column(t("Date"), t("And after which move"), 12, "date"),
        Column(t("What did we expect?"), t("Read it from the plan"), 24),
        Column(t("What happened?"), t("From the log; facts only"), 26),
        Column(
            t("Why was it different?"),
            t("Three reasons; one about us, one about somebody we have not met"),
            32,
        ),
        Column(t("How can we find out which is true?"), t("Usually one call"), 24),
        Column(t("Decision"), "", 12, choices=t("Decision")),
        Column(t("What we change"), t("One thing"), 14, choices=t("What we change")),
        Column(t("Who does what"), t("A role"), 24),
        Column(t("By"), "", 12, "date"),
        Column(t("Done"), "", 9, choices=t("Done")),
        Column(
            t("Days left"),
            t("Fills itself"),
            11,
            "whole",
            formula=lambda row: f'=IF(OR(I{row}="",J{row}={yes}),"",I{row}-{today})',
        ),
    ]
    alarms = [Alarm("AND(ISNUMBER($K2),$K2<0)", "K", "K"), Alarm(f"$J2={yes}", "A", "K", "quiet")]
    file.add_table(name, columns, rows, room, alarms, example)


# Hold the gain


def _add_gain(file, name, gain, example):
    """The three parts of a mandate, and three checks whose days follow from the day of the decision."""
    t = file.t
    sheet = file.add_sheet(name, example=example)
    file.print_on_one_page(sheet)
    for letter, width in zip("ABCDEFGHIJ", (22, 32, 28, 15, 12, 13, 13, 16, 18, 18), strict=True):
        sheet.column_dimensions[letter].width = width
    file.write_facts(
        sheet,
        1,
        [
            (t("The decision"), gain["decision"], "text"),
            (t("Decided on"), gain["day"], "date"),
            (t("The campaign closes on; who stays"), gain["stays"], "text"),
        ],
    )
    for row in (1, 3):
        sheet.merge_cells(f"B{row}:E{row}")
    sheet.row_dimensions[1].height = 36
    file.write_heading(sheet, 5, t("Where it is written"))
    parts = (t("Promise"), t("Money"), t("People"))
    columns = [
        Column(t("Part"), "", formula=None),
        Column(t("Text, article or budget line"), t("The words, and where they stand")),
        Column(t("Office or post that must do it"), t("Not a person who may leave")),
        Column(t("Missing"), t("“may”, “where possible”, “except”")),
        Column(t("Who asks"), ""),
        Column(t("By"), "", kind="date"),
    ]
    rows = [[part, *values] for part, values in zip(parts, gain["parts"], strict=True)]
    file.write_table(sheet, 6, columns, rows, len(rows), set_widths=False)
    file.write_heading(sheet, 11, t("Three checks, half a day each"))
    checks = [
        Column(
            t("Day"),
            t("Fills itself"),
            kind="date",
            formula=lambda row: f'=IF($B$2="","",$B$2+{CHECK_DAYS[row - 13]})',
        ),
        Column(t("Who makes it"), t("Day 365 may belong to a partner")),
        Column(t("From which source drawn"), t("Not from what was published: payments, minutes")),
        Column(t("Drawn"), t("Twenty, or all"), kind="whole"),
        Column(t("There"), "", kind="whole"),
        Column(t("In time"), "", kind="whole"),
        Column(t("Readable"), t("With its price"), kind="whole"),
        Column(t("Sent to the office"), t("Before anybody else"), kind="date"),
        Column(
            t("Answer due"),
            t("Ten days later. Fills itself"),
            kind="date",
            formula=lambda row: f'=IF(H{row}="","",H{row}+{ANSWER_DAYS})',
        ),
        Column(
            t("Found"),
            t("Of those drawn. Fills itself"),
            kind="share",
            formula=lambda row: f'=IF(OR(D{row}="",E{row}=""),"",E{row}/D{row})',
        ),
    ]
    few = Alarm(f"AND(ISNUMBER($J13),$J13<{ENOUGH_FOUND})", "J", "J")
    file.write_table(sheet, 12, checks, gain["checks"], len(CHECK_DAYS), [few], set_widths=False)
    file.write_heading(sheet, 17, t("Watch for four quiet ways to lose it"))
    signs = (
        t("The threshold moves: raised, or orders are divided to stay below it."),
        t("The exception grows: “urgent” becomes the usual reason. Count it."),
        t("The form becomes useless: scans, missing prices, files that nobody can open."),
        t("The person goes: whoever did the work is moved, and nobody replaces them."),
    )
    for row, sign in enumerate(signs, 18):
        write(sheet, f"A{row}", "☐ " + sign)


def _empty_gain():
    return {"decision": None, "day": None, "stays": None, "parts": [[None] * 5] * 3, "checks": ()}


# Examples: Market Street Ledger in Valdora (chapter 4.2), the harbour of the Sabel Coast (chapter 4.3)


def _example_log(t, lists):
    words, act, paper = lists[t("What it was")]
    deputy, press, secretary = t("Deputy mayor’s office"), t("Journalist"), t("Council secretary")
    ask = t("Publish the waste collection contracts")
    nothing = t("nothing")
    return [
        [
            date(2021, 3, 8),
            deputy,
            ask,
            t("“We fully share your aim.”"),
            nothing,
            None,
            None,
            words,
            None,
        ],
        [
            date(2021, 3, 11),
            press,
            t("To tell us if others ask"),
            t("“Nobody does.”"),
            nothing,
            None,
            None,
            words,
            None,
        ],
        [
            date(2021, 3, 15),
            deputy,
            t("A day for the draft"),
            t("“It is being prepared.”"),
            t("Send the draft"),
            date(2021, 3, 22),
            t("They knew our letter by heart"),
            act,
            t("Not sent"),
        ],
        [
            date(2021, 3, 24),
            secretary,
            t("Where is the draft?"),
            t("“The legal office has the draft.”"),
            nothing,
            None,
            t("The legal office has the draft"),
            act,
            None,
        ],
        [
            date(2021, 3, 29),
            deputy,
            t("A day for the draft"),
            t("“Very soon.”"),
            nothing,
            None,
            None,
            words,
            None,
        ],
        [
            date(2021, 4, 1),
            deputy,
            t("A meeting"),
            t("“Of course, after the holiday.”"),
            nothing,
            None,
            None,
            words,
            None,
        ],
        [
            date(2021, 4, 7),
            deputy,
            t("A meeting"),
            t("“The deputy mayor supports this.”"),
            t("Name a day"),
            date(2021, 4, 9),
            None,
            words,
            t("No day named"),
        ],
        [
            date(2021, 4, 12),
            deputy,
            t("The day of the meeting"),
            t("“We are with you.”"),
            nothing,
            None,
            None,
            words,
            None,
        ],
        [
            date(2021, 4, 15),
            deputy,
            t("The draft, as it is"),
            t("“It is not ours to give.”"),
            nothing,
            None,
            None,
            words,
            None,
        ],
        [
            date(2021, 4, 19),
            press,
            t("To wait another two weeks"),
            t("“Two, then I ask them.”"),
            t("Wait"),
            date(2021, 5, 3),
            None,
            act,
            t("Waited"),
        ],
        [
            date(2021, 4, 22),
            deputy,
            t("Who has the draft?"),
            t("“Another office.”"),
            nothing,
            None,
            None,
            words,
            None,
        ],
        [
            date(2021, 4, 27),
            deputy,
            t("Which office?"),
            t("“I will ask.”"),
            t("Ask"),
            date(2021, 5, 4),
            None,
            words,
            None,
        ],
        [
            date(2021, 5, 3),
            deputy,
            t("Which office?"),
            t("“We agree with every word.”"),
            nothing,
            None,
            None,
            words,
            None,
        ],
        [
            date(2021, 5, 10),
            deputy,
            t("A meeting with both"),
            t("“With pleasure.”"),
            nothing,
            None,
            None,
            words,
            None,
        ],
    ]


def _example_talks(t, lists):
    return [
        [
            date(2021, 5, 12),
            t("A published contract within nine weeks"),
            t(
                "Fourteen entries, eleven with the deputy mayor’s office, which agreed each time. No paper."
            ),
            t(
                "We asked the office that agrees, not the one that has the draft. The deputy mayor is against it. The "
                "legal office has a question that we have not heard."
            ),
            t("One call to the legal office, which nobody has met"),
            lists[t("Decision")][1],
            lists[t("What we change")][2],
            t("Coordinator calls, then asks another town what it removes from contracts"),
            date(2021, 5, 13),
            lists[t("Done")][0],
        ]
    ]


def _example_gain(t):
    ledger, union = t("Sabel Coast Ledger"), t("Port workers’ union")
    return {
        "decision": t(
            "Harbour authority: each repair above 5,000 crowns is announced five days before the order."
        ),
        "day": date(2020, 9, 1),
        "stays": t("31 December 2020. The port workers’ union makes the check of day 365."),
        "parts": [
            [
                t("Order of 1 September, paragraph 2: “is announced”"),
                t("Harbour authority"),
                t("Divided orders"),
                t("Ledger"),
                date(2020, 12, 18),
            ],
            [
                t("None: “within existing resources”"),
                t("Harbour authority"),
                t("Budget line"),
                t("Guild"),
                date(2020, 10, 30),
            ],
            [
                t("Clerk’s post in each of three offices"),
                t("Three harbour offices"),
                t("A deputy"),
                t("Union"),
                date(2020, 11, 13),
            ],
        ],
        "checks": [
            [ledger, t("Payment list, September"), 20, 6, 6, 6, date(2020, 10, 2)],
            [ledger, t("Payment list, October and November"), 20, 18, 17, 18, date(2020, 12, 11)],
            [union, t("Payment list, one year"), 20, 19, 19, 19, date(2021, 9, 3)],
        ],
    }


OUTPUTS = (Output("ods", build, native="xlsx"),)
