"""Message test: say a message once to five people, and write down what they heard."""

from toolkit.demo.files_builder.outputs import Output
from toolkit.demo.files_builder.theme import Template
from toolkit.demo.files_builder.word import WordFile

TEMPLATE = Template(
    slug="message-test-sheet", title="Message test sheet", version="1.0", step=3, chapters=("3.3",)
)
LISTENERS = 5


def build(edition, path):
    t = edition.t
    file = WordFile(edition, TEMPLATE, landscape=True)
    file.opening(
        t("Message test sheet"),
        t(
            "Say it once to five people and write down what they heard. One afternoon for each round."
        ),
    )
    file.instruction(
        t(
            "Shaded lines are instructions: delete them as you go. One person asks, another writes. Take nobody "
            "from the "
            "team or its families. One of the five should be likely to disagree. Write kinds of listener, never names."
        )
    )
    file.heading(t("1. The message"), 2)
    _write_message(file, [""] * 4)
    file.heading(t("2. What to do with each listener"), 2)
    file.steps(
        [
            t(
                "Say the message once, aloud. Do not explain it. Talk about something else for two minutes."
            ),
            t("Ask: “What was I asking for?”  “Who would have to do it?”"),
            t(
                "Ask: “Why would anyone say no?”  “What would you tell a colleague about it?”  Then be silent."
            ),
            t(
                "Write their words, not what they meant. Score on the same day, before you discuss it."
            ),
        ]
    )
    file.heading(t("3. First round"), 2, new_page=True)
    _write_round(file, _empty_round())
    file.heading(t("4. Second round, with five new listeners"), 2, new_page=True)
    _write_round(file, _empty_round())
    file.heading(t("5. All rounds"), 2)
    _write_history(file, [[str(number), *[""] * 3] for number in (1, 2, 3)])
    file.example(t("Example: School Table Kesrin, second round"))
    _write_message(file, _example_message(t))
    _write_round(file, _example_round(t))
    file.heading(t("All rounds"), 2)
    _write_history(file, _example_history(t))
    file.save(path)


def _write_message(file, message):
    t = file.t
    now, change, better, listeners = message
    file.form(
        [
            (t("What happens now"), t("One sentence that the listener can picture"), now, 2.6),
            (
                t("What should happen"),
                t("Which office does what, by when. This is the request."),
                change,
                2.6,
            ),
            (t("What would be better"), t("For somebody this listener cares about"), better, 2.6),
            (
                t("Our five listeners resemble"),
                t("A retired official for an official"),
                listeners,
                1.2,
            ),
        ],
        label_width=6,
    )


def _write_round(file, round_):
    t = file.t
    file.help_line(
        t(
            "One point each: the request repeated correctly, the right office named, the reason repeated. "
            "Underline each "
            "word of yours that they did not use."
        )
    )
    file.grid(
        [
            (t("No."), "", 1),
            (t("Kind of listener"), "", 4),
            (t("What they said"), t("Request, office, why not, to a colleague"), 12),
            (t("Request"), "0, 1", 2),
            (t("Office"), "0, 1", 2),
            (t("Reason"), "0, 1", 2),
        ],
        round_["listeners"],
        lines=2.3,
    )
    file.form(
        [
            (t("Listeners with three points"), t("Four of five: it passes"), round_["passed"], 1),
            (
                t("The one thing we change"),
                t("Two changes, and you learn nothing"),
                round_["change"],
                1,
            ),
        ],
        label_width=6,
    )


def _write_history(file, rows):
    t = file.t
    file.grid(
        [
            (t("Round"), "", 1.5),
            (t("The request, word for word"), "", 11),
            (t("Passed"), t("Out of five"), 2),
            (t("What we learned"), "", 7),
        ],
        rows,
        lines=1,
    )


def _empty_round():
    return {
        "listeners": [[str(number), *[""] * 5] for number in range(1, LISTENERS + 1)],
        "passed": "",
        "change": "",
    }


def _example_message(t):
    return [
        t("Nobody can see what a district pays for a school meal."),
        t(
            "By 30 November the education ministry should order every district to publish each contract within "
            "fifteen "
            "days of signing it."
        ),
        t("Then a head teacher can see a bad price while there is still time to complain."),
        t(
            "Members of the education committee: shop owners, retired officials, a former councillor"
        ),
    ]


def _example_round(t):
    return {
        "listeners": [
            [
                "1",
                t("Shop owner"),
                t(
                    "“Districts must publish contracts in fifteen days. The district does it. Heads could complain.”"
                ),
                "1",
                "0",
                "1",
            ],
            [
                "2",
                t("Retired official"),
                t(
                    "“An order from the ministry: contracts out in fifteen days, so that heads can react.”"
                ),
                "1",
                "1",
                "1",
            ],
            [
                "3",
                t("Shop owner"),
                t("“Publish the contracts. The district, I think. They will say no time.”"),
                "1",
                "0",
                "0",
            ],
            [
                "4",
                t("Former councillor, doubtful"),
                t("“The ministry should order it. Bad prices would be seen. Who does the work?”"),
                "1",
                "1",
                "1",
            ],
            [
                "5",
                t("Retired official"),
                t("“Something about the price of meals. The district should explain it.”"),
                "0",
                "0",
                "0",
            ],
        ],
        "passed": t("2 of 5"),
        "change": t("Put the ministry at the beginning of the request."),
    }


def _example_history(t):
    return [
        [
            "1",
            t(
                "“We call for transparency and accountability in school feeding procurement across all districts.”"
            ),
            "0",
            t("Four thought of food poisoning."),
        ],
        [
            "2",
            t("“By 30 November the education ministry should order every district to publish …”"),
            "2",
            t("Three named the wrong office."),
        ],
        [
            "3",
            t(
                "“We ask the education ministry for one order by 30 November: every district publishes …”"
            ),
            "4",
            t("It passes. The doubtful one asks who does the work: one office, two posts."),
        ],
    ]


OUTPUTS = (Output("docx", build, native="docx"),)
