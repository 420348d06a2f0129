"""Strategy on a page: the choices of step 2 as one sheet of boxes, to be argued over and pinned up."""

from toolkit.demo.files_builder.outputs import Output
from toolkit.demo.files_builder.theme import Template
from toolkit.demo.files_builder.word import WordFile

TEMPLATE = Template(
    slug="strategy-on-a-page", title="Strategy on a page", version="1.0", step=2, chapters=("2.1",)
)

# The heights make the empty form fill one A4 sheet; an entry that needs more room pushes its row down.
ROW_HEIGHTS = (2.3, 2.8, 2.9, 2.9, 2.4)


def build(edition, path):
    t = edition.t
    file = WordFile(edition, TEMPLATE, landscape=True)
    file.opening(
        t("Strategy on a page"),
        t(
            "One change, one path, one argument. A box that stays empty is your next task. Delete the small hints."
        ),
    )
    _write_sheet(file, _empty_sheet())
    file.example(t("Example: School Meals Monitor, Oriande"))
    _write_sheet(file, _example_sheet(t))
    file.save(path)


def _empty_sheet():
    names = "change accept refuse sign paper stops listens listener proof objection aim next review"
    return dict.fromkeys(names.split(), "")


def _write_sheet(file, sheet):
    t = file.t
    rows = [
        [
            (
                12,
                t("The change (chapter 2.1)"),
                t(
                    "Who does what, for which contracts, from which date, with which money and hours? One sentence."
                ),
                sheet["change"],
                True,
            )
        ],
        [
            (4, t("We would accept"), t("Two things, in its place"), sheet["accept"], False),
            (
                4,
                t("We would refuse"),
                t("Two things, even if offered in public"),
                sheet["refuse"],
                False,
            ),
            (
                4,
                t("The sign"),
                t("What anybody can see when it is done, and on which day"),
                sheet["sign"],
                False,
            ),
        ],
        [
            (
                4,
                t("The paper, and who signs it (2.2)"),
                t("The lowest paper that could order it, and the last useful day"),
                sheet["paper"],
                False,
            ),
            (
                4,
                t("Where it is most likely to stop"),
                t("Which office, and what it needs"),
                sheet["stops"],
                False,
            ),
            (
                4,
                t("Whom that office listens to"),
                t("Two, and who of us reaches them"),
                sheet["listens"],
                False,
            ),
        ],
        [
            (
                4,
                t("Our first listener (2.3)"),
                t("“This year they will be asked why …”"),
                sheet["listener"],
                False,
            ),
            (
                4,
                t("One number, one case, one voice"),
                t("Only what is marked as known"),
                sheet["proof"],
                False,
            ),
            (
                4,
                t("The best objection"),
                t("In their words, and our answer"),
                sheet["objection"],
                False,
            ),
        ],
        [
            (
                4,
                t("The larger aim"),
                t("One line, so that nobody thinks you gave it up"),
                sheet["aim"],
                True,
            ),
            (
                4,
                t("First action"),
                t("For one office, under a day of its time, with a date"),
                sheet["next"],
                True,
            ),
            (
                4,
                t("We look at this sheet again on"),
                t("A date, or an event that changes it"),
                sheet["review"],
                True,
            ),
        ],
    ]
    file.canvas(list(zip(ROW_HEIGHTS, rows, strict=True)))


def _example_sheet(t):
    return {
        "change": t(
            "From 1 June, the procurement unit of every provincial education office publishes each school meals "
            "contract, "
            "and each later change to it, on the national portal within 15 days of signature, with half a day of "
            "staff "
            "time a week set aside for it."
        ),
        "accept": t("30 days in place of 15. A start with contracts above 50,000 crowns."),
        "refuse": t("Summaries in place of the documents. Publication only on request."),
        "sign": t(
            "On 15 July, anybody can open the portal and read the meals contract of any province."
        ),
        "paper": t(
            "A ministerial order, signed by the minister of education. Tenders go out on 15 March, so it has to be "
            "signed on Friday 26 February."
        ),
        "stops": t(
            "National portal office: it has to confirm that the portal can take the documents, and has no "
            "deadline. It "
            "needs one new form and twelve working days."
        ),
        "listens": t(
            "The programmers’ association (our researcher is a member), and the permanent secretary, whose letters it "
            "answers within a week."
        ),
        "listener": t(
            "The permanent secretary. In April she will be asked by the Court of Accounts why changes to "
            "contracts are "
            "still not published."
        ),
        "proof": t(
            "144 of 240 contracts changed, no change published. One contract: 60 grams of meat became 30. A head of a "
            "procurement unit who would rather publish once than answer letters all year."
        ),
        "objection": t(
            "“Firms will not bid if everything is public.” Prices are public already in the award notice, and "
            "two of last "
            "year’s five bidders say that they would bid again."
        ),
        "aim": t(
            "One day, every public contract in Oriande can be read by the people who pay for it."
        ),
        "next": t(
            "By 14 December: a model text for the legal department, half a page, with the cost."
        ),
        "review": t("15 January, or on the day when the portal office answers."),
    }


OUTPUTS = (Output("docx", build, native="docx"),)
