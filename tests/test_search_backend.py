"""The search backend: what it finds, in which order, and what it makes of what was typed."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from modelsearch.query import MATCH_ALL, And, Not, Or, Phrase, PlainText
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from home.models import StandardPage
from search.query import MAX_TERMS, Query
from tests.searching import HOSTILE, add, make_home, text


@pytest.fixture
def home(db):
    cache.clear()
    return make_home("en")


# The backend


def found(query, pages=None, **options) -> list[str]:
    results = (StandardPage.objects.all() if pages is None else pages).search(query, **options)
    return [page.title for page in results]


def test_all_terms_must_match_by_default(home):
    add(home, "One", "contracts")
    add(home, "Two", "contracts that are slow")
    assert found("contract slow") == ["Two"]
    assert found("contract slow", operator="or") == ["Two", "One"]


def test_hit_in_the_title_ranks_above_any_number_in_the_text(home):
    add(home, "Emergency powers", "Something else entirely.")
    add(home, "Other", "contract " * 30)
    add(home, "Publishing the contracts", "Nothing more to say.", body=text("filler " * 500))
    add(home, "Another", "contract")
    assert found("contract") == ["Publishing the contracts", "Other", "Another"]


def test_title_counts_in_the_language_of_the_page(home):
    spanish = make_home("es")
    add(spanish, "Otra", "coalición " * 20)
    add(spanish, "Las coaliciones", "Nada más.")
    assert found(PlainText("coalicion")) == ["Las coaliciones", "Otra"]


def test_results_can_be_narrowed_counted_and_cut(home):
    pages = [add(home, f"Page {number}", "contract") for number in range(5)]
    results = StandardPage.objects.exclude(pk=pages[0].pk).search("contract")
    assert results.count() == 4
    assert len(results[1:3]) == 2
    assert [page.pk for page in results] == [page.pk for page in reversed(pages[1:])]
    assert dict(results.facet("content_type_id")) == {pages[0].content_type_id: 4}
    assert all(page.relevance for page in results.annotate_score("relevance"))


def test_results_can_be_used_inside_another_query(home):
    """Joined tables must follow when Django renames the page's own table in a subquery."""
    one, two = add(home, "One", "contract"), add(home, "Two", "tender")
    keys = Page.objects.search("contract").get_queryset().order_by().values("pk")
    assert list(Page.objects.filter(pk__in=keys)) == [one.page_ptr]
    assert two.page_ptr in Page.objects.exclude(pk__in=keys)


def test_unpublished_and_deleted_pages_are_not_in_the_index(home):
    page = add(home, "One", "contract")
    page.delete()
    assert found("contract") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Phrase("slow contract"), {"Slow contract"}),
        (PlainText("contract") & ~PlainText("slow"), {"Contract"}),
        (
            And([PlainText("slow"), Or([PlainText("contract"), PlainText("tender")])]),
            {"Slow contract", "Slow tender"},
        ),
        (Not(PlainText("slow")), {"Contract"}),
        (MATCH_ALL, {"Contract", "Slow contract", "Slow tender"}),
        (Not(MATCH_ALL), set()),
        (PlainText("nowhere"), set()),
    ],
    ids=lambda value: str(sorted(value)) if isinstance(value, set) else repr(value),
)
def test_query_objects_of_wagtail_are_understood(home, query, expected):
    for title in ["Contract", "Slow contract", "Slow tender"]:
        add(home, title)
    assert set(found(query)) == expected


def test_autocomplete_finds_the_beginning_of_a_word(home):
    add(home, "Coalition building")
    assert [page.title for page in StandardPage.objects.autocomplete("build coal")] == []
    assert [page.title for page in StandardPage.objects.autocomplete("building coal")] == [
        "Coalition building"
    ]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda query: repr(query[:20]))
def test_hostile_input_never_reaches_the_database_as_syntax(home, hostile):
    add(home, "Contract", "slow")
    assert set(found(hostile)) <= {"Contract"}
    assert set(found(hostile, operator="or")) <= {"Contract"}
    list(StandardPage.objects.autocomplete(hostile))
    list(StandardPage.objects.search(Phrase(hostile)))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="The plan is SQLite's.")
def test_matches_are_looked_up_once_and_pages_by_their_key(home):
    """The stock backend searched anew for every row: 2,000 matches took seconds."""
    results = Page.objects.live().search("contract")[:10].get_queryset()
    sql, parameters = results.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        plan = [row[3] for row in cursor.fetchall()]
    assert [re.sub(r" \(.*| INDEX .*", "", step) for step in plan] == [
        "SCAN wagtailsearch_indexentry_fts VIRTUAL TABLE",
        "SEARCH wagtailsearch_indexentry USING INTEGER PRIMARY KEY",
        "SEARCH wagtailcore_page USING INTEGER PRIMARY KEY",
        "USE TEMP B-TREE FOR ORDER BY",
    ]


def test_rebuilding_the_index_finds_the_same(home):
    from django.core.management import call_command

    add(home, "One", "contracts")
    get_search_backend().reset_indexes()
    assert found("contract") == []
    call_command("update_index", verbosity=0)
    assert found("contract") == ["One"]


# What was typed


@pytest.mark.parametrize(
    ("typed", "language", "terms"),
    [
        ("Emergency CONTRACTS, emergency!", "en", ("emergenc", "contract")),
        ("how do I ask for money", "en", ("ask", "money")),
        ("to be or not to be", "en", ("to", "be", "or", "not")),
        ("qu'est-ce que l’État", "fr", ("etat",)),
        ("ما هي العقود", "ar", ("عقود",)),
        ("", "en", ()),
        ("?", "en", ()),
        ("x", "en", ()),
        ("5G", "en", ("5g",)),
    ],
)
def test_query_keeps_the_telling_words_as_stems(typed, language, terms):
    assert Query.parse(typed, language).terms == terms


def test_query_looks_for_so_many_words_only():
    assert len(Query.parse(" ".join(f"w{n}" for n in range(99)), "en").terms) == MAX_TERMS
