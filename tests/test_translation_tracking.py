"""A change in a source, from the moment it is published to what readers of a translation are told."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from hub.models import SourceChange, TranslationTask
from hub.translation import memory, progress, tracking
from tests import factories
from tests.translating import locale_of, publish, submit, translate, write

State = TranslationTask.State


def body_of(page, *rows):
    """Blocks as (id, type, value), so that tests can say which they mean."""
    return page.body.stream_block.to_python(
        [{"id": key, "type": kind, "value": value} for key, kind, value in rows]
    )


TEXT = (
    "text",
    "rich_text",
    "<p>First paragraph.</p><p>Second paragraph.</p><ul><li>An item</li></ul>",
)
QUOTE = ("quote", "quote", {"text": "Said so.", "attribution": "A manager"})
HEADING = ("head", "heading", {"text": "Where to start", "level": "h2"})


@pytest.fixture
def chapter(site, spanish):
    """A chapter that is published in Spanish, every text of it translated."""
    page = factories.ChapterPageFactory(
        parent=site.toolkit, slug="map", title="Map", summary="Who is for it."
    )
    page.body = body_of(page, HEADING, TEXT, QUOTE)
    page.save_revision().publish()
    page = type(page).objects.get(pk=page.pk)
    translate(page, spanish)
    return page


def change(page, *rows, **fields) -> SourceChange | None:
    """Publishes a change as an editor does."""
    page = type(page).objects.get(pk=page.pk)
    if rows:
        page.body = body_of(page, *rows)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return SourceChange.objects.first()


def task_of(page) -> TranslationTask:
    progress.bring_up_to_date()
    return TranslationTask.objects.get(translation__source__object_id=page.translation_key)


def told(page) -> list[tuple]:
    """What readers are warned of: kind, block and source of each."""
    return [
        (entry["kind"], entry["block"] or entry["field"], entry["source"])
        for entry in task_of(page).outdated
    ]


def changed_text(old="First", new="Altered"):
    return (*TEXT[:2], TEXT[2].replace(old, new))


def spanish_page(client, page) -> BeautifulSoup:
    response = client.get(f"/es/toolkit/{page.slug}/")
    assert response.context["page"].locale.language_code == "es"
    return BeautifulSoup(response.content, "html.parser")


def write_rest(page) -> Translation:
    translation = Translation.objects.get(source__object_id=page.translation_key)
    write(translation)
    return translation


# What the desk knows


def test_new_translation_is_published_and_nothing_is_out_of_date(chapter, client):
    task = task_of(chapter)
    assert (task.state, task.segments_done, task.outdated) == (State.PUBLISHED, task.segments, [])
    assert task.waiting_since is None
    assert not spanish_page(client, chapter).select(".outdated, .outdated-note, .notice--outdated")


def test_published_change_is_on_the_desk_at_once(chapter, client):
    translation = chapter.get_translation(locale_of("es"))
    before = client.get("/es/toolkit/map/").context["page"].body.get_prep_value()
    change(chapter, HEADING, changed_text(), QUOTE, title="The map")
    task = task_of(chapter)
    assert (task.state, task.segments_changed, task.words_to_do) == (State.WORKING, 2, 4)
    assert task.segments - task.segments_done == 2
    assert task.waiting_since is not None
    translation.refresh_from_db()
    assert (translation.live, translation.title) == (True, "es: Map")
    assert client.get("/es/toolkit/map/").context["page"].body.get_prep_value() == before


def test_draft_of_the_source_changes_nothing(chapter):
    chapter.title = "Not yet"
    chapter.save_revision()
    assert told(chapter) == []
    assert task_of(chapter).state == State.PUBLISHED


def test_publishing_without_a_change_of_words_is_no_change(chapter):
    assert change(chapter, show_in_menus=True) is None
    assert task_of(chapter).state == State.PUBLISHED


def test_change_remembers_what_stood_there_before(chapter):
    made = change(chapter, title="The map")
    translation = Translation.objects.get(source__object_id=chapter.translation_key)
    row = next(row for row in progress.rows(translation) if row.segment.context.path == "title")
    assert [path for path, _old, _new in made.texts] == ["title"]
    assert (row.state, row.former_source, row.former.data) == ("changed", "Map", "es: Map")


def test_change_while_in_review_stays_with_the_reviewer(chapter):
    TranslationTask.objects.update(state=State.IN_REVIEW)
    change(chapter, title="The map")
    assert task_of(chapter).state == State.IN_REVIEW


def test_scheduled_source_changes_nothing_before_its_time(chapter):
    from django.utils import timezone

    chapter.unpublish()
    chapter.go_live_at = timezone.now() + timezone.timedelta(days=1)
    chapter.title = "To come"
    chapter.save_revision().publish()
    assert SourceChange.objects.count() == 0


def test_saved_term_is_on_the_desk_at_once(site, spanish):
    topic = factories.TopicFactory(title="Coalitions")
    term = translate(topic, spanish)
    topic.title = "Alliances"
    topic.save()
    task = task_of(topic)
    assert (task.state, task.segments_changed) == (State.WORKING, 1)
    term.refresh_from_db()
    assert term.title == "es: Coalitions"


# Which passages, and how readers see them


def test_changed_paragraph_alone_is_marked_with_the_source_beneath(chapter, client):
    change(chapter, HEADING, changed_text(), QUOTE)
    assert told(chapter) == [("changed", "text", "Altered paragraph.")]
    page = spanish_page(client, chapter)
    (marked,) = page.select(".outdated")
    assert marked.get_text() == "es: First paragraph."
    note = marked.find_next_sibling()
    source = note.find("p")
    assert (source["lang"], source["dir"], source.get_text()) == ("en", "ltr", "Altered paragraph.")
    assert len(page.select(".outdated-note")) == 1


def test_changed_item_of_a_list_is_marked_within_it(chapter, client):
    change(chapter, HEADING, changed_text("An item", "Another item"), QUOTE)
    (marked,) = spanish_page(client, chapter).select(".outdated")
    assert marked.name == "li"
    assert marked.select_one(".outdated-note p").get_text() == "Another item"


def test_changed_block_is_marked_as_a_whole(chapter, client):
    change(
        chapter, HEADING, TEXT, ("quote", "quote", {"text": "Wrote so.", "attribution": "A chair"})
    )
    assert told(chapter) == [("changed", "quote", "Wrote so."), ("changed", "quote", "A chair")]
    (marked,) = spanish_page(client, chapter).select(".outdated")
    assert "es: Said so." in marked.get_text()
    assert len(marked.select(".outdated-note")) == 2


def test_changed_title_and_summary_are_in_the_notice(chapter, client):
    change(chapter, title="The map", summary="Who is against it.")
    page = spanish_page(client, chapter)
    notice = page.select_one(".notice--outdated")
    assert [note.get_text() for note in notice.select(".outdated-note p")] == [
        "The map",
        "Who is against it.",
    ]
    assert not page.select(".outdated")


def test_new_block_is_told_after_the_block_it_follows(chapter, client):
    new = ("new", "rich_text", "<p>Brand new.</p>")
    change(chapter, HEADING, TEXT, new, QUOTE)
    assert told(chapter) == [("new", "new", "Brand new.")]
    page = spanish_page(client, chapter)
    note = page.select_one(".outdated-note")
    assert note.find("p").get_text() == "Brand new."
    assert note.find_previous("p").get_text() != "es: Said so."
    assert not page.select(".outdated")


def test_new_block_at_the_start_is_told_in_the_notice(chapter, client):
    change(chapter, ("new", "rich_text", "<p>Brand new.</p>"), HEADING, TEXT, QUOTE)
    notice = spanish_page(client, chapter).select_one(".notice--outdated")
    assert notice.select_one(".outdated-note p").get_text() == "Brand new."


def test_new_paragraph_is_told_after_the_one_before(chapter, client):
    longer = (*TEXT[:2], TEXT[2].replace("<p>Second", "<p>Between.</p><p>Second"))
    change(chapter, HEADING, longer, QUOTE)
    assert told(chapter) == [("new", "text", "Between.")]
    page = spanish_page(client, chapter)
    note = page.select_one(".outdated-note")
    assert note.find_previous_sibling().get_text() == "es: First paragraph."
    assert not page.select(".outdated")


def test_deleted_block_is_marked_as_gone(chapter, client):
    change(chapter, HEADING, TEXT)
    assert {(kind, block) for kind, block, _source in told(chapter)} == {("gone", "quote")}
    (marked,) = spanish_page(client, chapter).select(".outdated")
    assert "es: Said so." in marked.get_text()
    assert "taken out" in marked.select_one(".outdated-note").get_text() or marked.select(
        ".outdated-note"
    )


def test_moved_block_is_nothing_out_of_date(chapter):
    change(chapter, QUOTE, TEXT, HEADING)
    assert told(chapter) == []
    task = task_of(chapter)
    assert task.segments == task.segments_done


def test_block_made_anew_with_the_same_words_keeps_its_translation(chapter):
    change(chapter, HEADING, ("again", *TEXT[1:]), QUOTE)
    assert told(chapter) == []
    task = task_of(chapter)
    assert task.segments == task.segments_done


def test_publishing_the_translation_again_clears_the_marks(chapter, client):
    change(chapter, HEADING, changed_text(), QUOTE)
    publish(write_rest(chapter))
    assert told(chapter) == []
    page = spanish_page(client, chapter)
    assert "es: Altered paragraph." in page.get_text()
    assert not page.select(".outdated, .outdated-note, .notice--outdated")


def test_draft_of_the_translation_clears_nothing(chapter):
    change(chapter, HEADING, changed_text(), QUOTE)
    write_rest(chapter).save_target(publish=False)
    assert told(chapter) == [("changed", "text", "Altered paragraph.")]


def test_change_after_the_draft_stays_marked_when_the_draft_is_published(chapter):
    change(chapter, title="The map")
    translation = write_rest(chapter)
    translation.save_target(publish=False)
    change(chapter, summary="Who is against it.")
    translation.get_target_instance().get_latest_revision().publish()
    assert told(chapter) == [("changed", "summary", "Who is against it.")]


def test_change_that_is_taken_back_is_no_change(chapter):
    change(chapter, title="The map")
    change(chapter, title="Map")
    assert told(chapter) == []
    task = task_of(chapter)
    assert task.segments == task.segments_done


# "Published, and no translator has anything to do"


def test_trivial_change_is_nothing_to_do_and_nothing_out_of_date(chapter, client):
    tracking.no_translation_needed(change(chapter, title="Mapp"))
    task = task_of(chapter)
    assert (task.segments_done, task.outdated) == (task.segments, [])
    assert task.waiting_since is None
    assert spanish_page(client, chapter).h1.get_text(strip=True) == "es: Map"
    publish(write_kept(chapter))
    assert spanish_page(client, chapter).h1.get_text(strip=True) == "es: Map"


def write_kept(page) -> Translation:
    return Translation.objects.get(source__object_id=page.translation_key)


def test_trivial_change_leaves_the_translation_published(chapter):
    tracking.no_translation_needed(change(chapter, title="Mapp"))
    assert task_of(chapter).state == State.PUBLISHED


def test_trivial_change_leaves_an_earlier_real_one_out_of_date(chapter):
    change(chapter, HEADING, changed_text(), QUOTE)
    tracking.no_translation_needed(change(chapter, title="Mapp"))
    assert told(chapter) == [("changed", "text", "Altered paragraph.")]
    assert task_of(chapter).state == State.WORKING


def test_trivial_change_on_top_of_a_real_one_at_the_same_place(chapter):
    """What readers see was made from the words before both: it is still out of date."""
    change(chapter, title="Quite another title")
    tracking.no_translation_needed(change(chapter, title="Quite another title."))
    assert told(chapter) == [("changed", "title", "Quite another title.")]


def test_trivial_change_of_one_of_two_equal_texts_moves_only_that_one(chapter):
    twice = ("twice", "rich_text", "<p>First paragraph.</p>")
    change(chapter, HEADING, TEXT, twice, QUOTE)
    publish(write_rest(chapter))
    tracking.no_translation_needed(
        change(chapter, HEADING, TEXT, (*twice[:2], "<p>First paragraph!</p>"), QUOTE)
    )
    assert told(chapter) == []


# Memory


def test_text_moved_within_a_page_takes_its_translation_along(chapter):
    quote = ("quote", "quote", {"text": "Said so.", "attribution": "Where to start"})
    change(chapter, HEADING, TEXT, quote)
    translation = Translation.objects.get(source__object_id=chapter.translation_key)
    states = {row.source: row.state for row in progress.rows(translation)}
    assert states["Where to start"] == "done"


def test_reused_translation_is_the_latest_and_never_a_wrong_one(chapter, spanish):
    translation = Translation.objects.get(source__object_id=chapter.translation_key)
    quote = StringTranslation.objects.get(translation_of__data="Said so.")
    quote.data = "Así lo dijo."
    quote.has_error = True
    quote.save()
    change(chapter, HEADING, TEXT, ("again", *QUOTE[1:]))
    segment = StringSegment.objects.get(source=translation.source, string__data="Said so.")
    assert not StringTranslation.objects.filter(context=segment.context).exists()


def test_machine_translation_that_is_reused_is_still_to_be_confirmed(chapter):
    machine = StringTranslation.TRANSLATION_TYPE_MACHINE
    StringTranslation.objects.filter(translation_of__data="Said so.").update(
        translation_type=machine
    )
    change(chapter, HEADING, TEXT, ("again", *QUOTE[1:]))
    translation = Translation.objects.get(source__object_id=chapter.translation_key)
    states = {row.source: row.state for row in progress.rows(translation)}
    assert states["Said so."] == "unreviewed"
    assert not progress.is_complete(translation)


def test_suggestions_come_from_other_pages_latest_first_and_at_most_three(site, spanish):
    strings = set()
    for words in ("Uno", "Dos", "Tres", "Tres", "Cuatro"):
        page = factories.StandardPageFactory(parent=site.home, summary="Same words.")
        translation = submit(page, spanish)
        write(translation, {"Same words.": words})
        strings |= set(
            StringSegment.objects.filter(string__data="Same words.").values_list(
                "string_id", flat=True
            )
        )
    assert memory.suggestions(strings, spanish) == {strings.pop(): ["Cuatro", "Tres", "Dos"]}
    assert memory.suggestions({1}, locale_of("fr")) == {}


# The tree


def test_publishing_a_translation_keeps_the_count_of_its_children(site, spanish, chapter):
    parent = site.toolkit.get_translation(spanish)
    revision = parent.get_latest_revision()
    other = factories.ChapterPageFactory(parent=site.toolkit, slug="other")
    translate(other, spanish)
    revision.publish()
    assert Page.objects.get(pk=parent.pk).numchild == 2
    assert Page.find_problems() == ([], [], [], [], [])


def test_outdated_item_of_a_list_is_marked_inside_the_list(site, client):
    chapter = factories.ChapterPageFactory(
        parent=site.toolkit, outcomes=[("outcome", "A map"), ("outcome", "A register")]
    )
    translate(chapter, "es")
    ids = [block.id for block in chapter.outcomes]
    chapter.outcomes = [
        {"type": "outcome", "value": value, "id": id_}
        for value, id_ in zip(["A map of offices", "A register"], ids, strict=True)
    ]
    chapter.save_revision().publish()
    page = BeautifulSoup(client.get(f"/es/toolkit/{chapter.slug}/").content, "html.parser")
    marked = page.select("ul.tick-list > li.outdated")
    assert [item.find("span").get_text() for item in marked] == ["es: A map"]
    assert marked[0].select_one("details p[lang=en]").get_text() == "A map of offices"
    assert page.select("ul > div, ol > div") == []
    assert page.select(".notice--outdated details") == []
