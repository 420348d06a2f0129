"""The search page: results, filters, and what it says where nothing is found."""

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import PageViewRestriction

from home.models import StoryIndexPage, StoryPage
from hub.models import PageTopic, Topic
from search.kinds import kinds
from tests.factories import (
    DocumentFactory,
    FormatFactory,
    LevelFactory,
    SessionPageFactory,
    docx_bytes,
)
from tests.searching import HOSTILE, add, make_home, text
from toolkit.models import ChapterPage, TemplateFile, TemplateIndexPage, TemplatePage, ToolkitPage


@pytest.fixture
def home(db):
    cache.clear()
    return make_home("en")


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


def test_kinds_have_the_same_slugs_whatever_the_language_of_the_first_search():
    kinds.cache_clear()
    with override("ar"):
        kinds()
    assert {"toolkit-chapter", "template", "training-session", "story"} <= kinds().keys()
