"""The search page, the passages it shows and the backend under it."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django.utils.translation import override
from modelsearch.query import MATCH_ALL, And, Not, Or, Phrase, PlainText
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.search.backends import get_search_backend

from home.models import HomePage, StandardPage, StoryIndexPage, StoryPage
from hub.models import PageTopic, Topic
from search.highlight import Highlighter, opening
from search.kinds import kinds
from search.query import MAX_TERMS, Query
from tests.factories import (
    DocumentFactory,
    FormatFactory,
    LevelFactory,
    SessionPageFactory,
    docx_bytes,
)
from toolkit.models import ChapterPage, TemplateFile, TemplateIndexPage, TemplatePage, ToolkitPage

HOSTILE = [
    "-",
    '"',
    '""',
    '"unclosed phrase',
    "*",
    "contract*",
    "NEAR(contract, 2)",
    "contract NEAR slow",
    "-contract",
    "title:contract",
    "{title}: contract",
    "^contract",
    "AND",
    "OR NOT",
    "(((((",
    "contract \x00 slow",
    "\x00",
    "a\\'; DROP TABLE wagtailcore_page; --",
    "%s %d %(x)s %",
    "…!?.,;:",
    "🙂 🏳️‍🌈",
    "\u200f\u202eالعقود\u202c",
    "\ufffd\ufeff",
    "ﷺ",
    "\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "contract " * 5000,
    "x" * 100_000,
    " ".join(f"word{number}" for number in range(3000)),
]


@pytest.fixture
def home(db):
    cache.clear()
    return make_home("en")


def make_home(language: str) -> HomePage:
    locale, _created = Locale.objects.get_or_create(language_code=language)
    page = HomePage(title="Plain Tender", slug=language, statement="Make the case.", locale=locale)
    source = HomePage.objects.first()
    if source:
        page.translation_key = source.translation_key
    Page.get_first_root_node().add_child(instance=page)
    if not source:
        Site.objects.update_or_create(
            is_default_site=True, defaults={"root_page": page, "hostname": "testserver"}
        )
    return page


def add(parent, title: str, summary: str = "", page_type=StandardPage, **fields):
    """A live page; its slug is its place, so that no title clashes with another."""
    parent.refresh_from_db()
    page = page_type(
        title=title, slug=f"p{parent.numchild}", summary=summary, locale=parent.locale, **fields
    )
    return parent.add_child(instance=page)


def text(*paragraphs: str) -> list:
    return [("rich_text", f"<p>{paragraph}</p>") for paragraph in paragraphs]


def make_topic(title: str, *pages, locale=None) -> Topic:
    locale = locale or pages[0].locale
    topic = Topic.objects.create(title=title, slug=title.lower(), locale=locale)
    for page in pages:
        PageTopic.objects.create(page=page, topic=topic, locale=locale)
    return topic


def get(client, query: str = "", language: str = "en", **parameters) -> BeautifulSoup:
    response = client.get(f"/{language}/search/", {"q": query, **parameters})
    assert response.status_code == 200
    assert not response.cookies
    return BeautifulSoup(response.content, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [heading.get_text() for heading in soup.select(".row-list h2")]


def passages(soup: BeautifulSoup) -> list[str]:
    return [
        heading.find_next_sibling("p").decode_contents() for heading in soup.select(".row-list h2")
    ]


def counts(soup: BeautifulSoup, name: str) -> dict[str, int]:
    """How many results each offered choice would leave; choices that leave none are left out."""
    return {
        choice["value"]: int(choice.find_parent("label").select_one(".num").get_text())
        for choice in soup.select(f"input[name={name}]")
        if not choice.has_attr("disabled")
    }


def summary_line(soup: BeautifulSoup) -> str:
    return soup.select_one("#count").get_text()


# The backend


def found(query, pages=None, **options) -> list[str]:
    results = (StandardPage.objects.all() if pages is None else pages).search(query, **options)
    return [page.title for page in results]


def test_all_terms_must_match_by_default(home):
    add(home, "One", "contracts")
    add(home, "Two", "contracts that are slow")
    assert found("contract slow") == ["Two"]
    assert found("contract slow", operator="or") == ["Two", "One"]


def test_session_is_found_by_its_format_and_level(site, client):
    session = SessionPageFactory(
        parent=site.training,
        title="Say it so that others can repeat it",
        format=FormatFactory(title="Introductory workshop"),
        level=LevelFactory(title="New to advocacy"),
    )
    assert titles(get(client, "workshops")) == [session.title]
    assert session.title in titles(get(client, "new to advocacy"))


def test_pages_are_found_by_what_they_are(home, client):
    toolkit = add(home, "Four steps", page_type=ToolkitPage)
    shelf = add(toolkit, "To make yours", page_type=TemplateIndexPage)
    add(shelf, "Context brief", page_type=TemplatePage)
    add(home, "About us")
    assert "Context brief" in titles(get(client, "template"))
    assert "About us" not in titles(get(client, "template"))


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


# Passages


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


# The page


def test_result_shows_kind_title_passage_and_place(client, home):
    toolkit = add(home, "The toolkit", page_type=ToolkitPage)
    chapter = add(
        toolkit,
        "Work the <window>",
        "When to move.",
        page_type=ChapterPage,
        body=text("Contracts &amp; decrees lapse."),
        faqs=[("faq", {"question": "“It would slow us down.”", "answer": "<p>No.</p>"})],
    )
    soup = get(client, "contract")
    [row] = soup.select(".row-list li")
    assert row.div["data-kind"] == "toolkit"
    assert row.select_one(".kind").get_text() == "Toolkit chapter"
    assert row.a["href"] == chapter.url
    assert row.a.get_text() == "Work the <window>"
    assert passages(soup) == [
        "<mark>Contracts</mark> &amp; decrees lapse. … “It would slow us down.” … No."
    ]
    assert row.select_one(".details-line").get_text(" ", strip=True) == "English The toolkit"
    assert summary_line(soup) == "1 result for “contract”"
    assert titles(get(client, "slow")) == ["Work the <window>"]


def test_title_is_marked_and_stands_for_a_text_without_hits(client, home):
    add(home, "Emergency contracts & co", "Something else.")
    soup = get(client, "contract")
    assert soup.select_one(".row-list a").decode_contents() == (
        "Emergency <mark>contracts</mark> &amp; co"
    )
    assert passages(soup) == ["Something else."]


def test_results_are_in_the_language_of_the_page(client, home):
    spanish = make_home("es")
    add(home, "Contracts", "decreto")
    add(spanish, "Los contratos", "Un decreto de emergencia")
    assert titles(get(client, "decretos", "es")) == ["Los contratos"]
    assert get(client, "decretos", "es").html["lang"] == "es"


def test_arabic_results_are_found_and_marked(client, home):
    add(make_home("ar"), "النافذة", "نُشرت والعُقود أمس.")
    soup = get(client, "العقود", "ar")
    assert soup.html["dir"] == "rtl"
    assert passages(soup) == ["نُشرت <mark>والعُقود</mark> أمس."]


def test_only_public_live_pages_that_are_no_aliases_are_found(client, home):
    spanish = make_home("es")
    public = add(home, "Public", "contract")
    private = add(home, "Private", "contract")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    add(home, "Draft", "contract", live=False)
    public.create_alias(parent=spanish, update_locale=spanish.locale, reset_translation_key=False)
    assert titles(get(client, "contract")) == ["Public"]
    assert "No se encontró nada" in summary_line(get(client, "contract", "es"))


def test_template_is_found_by_the_text_of_its_files(client, home):
    toolkit = add(home, "The toolkit", page_type=ToolkitPage)
    index = add(toolkit, "Templates", page_type=TemplateIndexPage)
    document = DocumentFactory(title="Whom would it relieve?")
    template = add(
        index,
        "Supporters map",
        "A sheet.",
        page_type=TemplatePage,
        files=[TemplateFile(document=document)],
    )
    template.save_revision().publish()
    assert titles(get(client, "relieved")) == ["Supporters map"]
    assert passages(get(client, "relieved")) == ["Whom would it <mark>relieve</mark>?"]
    document.file = ContentFile(docx_bytes("Who decides about the budget?"), "map.docx")
    document.save()
    assert titles(get(client, "budgets")) == ["Supporters map"]


def test_any_word_will_do_where_no_page_has_all(client, home):
    add(home, "One", "contracts")
    add(home, "Two", "slow")
    soup = get(client, "slow contracts")
    assert set(titles(soup)) == {"One", "Two"}
    assert "No page has all of these words" in soup.select_one(".notice").get_text()
    add(home, "Both", "slow contracts")
    soup = get(client, "slow contracts")
    assert titles(soup) == ["Both"]
    assert not soup.select(".notice")


@pytest.fixture
def shelves(home):
    """Chapters and stories on two topics."""
    toolkit = add(home, "Steps", page_type=ToolkitPage)
    stories = add(home, "What happened", page_type=StoryIndexPage)
    chapters = [add(toolkit, f"Chapter {n}", "contract", page_type=ChapterPage) for n in range(3)]
    tales = [add(stories, f"Story {n}", "contract slow", page_type=StoryPage) for n in range(2)]
    make_topic("Coalitions", *chapters[:2], tales[0])
    make_topic("Money", chapters[2])
    make_topic("Nobody", locale=home.locale)
    return chapters, tales


def test_facets_count_each_other_and_leave_out_themselves(client, shelves):
    soup = get(client, "contract")
    assert counts(soup, "kind") == {"toolkit-chapter": 3, "story": 2}
    assert counts(soup, "topic") == {"coalitions": 3, "money": 1}
    soup = get(client, "contract", kind="story")
    assert titles(soup) == ["Story 1", "Story 0"]
    assert counts(soup, "kind") == {"toolkit-chapter": 3, "story": 2}
    assert counts(soup, "topic") == {"coalitions": 1}
    soup = get(client, "contract", topic="coalitions", kind=["story", "toolkit-chapter"])
    assert summary_line(soup) == "3 results for “contract”"
    assert counts(soup, "kind") == {"toolkit-chapter": 2, "story": 1}


def test_choice_without_results_is_disabled_unless_chosen(client, shelves):
    soup = get(client, "contract", kind="story", topic="money")
    money = soup.select_one("input[value=money]")
    assert money.has_attr("checked")
    assert not money.has_attr("disabled")
    assert counts(soup, "topic") == {"coalitions": 1, "money": 0}
    assert soup.select_one("input[value=nobody]").has_attr("disabled")
    assert soup.select_one(".empty a")["href"] == "?q=contract"
    assert soup.select_one(".empty a").get_text(strip=True) == "Show all 5 results without filters"


def test_topic_without_query_lists_its_pages_by_title(client, shelves):
    soup = get(client, topic="coalitions")
    assert titles(soup) == ["Chapter 0", "Chapter 1", "Story 0"]
    assert summary_line(soup) == "3 pages"


def test_unknown_filter_values_are_left_out_and_named(client, shelves):
    soup = get(client, "contract", kind=["story", "<b>nonsense</b>"], topic="x" * 500)
    assert titles(soup) == ["Story 1", "Story 0"]
    notice = soup.select_one(".notice--warning").get_text()
    assert "<b>nonsense</b>" in notice
    assert "x" * 40 in notice
    assert "x" * 41 not in notice


def test_results_come_in_pages_of_ten(client, home):
    for number in range(23):
        add(home, f"Page {number}", "contract")
    first, last = get(client, "contract", kind="page"), get(client, "contract", kind="page", page=3)
    assert (len(titles(first)), len(titles(last))) == (10, 3)
    assert summary_line(first) == "23 results for “contract”"
    assert first.select_one("a[rel=next]")["href"] == "?q=contract&kind=page&page=2"
    assert not first.select("a[rel=prev]")
    assert last.select_one("a[rel=prev]")["href"] == "?q=contract&kind=page&page=2"
    pages = [titles(get(client, "contract", page=number)) for number in (1, 2, 3)]
    assert len({title for page in pages for title in page}) == 23


@pytest.mark.parametrize("number", ["0", "-1", "4", "two", "1.5", "9" * 5000])
def test_page_that_does_not_exist_is_not_found(client, home, number):
    add(home, "Page", "contract")
    assert client.get("/en/search/", {"q": "contract", "page": number}).status_code == 404


@pytest.mark.parametrize("language", ["de", "xx"])
def test_language_the_hub_does_not_have_is_not_found(client, home, language):
    assert client.get(f"/{language}/search/", {"q": "contract"}).status_code == 404


def test_without_a_query_topics_are_offered(client, shelves):
    soup = get(client)
    assert not soup.select(".row-list, .filters")
    assert [(link["href"], link.get_text()) for link in soup.select("main li a")] == [
        ("/en/search/?topic=coalitions", "Coalitions"),
        ("/en/search/?topic=money", "Money"),
    ]


def test_too_short_a_query_says_so(client, shelves):
    soup = get(client, "?")
    assert "too short" in soup.select_one(".notice").get_text()
    assert not soup.select(".row-list")


def test_nothing_found_offers_ways_on(client, shelves):
    make_home("es")
    soup = get(client, "<xyzzy>")
    assert summary_line(soup) == "Nothing found for “<xyzzy>”"
    assert not soup.select(".filters")
    links = [link["href"] for link in soup.select(".empty a")]
    assert links == [
        "/es/search/?q=%3Cxyzzy%3E",
        "/en/search/?topic=coalitions",
        "/en/search/?topic=money",
    ]


def test_query_comes_back_escaped(client, home):
    add(home, "Page", "contract")
    query = '"><script>alert(1)</script> contract'
    response = client.get("/en/search/", {"q": query})
    assert b"<script>alert" not in response.content
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one("input[type=search]")["value"] == query
    assert soup.title.get_text().startswith(f"Search: {query}")


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda query: repr(query[:20]))
def test_page_survives_hostile_input(client, shelves, hostile):
    soup = get(client, hostile, kind=hostile, topic=hostile)
    assert len(soup.select_one("input[type=search]").get("value", "")) <= 200


def test_page_asks_not_to_be_indexed_and_sets_no_cookie(client, home):
    response = client.get(reverse("search"), {"q": "contract"})
    assert not response.cookies
    assert b'<meta name="robots" content="noindex">' in response.content


@pytest.mark.parametrize("number", [3, 48])
@pytest.mark.parametrize(
    ("filters", "queries"), [({}, 9), ({"kind": "page", "topic": "power"}, 10)]
)
def test_number_of_queries_does_not_depend_on_the_number_of_results(
    client, home, django_assert_num_queries, number, filters, queries
):
    section = add(home, "Section")
    pages = [
        add(
            section,
            f"Page {n}",
            "contract",
            body=[
                *text("A contract."),
                ("evidence", {"claim": "Contracts", "author": "A", "title": "T", "year": 2020}),
            ],
        )
        for n in range(number)
    ]
    make_topic("Power", *pages)
    for _warming in range(2):
        get(client, "contract", **filters)
    with django_assert_num_queries(queries):
        soup = get(client, "contract", **filters)
    assert len(titles(soup)) == min(number, 10)


@pytest.mark.parametrize("number", [1, 3])
def test_files_of_templates_are_fetched_together(client, home, django_assert_num_queries, number):
    index = add(
        add(home, "Steps", page_type=ToolkitPage), "All sheets", page_type=TemplateIndexPage
    )
    for n in range(number):
        document = DocumentFactory(title="relief")
        page = add(
            index, f"Map {n}", page_type=TemplatePage, files=[TemplateFile(document=document)]
        )
        page.save_revision().publish()
    for _warming in range(2):
        get(client, "relief")
    with django_assert_num_queries(11):
        soup = get(client, "relief")
    assert len(titles(soup)) == number


def test_rebuilding_the_index_finds_the_same(home):
    from django.core.management import call_command

    add(home, "One", "contracts")
    get_search_backend().reset_indexes()
    assert found("contract") == []
    call_command("update_index", verbosity=0)
    assert found("contract") == ["One"]


def test_kinds_have_the_same_slugs_whatever_the_language_of_the_first_search():
    kinds.cache_clear()
    with override("ar"):
        kinds()
    assert {"toolkit-chapter", "template", "training-session", "story"} <= kinds().keys()
