"""The passages of search results: where they are taken from and what is marked in them."""

import pytest

from search.highlight import Highlighter, opening
from search.query import Query


def passage(terms: str, *parts: str, language: str = "en") -> str:
    return str(Highlighter(Query.parse(terms, language).terms, language).passage(parts))


def test_passage_marks_whole_words_by_their_stem():
    assert passage(
        "contract publish", "They published the contracts; subcontracting is not contractual."
    ) == (
        "They <mark>published</mark> the <mark>contracts</mark>; subcontracting is not contractual."
    )


@pytest.mark.parametrize(
    ("language", "typed", "part", "marked"),
    [
        (
            "es",
            "contratacion",
            "La contratación, ¿pública?",
            "La <mark>contratación</mark>, ¿pública?",
        ),
        ("fr", "etat", "L’État achète.", "L’<mark>État</mark> achète."),
        ("ar", "العقود", "نُشرت والعُقود أمس.", "نُشرت <mark>والعُقود</mark> أمس."),
        ("ru", "закупка", "Реформа закупок.", "Реформа <mark>закупок</mark>."),
        ("pt", "licitacao", "Uma licitação aberta.", "Uma <mark>licitação</mark> aberta."),
    ],
)
def test_passage_is_marked_in_the_language_of_the_page(language, typed, part, marked):
    assert passage(typed, part, language=language) == marked


def test_passage_escapes_everything_but_its_own_marks():
    assert passage("script", "<b>1 < 2 & a script</b>", '<script>alert("x")</script>') == (
        "&lt;b&gt;1 &lt; 2 &amp; a <mark>script</mark>&lt;/b&gt; … "
        "&lt;<mark>script</mark>&gt;alert(&quot;x&quot;)&lt;/<mark>script</mark>&gt;"
    )


def test_passage_is_taken_where_most_different_words_are():
    parts = [
        "Contract, contract and contract again. " + "Filler words follow here. " * 20,
        "A slow answer to an emergency contract. " + "More of the same follows. " * 20,
    ]
    assert passage("emergency contract slow", *parts).startswith(
        "A <mark>slow</mark> answer to an <mark>emergency</mark> <mark>contract</mark>. More"
    )


def test_passage_says_where_text_is_left_out():
    long = "word " * 60
    assert passage("target", long + "the target here " + long) == (
        "…" + "word " * 9 + "the <mark>target</mark> here" + " word" * 28 + "…"
    )


def test_passage_begins_and_ends_with_a_sentence_nearby():
    assert passage("target", f"{'word ' * 60}end. The target is “here.” {'word ' * 60}") == (
        "The <mark>target</mark> is “here.”"
    )


def test_passage_is_empty_where_nothing_is_found():
    assert passage("target", "Nothing of the sort.") == ""
    assert passage("target") == ""


def test_passage_looks_only_so_far_into_an_attachment():
    assert passage("target", "word " * 20_000 + "target") == ""


def test_opening_is_the_first_part_that_has_words():
    assert opening(["", "  ", "Two words", "More"]) == "Two words"
    assert opening(["word " * 50]) == " ".join(["word"] * 40) + "…"
    assert opening([]) == ""
