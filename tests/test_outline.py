from tests.factories import ChapterPageFactory, ToolkitPageFactory
from toolkit.outline import outline_of


def numbers(toolkit):
    return [(entry.number, entry.title) for entry in outline_of(toolkit).reading_order]


def build(site):
    opening = ChapterPageFactory(parent=site.toolkit, title="Opening", part="opening")
    first = ChapterPageFactory(parent=site.toolkit, title="First")
    ChapterPageFactory(parent=first, title="First A")
    inner = ChapterPageFactory(parent=first, title="First B")
    second = ChapterPageFactory(parent=site.toolkit, title="Second")
    stalls = ChapterPageFactory(parent=site.toolkit, title="Stalls", part="stalls")
    return opening, first, inner, second, stalls


def test_outline_numbers_steps_and_chapters_by_their_place(site):
    build(site)
    assert numbers(site.toolkit) == [
        ("", "Opening"),
        ("1", "First"),
        ("1.1", "First A"),
        ("1.2", "First B"),
        ("2", "Second"),
        ("", "Stalls"),
    ]


def test_outline_renumbers_when_a_chapter_is_moved(site):
    _opening, first, inner, second, _stalls = build(site)
    outline_of(site.toolkit)
    inner.move(second, pos="last-child")
    assert numbers(site.toolkit)[2:5] == [("1.1", "First A"), ("2", "Second"), ("2.1", "First B")]


def test_outline_leaves_out_what_is_not_live(site):
    _opening, first, _inner, _second, _stalls = build(site)
    first.unpublish()
    assert numbers(site.toolkit) == [("", "Opening"), ("1", "Second"), ("", "Stalls")]


def test_outline_puts_stalls_last_wherever_it_stands_in_the_tree(site):
    _opening, first, _inner, _second, stalls = build(site)
    stalls.move(first, pos="left")
    assert numbers(site.toolkit)[-1] == ("", "Stalls")


def test_outline_knows_previous_and_next(site):
    opening, first, inner, second, stalls = build(site)
    outline = outline_of(site.toolkit)
    assert outline.before(opening.translation_key) is None
    assert outline.after(inner.translation_key).title == "Second"
    assert outline.before(second.translation_key).title == "First B"
    assert outline.after(stalls.translation_key) is None
    assert outline.entry(inner.translation_key).step.title == "First"


def test_outline_of_another_toolkit_starts_at_one(site):
    build(site)
    other = ToolkitPageFactory(parent=site.home, slug="other")
    ChapterPageFactory(parent=other, title="Elsewhere")
    assert numbers(other) == [("1", "Elsewhere")]


def test_chapter_page_shows_where_it_stands(site, client):
    *_others, inner, _second, _stalls = build(site)
    html = client.get(inner.url).content.decode()
    assert "Step 1 of 2" in html
    assert html.count('aria-current="page"') == 1
    assert 'rel="prev"' in html
    assert 'rel="next"' in html
