"""One-page brief for a decision-maker, in the order in which a busy office reads."""

from toolkit.demo.files_builder.outputs import Output
from toolkit.demo.files_builder.theme import Template
from toolkit.demo.files_builder.word import WordFile

TEMPLATE = Template(
    slug="one-page-brief", title="One-page brief", version="1.1", step=2, chapters=("2.3", "4.1")
)


def build(edition, path):
    t = edition.t
    file = WordFile(edition, TEMPLATE, text_size=11.5)
    file.opening(t("One-page brief"), t("For one reader, in one office, who has three minutes."))
    file.instruction(
        t(
            "Replace every line in brackets; start with the next action. Then delete everything above the table, "
            "and the "
            "two pages that follow. What is left is your brief, on one page."
        )
    )
    _write_brief(file, _empty_brief(t))
    file.heading(t("Before you hand it over"), new_page=True)
    file.paragraph(
        t("Ten minutes with somebody who has not worked on it. Delete this page afterwards."),
        "Subtitle",
    )
    file.checklist(
        [
            t("The request comes first. Nothing before it explains who we are."),
            t("The reader has the power to do it. If not, the brief is for somebody else."),
            t("The second paragraph is about the reader’s work this year, not about ours."),
            t(
                "There is one number, one case and one voice. All three are marked as known in the context brief."
            ),
            t("The cost is there, in money or hours, with its source."),
            t("The objection is in the reader’s own words, as strong as we can make it."),
            t("The next action takes less than a day and has a date."),
            t("Nothing is on the page that we would not want to see in a newspaper."),
            t("Somebody read it for one minute, gave it back, and could tell us the request."),
        ]
    )
    file.heading(t("How to hand it over"), 2)
    file.steps(
        [
            t(
                "Give it to the person who prepares the reader’s papers, two working days before the meeting."
            ),
            t("In the meeting, let the reader read. Say only the request, then wait."),
            t(
                "On the same day, write what they said and what they will do into your after-action log."
            ),
            t(
                "Send the corrected brief within a day. If you find a mistake, say so on the same day."
            ),
        ]
    )
    file.example(t("Example: School Meals Monitor, Oriande"))
    _write_brief(file, _example_brief(t))
    file.save(path)


def _write_brief(file, brief):
    t = file.t
    file.form(
        [(t("For"), "", brief["for"], 1), (t("From, date"), "", brief["from"], 1)], label_width=3
    )
    file.heading(brief["title"], 1)
    file.paragraph(brief["ask"], "Statement")
    file.heading(t("Why it helps you"), 2)
    file.paragraph(brief["helps"])
    file.heading(t("The proof"), 2)
    file.grid(
        [(t("A number"), "", 1), (t("A case"), "", 1), (t("A voice"), "", 1)],
        [[brief["number"], brief["case"], brief["voice"]]],
    )
    file.heading(t("What it costs"), 2)
    file.paragraph(brief["cost"])
    file.heading(t("What may be said against it"), 2)
    file.paragraph(brief["objection"])
    file.heading(t("The next action"), 2)
    file.form(
        [
            (t("One thing to do"), "", brief["action"], 2),
            (t("By"), "", brief["by"], 1),
            (t("Call us"), "", brief["contact"], 1),
        ],
        label_width=3.6,
    )


def _empty_brief(t):
    return {
        "for": t("[Office of the reader, and its part in the decision]"),
        "from": t("[Your organisation or coalition, day month year]"),
        "title": t("[Title: the result, in six words or fewer]"),
        "ask": t(
            "[The request: one sentence that says who does what, for which contracts, by which date.]"
        ),
        "helps": t(
            "[What this office has to answer for this year, and how the change helps it to answer.]"
        ),
        "number": t("[From their own field. Author, title, year, page.]"),
        "case": t("[One contract, one change, one place. Two lines.]"),
        "voice": t("[Somebody the reader respects, who agreed to be named.]"),
        "cost": t("[Money, people and hours in a year, from which budget line. Who told you.]"),
        "objection": t(
            "[“The strongest objection, in the reader’s words.” Your answer, in three sentences at most.]"
        ),
        "action": t(
            "[What the reader can do in less than a day. Add the text to sign, if there is one.]"
        ),
        "by": t("[Date]"),
        "contact": t("[Role and telephone. One person, who answers on the same day.]"),
    }


def _example_brief(t):
    return {
        "for": t("Permanent secretary, Ministry of Education, who closes the weekly file"),
        "from": t("School Meals Monitor, Oriande, 15 February 2021"),
        "title": t("School meals: every change in view"),
        "ask": t(
            "Please put the order on publishing school meals contracts, and later changes to them, in the weekly file "
            "of 24 February."
        ),
        "helps": t(
            "In April the ministry answers the Court of Accounts on changes to contracts. If the order is in "
            "force from "
            "1 June, you can tell the Court that the finding is closed."
        ),
        "number": t(
            "144 of 240 contracts changed after signature; no change was published. Oriande Court of Accounts, "
            "After the "
            "signature, 2019, section 2."
        ),
        "case": t(
            "One meals contract for 310 schools: meat went from 60 grams to 30 in September, at the same price."
        ),
        "voice": t(
            "The head of one procurement unit would rather publish once than answer letters all year."
        ),
        "cost": t(
            "Half a day a week in each of nine offices, and twelve working days for one form on the national portal. "
            "Both figures come from the offices that would do the work."
        ),
        "objection": t(
            "“Firms will not bid if everything is public.” Prices are public already in the award notice. The tender "
            "documents will say from the start what is published. Five firms bid last year, and two of them say that "
            "they would bid again."
        ),
        "action": t(
            "Add the order to the file. The text and the note of half a page are attached, ready to use."
        ),
        "by": t("Wednesday 24 February 2021, noon"),
        "contact": t("Coordinator, School Meals Monitor, working days from 8 to 18"),
    }


OUTPUTS = (Output("docx", build, native="docx"),)
