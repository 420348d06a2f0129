"""Coalition terms: one page that answers the seven questions of chapter 3.2 before anybody speaks in public."""

from toolkit.demo.files_builder.outputs import Output
from toolkit.demo.files_builder.theme import Template
from toolkit.demo.files_builder.word import WordFile

TEMPLATE = Template(
    slug="coalition-terms", title="Coalition terms", version="1.0", step=3, chapters=("3.2",)
)


def build(edition, path):
    t = edition.t
    file = WordFile(edition, TEMPLATE)
    file.opening(
        t("Coalition terms"),
        t("Seven answers on one page, agreed in writing before the first joint letter."),
    )
    file.instruction(
        t(
            "Shaded lines are instructions: delete them as you go. Send the draft to each partner a week before "
            "you meet. "
            "Where there are boxes, keep one line and delete the others."
        )
    )
    _write_terms(file, _empty_terms(t))
    file.example(t("Example: harbour repairs, Sabel Coast"))
    _write_terms(file, _example_terms(t))
    file.save(path)


def _write_terms(file, terms):
    t = file.t
    file.heading(t("Partners"), 2)
    file.grid(
        [
            (t("Organisation"), "", 4),
            (t("Fills this gap"), t("Access, knowledge, numbers, protection"), 4),
            (t("Could never say or support"), t("Ask, write it down, read it back"), 4),
            (t("Agreed by, on"), t("A role. A mail is enough."), 3),
        ],
        terms["partners"],
        lines=1.4,
    )
    file.heading(t("Seven answers"), 2)
    labels = (
        (t("1. The sentence we all say"), t("Word for word, with a date")),
        (t("2. In our own name only"), t("What each may say for itself")),
        (t("3. Who speaks to the press"), t("And who, when that person is away")),
        (t("4. Who approves a text"), t("In each organisation, within one working day")),
        (t("5. Money"), t("Who pays for what, who may ask for more")),
        (t("6. Interests to declare"), t("Who could win by the change")),
        (t("7. The end, and leaving"), t("On what date; how a partner leaves before")),
        (t("If somebody is under pressure"), t("Whom to call, what not to publish")),
    )
    file.form(
        [
            (label, hint, answer, 2)
            for (label, hint), answer in zip(labels, terms["answers"], strict=True)
        ]
    )
    file.help_line(
        t(
            "Keep this page to one side of paper. Read it together again half-way, and after any quarrel."
        )
    )
    file.form([(t("Version, date, and when we read it again"), "", terms["review"], 1)])


def _empty_terms(t):
    return {
        "partners": [[""] * 4] * 5,
        "answers": [
            "",
            t("Everything else, if it does not speak against the sentence in 1."),
            _choices(
                t("[Role]; when away, [role]."),
                t("Each for itself, but with the sentence in 1 only."),
            ),
            _choices(
                t("[Role] in each. No answer in one day means no."),
                t("[Role] for all, inside the sentence in 1."),
            ),
            _choices(
                t("Each pays its own."),
                t("[Organisation] holds the money and shows the accounts each month."),
            ),
            t("[Partner]: [how many of its members bid for such contracts]. We say so in public."),
            t(
                "[Date]. A partner leaves in writing, to us first; its name comes off new texts within two days."
            ),
            t(
                "Whoever is at risk decides. The others stop, and learn within a day whom to call: [role]."
            ),
        ],
        "review": "",
    }


def _choices(*answers):
    return "\n".join("☐ " + answer for answer in answers)


def _example_terms(t):
    return {
        "partners": [
            [
                t("Boat owners’ cooperative"),
                t("Access: the harbour authority answers it"),
                t("The word “procurement”; nothing that slows repairs"),
                t("Chair, 4 April"),
            ],
            [
                t("Small builders’ guild"),
                t("Knowledge: how orders are given by telephone"),
                t("Names of officials: members work for them"),
                t("Secretary, 4 April"),
            ],
            [
                t("Port workers’ union"),
                t("Numbers: 900 members in three harbours"),
                t("“Independent agency”; any loss of posts"),
                t("Board, mail of 7 April"),
            ],
            [
                t("Sabel Coast Ledger"),
                t("Knowledge: payment lists, drafting"),
                t("Party events"),
                t("Director, 4 April"),
            ],
        ],
        "answers": [
            t(
                "“Every repair above 5,000 crowns is announced on the harbour’s notice board and on its website "
                "five days "
                "before the order is given.”"
            ),
            t(
                "Each adds its own reason. The Ledger keeps its wider proposals for its own reports."
            ),
            t("The chair of the cooperative; when away, the secretary of the guild."),
            t("Chair, secretary, section head, director. No answer in one working day means no."),
            t(
                "Each pays its own. Only the Ledger may ask for a grant, and shows it to the others first."
            ),
            t("The guild: eleven of its members bid for such work. It says so at every meeting."),
            t(
                "31 December. A partner leaves in writing, to us first; its name comes off new texts within two days."
            ),
            t(
                "Whoever is at risk decides. The union’s duty telephone is called within a day. No names are "
                "published."
            ),
        ],
        "review": t("Version 2, 7 April 2020. Read again on 14 June 2020."),
    }


OUTPUTS = (Output("odt", build, native="docx"),)
