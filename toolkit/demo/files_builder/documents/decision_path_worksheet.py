"""Decision path worksheet: from the signature back to the desk where the first draft is written."""

from toolkit.demo.files_builder.outputs import Output
from toolkit.demo.files_builder.theme import Template
from toolkit.demo.files_builder.word import WordFile

TEMPLATE = Template(
    slug="decision-path-worksheet",
    title="Decision path worksheet",
    version="1.1",
    step=2,
    chapters=("2.2",),
)
EMPTY_STAGES = 7


def build(edition, path):
    t = edition.t
    file = WordFile(edition, TEMPLATE, landscape=True)
    file.opening(
        t("Decision path worksheet"),
        t(
            "Every office that a paper passes through, what each one needs, and the day on which it must arrive."
        ),
    )
    file.instruction(
        t(
            "Shaded lines are instructions: delete them as you go. Start with the signature in row 1 and ask of each "
            "office: who hands it the paper? Then count back from the last useful day. About 60 minutes."
        )
    )
    _write_paper(file, [""] * 4)
    file.heading(t("1. The path, from the signature back to the first draft"), 2)
    _write_stages(file, [[str(number), *[""] * 6] for number in range(1, EMPTY_STAGES + 1)])
    file.heading(t("2. The three offices that matter most"), 2, new_page=True)
    file.instruction(
        t("The one that could say yes, the one where it may stop, and the one that both listen to.")
    )
    _write_listened(file, [[""] * 5] * 3)
    file.heading(t("3. What we will write"), 2)
    file.instruction(
        t("If an office needs something that you can write, you have found your first task.")
    )
    _write_tasks(file, [[""] * 4] * 3)
    file.heading(t("Check it with two people who have worked in such offices"), 2)
    file.checklist(
        [
            t("“What have I left out?”"),
            t("“Where do papers like this get lost?”"),
            t(
                "Every office in the stamps, copies and references of last year’s paper is on the sheet."
            ),
            t("Somebody has confirmed the last useful day by telephone."),
        ]
    )
    file.example(t("Example: School Meals Monitor, Oriande"))
    _write_paper(file, _example_paper(t))
    file.heading(t("1. The path, from the signature back to the first draft"), 2)
    _write_stages(file, _example_stages(t))
    file.heading(t("2. The three offices that matter most"), 2, new_page=True)
    _write_listened(file, _example_listened(t))
    file.heading(t("3. What we will write"), 2)
    _write_tasks(file, _example_tasks(t))
    file.save(path)


def _write_paper(file, paper):
    t = file.t
    sentence, kind, model, last_day = paper
    file.form(
        [
            (t("Our sentence (2.1)"), "", sentence, 1),
            (t("The paper, and who signs it"), "", kind, 1),
            (t("A paper like it, signed last year"), "", model, 1),
            (t("Last useful day for the signature"), "", last_day, 1),
        ],
        label_width=6.2,
    )


def _write_stages(file, rows):
    t = file.t
    file.grid(
        [
            (t("No."), "", 1),
            (t("Office"), t("Never the name of a person"), 4),
            (t("What it does here"), t("Signs, files, agrees, checks, drafts"), 5),
            (t("What it needs"), t("A cost, an article, a model text, an order"), 5),
            (t("Keeps a paper for"), t("How long, and when it is closed"), 4),
            (t("Must have it by"), "", 3),
            (t("May stop here?"), t("And why"), 4),
        ],
        rows,
        lines=1.6,
    )


def _write_listened(file, rows):
    t = file.t
    file.grid(
        [
            (t("Office"), t("With its number"), 4),
            (t("Listens to"), t("A person’s role or a group"), 5),
            (t("and to"), "", 5),
            (t("Who of us reaches them"), "", 5),
            (t("What we ask, by when"), t("Something it can do in a day"), 6),
        ],
        rows,
        lines=2.4,
    )


def _write_tasks(file, rows):
    t = file.t
    file.grid(
        [
            (t("Paper"), "", 8),
            (t("For which office"), "", 5),
            (t("Who writes it"), "", 5),
            (t("Ready by"), "", 4),
        ],
        rows,
        lines=1.3,
    )


def _example_paper(t):
    return [
        t(
            "From 1 June, every provincial education office publishes each school meals contract, and each later "
            "change, "
            "within 15 days of signature, with half a day of staff time a week."
        ),
        t("A ministerial order; the minister of education"),
        t("Order on canteen hygiene, signed in March of last year; a copy is on the table"),
        t("Friday 26 February 2021, because tenders go out on 15 March"),
    ]


def _example_stages(t):
    return [
        [
            "1",
            t("Minister of education"),
            t("Signs, on Fridays"),
            t("To find it in the weekly file"),
            t("A day"),
            t("26 February"),
            t("No"),
        ],
        [
            "2",
            t("Permanent secretary"),
            t("Closes the weekly file on Wednesday at noon"),
            t("A note of half a page: what it costs, which problem it ends"),
            t("A week"),
            t("24 February, noon"),
            t("No: wants to answer the Court"),
        ],
        [
            "3",
            t("Finance directorate"),
            t("Writes “no additional cost”, or names a budget line"),
            t("A figure in hours, with its source"),
            t("Three weeks; in January only the budget"),
            t("1 February"),
            t("Yes, if there is no figure"),
        ],
        [
            "4",
            t("National portal office (another ministry)"),
            t("Confirms that the portal can take the documents"),
            t("One new form; twelve working days"),
            t("No deadline"),
            t("13 January"),
            t("Yes, by not answering"),
        ],
        [
            "5",
            t("Legal department"),
            t("Writes the draft"),
            t("A model text, and the article of the act"),
            t("Five weeks; closed for the last two weeks of the year"),
            t("14 December"),
            t("Only if it starts late"),
        ],
    ]


def _example_listened(t):
    return [
        [
            t("Permanent secretary (2)"),
            t("Court of Accounts: she answers its finding in April"),
            t("Heads of procurement units, whom she meets each month"),
            t("Our coordinator, through one head of unit"),
            t("Ask the legal department for a draft, by 11 December"),
        ],
        [
            t("National portal office (4)"),
            t("The programmers’ association"),
            t("The permanent secretary, whose letters it answers"),
            t("Our researcher, who is a member"),
            t("Say what it would need, by 9 December"),
        ],
        [
            t("Finance directorate (3)"),
            t("Budget desk of the Court of Accounts"),
            t("The permanent secretary"),
            t("A retired budget official who advises us"),
            t("Name the form in which it wants the cost, by 8 January"),
        ],
    ]


def _example_tasks(t):
    return [
        [
            t("Model text of the order, with the article of the act"),
            t("Legal department"),
            t("Coordinator"),
            t("11 December"),
        ],
        [
            t("Cost: half a day a week in nine offices, twelve working days for the form"),
            t("Finance directorate"),
            t("Researcher"),
            t("22 January"),
        ],
        [
            t("Note of half a page for the weekly file"),
            t("Permanent secretary"),
            t("Coordinator"),
            t("19 February"),
        ],
    ]


OUTPUTS = (Output("docx", build, native="docx"),)
