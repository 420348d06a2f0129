"""Context brief: two pages in six parts, as chapter 1.3 asks for them."""

from toolkit.demo.files_builder.outputs import Output
from toolkit.demo.files_builder.theme import Template
from toolkit.demo.files_builder.word import WordFile

TEMPLATE = Template(
    slug="context-brief", title="Context brief", version="2.0", step=1, chapters=("1.3",)
)


def build(edition, path):
    t = edition.t
    file = WordFile(edition, TEMPLATE)
    file.opening(
        t("Context brief"),
        t("Two pages for your own team. They describe the situation and propose nothing."),
    )
    file.instruction(
        t(
            "Lines shaded like this one are instructions: delete them as you go. After each sentence write "
            "(known) if you "
            "saw a document or saw it happen, (heard) if somebody told you, (guessed) if neither. Write offices, not "
            "names of people. An example follows the form."
        )
    )
    _write_brief(file, _empty_brief())
    file.example(t("Example: School Meals Monitor, Oriande"))
    _write_brief(file, _example_brief(t))
    file.save(path)


def _empty_brief():
    return {
        "team": "",
        "version": "",
        "problem": "",
        "bought": [""] * 5,
        "people": [[""] * 4] * 10,
        "dates": [[""] * 3] * 6,
        "facts": [[""] * 2] * 3,
        "questions": [[""] * 4] * 5,
    }


def _write_brief(file, brief):
    """Lay out one brief: the blank form and the example are the same form, so they cannot drift apart."""
    t = file.t
    file.form(
        [
            (t("Team, and the subject in five words"), "", brief["team"], 1),
            (t("Version and date"), "", brief["version"], 1),
        ]
    )
    file.heading(t("1. The problem"), 2)
    file.help_line(t("About 100 words. What happened, to whom, how often, and what it costs."))
    file.box(brief["problem"], lines=10)
    file.heading(t("2. How it is bought now"), 2)
    file.help_line(
        t("About 150 words in all. Ask a buyer to show you the last file they finished.")
    )
    who, rule, practice, money, harm = brief["bought"]
    file.form(
        [
            (t("Who buys, for whom"), "", who, 2.5),
            (t("Under which rule"), t("Name and article"), rule, 4),
            (t("What is done in practice"), t("What you saw, not what is said"), practice, 5),
            (t("With whose money, when"), t("Budget line, months"), money, 3),
            (
                t("Where the harm begins"),
                t("Plan, tender, award, contract, deliver or pay"),
                harm,
                3.5,
            ),
        ]
    )
    # The empty form reads as two pages of three parts; the example runs on, and fits two pages all the same.
    file.heading(t("3. Who has a say"), 2, new_page=file.hints_shown)
    file.help_line(
        t("The ten cards from your map (chapter 1.2) that matter most. Some from each group.")
    )
    file.grid(
        [
            (t("Office"), "", 4),
            (t("Decides, carries out or lives with it"), "", 3),
            (t("Would lose or gain"), "", 5),
            (t("Last act seen, and when"), "", 5),
        ],
        brief["people"],
        lines=0.8,
    )
    file.heading(t("4. Dates"), 2)
    file.help_line(
        t(
            "Dates that others set, the next one first. Ask when the file really closes: it is often earlier."
        )
    )
    file.grid(
        [(t("Date"), "", 3), (t("What happens"), "", 9), (t("Who sets the date"), "", 5)],
        brief["dates"],
        lines=0.9,
    )
    file.heading(t("5. What we know, and how"), 2)
    file.grid(
        [(t("Our three strongest facts"), "", 10), (t("Source: author, title, year, page"), "", 7)],
        brief["facts"],
        lines=1.4,
    )
    file.heading(t("6. What we do not know"), 2)
    file.help_line(
        t(
            "Questions that could change your choice. Then test the brief: give a stranger ten minutes with it."
        )
    )
    file.grid(
        [
            (t("Question"), "", 7),
            (t("Who finds out"), "", 4),
            (t("Whom to ask"), "", 4),
            (t("By"), "", 3),
        ],
        brief["questions"],
        lines=0.9,
    )


def _example_brief(t):
    return {
        "team": t("School Meals Monitor: changes to school meals contracts"),
        "version": t("Version 2, 27 November 2020"),
        "problem": t(
            "Last June the province signed a contract for meals in 310 schools, at 4 crowns a meal (known: award "
            "notice). In September the contract was changed. Meat went from 60 grams to 30, at the same price (known: "
            "copy of the change, seen in a kitchen). Parents noticed in October, in four schools (known: "
            "photographs). "
            "Other provinces may have made similar changes (heard: two buyers). The firm may have offered a "
            "price that "
            "it could not keep (guessed)."
        ),
        "bought": [
            t(
                "The procurement unit of each of nine provincial education offices, for its schools (known)"
            ),
            t(
                "Procurement act: award notices must be published. Contracts and later changes are not mentioned. A "
                "ministry may set further publication rules for purchases it pays for (known: the act)."
            ),
            t(
                "No ministry has ever set such a rule (heard: a law teacher). Changes are filed on paper in the "
                "province, and kitchens get a copy (known)."
            ),
            t(
                "Education ministry; about 44 million crowns a year in this province. Tenders in March (known: "
                "budget)."
            ),
            t(
                "Contract: after signature, when a change is agreed and nobody outside can see it (known)."
            ),
        ],
        "people": [
            [
                t("Minister of education"),
                t("Decides"),
                t("Gains an answer to the press"),
                t("None found"),
            ],
            [
                t("Permanent secretary"),
                t("Decides"),
                t("Gains: must answer an audit finding in April"),
                t("Asked all provinces for a list of changes, 9 November"),
            ],
            [
                t("Finance directorate"),
                t("Decides"),
                t("Loses time in its busiest month"),
                t("Returned a draft without a cost, 12 October"),
            ],
            [
                t("Provincial procurement units"),
                t("Carries out"),
                t("Lose half a day a week; fear more than that"),
                t("Asked the ministry for more staff, 2 November"),
            ],
            [
                t("National portal office"),
                t("Carries out"),
                t("Not known: see part 6"),
                t("None found"),
            ],
            [
                t("Court of Accounts"),
                t("Carries out"),
                t("Gains a finding that it can close"),
                t("Reported on contract changes, 2019"),
            ],
            [
                t("Association of large caterers"),
                t("Lives with it"),
                t("Loses quiet changes after signature"),
                t("None found, only a rumour"),
            ],
            [
                t("Small kitchens’ cooperative"),
                t("Lives with it"),
                t("Gains sight of contracts that it lost"),
                t("Bid in two provinces, March 2020"),
            ],
            [
                t("Head teachers"),
                t("Lives with it"),
                t("Gain a price to point to"),
                t("Four asked about portions, 5 November"),
            ],
            [
                t("Parents’ associations"),
                t("Lives with it"),
                t("Gain the right to compare"),
                t("Wrote to the province, 26 October"),
            ],
        ],
        "dates": [
            [
                t("14 December 2020"),
                t("Legal department must have a draft to finish by February"),
                t("Legal department"),
            ],
            [t("31 January 2021"), t("The ministry closes its budget"), t("Finance directorate")],
            [
                t("28 February 2021"),
                t("Last day for a ministerial order that binds the next tenders"),
                t("The ministry"),
            ],
            [t("15 March 2021"), t("Provinces publish their tenders"), t("Procurement act")],
            [
                t("April 2021"),
                t("The ministry answers the Court of Accounts"),
                t("Court of Accounts"),
            ],
            [t("June 2021"), t("Contracts are signed"), t("Provincial offices")],
        ],
        "facts": [
            [
                t(
                    "144 of 240 contracts were changed after signature. None of the changes was published."
                ),
                t("Oriande Court of Accounts, After the signature, 2019, section 2"),
            ],
            [
                t(
                    "One meals contract, one change: from 60 grams of meat to 30, at the same price."
                ),
                t("Copy of the change, September 2020, seen in a school kitchen"),
            ],
            [
                t("Five firms bid for the contract last year."),
                t("Award notice on the national portal, June 2020"),
            ],
        ],
        "questions": [
            [
                t("Had the firm offered a price that it could not keep?"),
                t("Coordinator"),
                t("Buyers in two other provinces"),
                t("4 December"),
            ],
            [
                t("What would the portal need to take contracts and changes?"),
                t("Researcher"),
                t("National portal office"),
                t("2 December"),
            ],
            [
                t("How long would a buyer need for each document?"),
                t("Volunteer"),
                t("A procurement unit"),
                t("9 December"),
            ],
        ],
    }


OUTPUTS = (Output("docx", build, native="docx"), Output("odt", build, native="docx"))
