"""The translation editor: what it shows, what it keeps, and what it refuses."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail_localize.models import StringTranslation, Translation

from hub.models import GlossaryTerm
from hub.translation import tasks
from tests.editing import about_page, address, member, open_spanish, row_of, segment_of, send, told
from tests.factories import ChapterPageFactory, StandardPageFactory
from tests.reading import soup
from tests.translating import locale_of, publish, submit, texts, translate, write


@pytest.fixture
def spanish(site):
    return open_spanish(site)


@pytest.fixture
def about(site):
    return about_page(site)


@pytest.fixture
def translation(about, spanish) -> Translation:
    return submit(about, spanish)


@pytest.fixture
def translator(client, spanish):
    user = member(spanish, "translators")
    client.force_login(user)
    return user


# What is shown


def test_page_in_another_language_opens_in_the_editor(translation, translator, client):
    target = translation.get_target_instance()
    response = client.get(f"/admin/pages/{target.pk}/edit/")
    assert (response.status_code, response.url) == (302, address(translation))


def test_the_librarys_own_editor_is_still_there(translation, translator, client):
    target = translation.get_target_instance()
    response = client.get(f"/admin/pages/{target.pk}/edit/?stock")
    assert response.status_code == 200
    assert "wagtail_localize/admin/edit_translation.html" in [t.name for t in response.templates]


def test_fields_take_their_direction_from_the_target(about, site, client):
    arabic = locale_of("ar")
    translate(site.home, arabic)
    translation = submit(about, arabic)
    client.force_login(member(arabic, "translators"))
    row = row_of(client.get(address(translation)), segment_of(translation, "About us"))
    assert (row.textarea["lang"], row.textarea["dir"]) == ("ar", "rtl")
    source = row.find(id=row.textarea["aria-describedby"].split()[0])
    assert (source["lang"], source["dir"]) == ("en", "ltr")


def test_plain_text_is_shown_and_kept_without_html(translation, translator, client):
    segment = segment_of(translation, "Who we are &amp; why.")
    row = row_of(client.get(address(translation)), segment)
    assert row.find(id=f"source-{segment.pk}").get_text() == "Who we are & why."
    send(client, translation, segment, "Quiénes somos & por qué <sic>.")
    assert texts(translation)["Who we are &amp; why."] == "Quiénes somos &amp; por qué &lt;sic&gt;."
    shown = row_of(client.get(address(translation)), segment).textarea.get_text()
    assert shown.strip() == "Quiénes somos & por qué <sic>."


def test_changed_source_shows_what_changed_and_keeps_the_former_translation(
    about, translation, translator, client
):
    write(translation)
    publish(translation)
    about.refresh_from_db()
    about.title = "About all of us"
    about.save_revision().publish()
    row = row_of(
        client.get(address(translation) + "?show=changed"),
        segment_of(translation, "About all of us"),
    )
    assert row["data-state"] == "changed"
    assert row.textarea.get_text().strip() == "es: About us"
    assert [ins.get_text() for ins in row.find_all("ins")] == ["all of"]
    assert row.find_all("del") == []
    assert len(soup(client.get(address(translation) + "?show=changed")).select(".hub-passage")) == 1


def test_former_translation_can_be_said_to_hold(about, translation, translator, client):
    write(translation)
    about.title = "About us all"
    about.save_revision().publish()
    segment = segment_of(translation, "About us all")
    send(client, translation, segment, "es: About us")
    assert "About us all" not in texts(translation)
    send(client, translation, segment, "es: About us", **{f"confirm-{segment.pk}": "1"})
    assert texts(translation)["About us all"] == "es: About us"


def test_memory_offers_what_was_translated_elsewhere(site, translation, translator, client):
    twin = StandardPageFactory(parent=site.home, title="About us", slug="about-again")
    write(translation, {"About us": "Quiénes somos"})
    again = submit(twin, translation.target_locale)
    row = row_of(client.get(address(again)), segment_of(again, "About us"))
    assert row.select_one("[data-use]")["data-words"] == "Quiénes somos"
    assert row.textarea.get_text().strip() == ""
    response = client.post(address(again), {"do": "use_memory"}, follow=True)
    assert texts(again)["About us"] == "Quiénes somos"
    assert told(response).endswith("texts taken from memory.")


def test_glossary_warns_where_a_translation_misses_a_term(translation, translator, client):
    GlossaryTerm.objects.create(
        locale=translation.target_locale, term="sentence", translation="frase, oración"
    )
    segment = segment_of(translation, "Write the change in one sentence, with a date.")
    send(client, translation, segment, "Escriban el cambio en una línea, con fecha.")
    warned = row_of(client.get(address(translation) + "?show=warned"), segment)
    assert [line.get_text(strip=True) for line in warned.select(".hub-warning")] == [
        "Glossary: “sentence” is “frase, oración”."
    ]
    send(client, translation, segment, "Escriban el cambio en una frase.", warned.input["value"])
    assert row_of(client.get(address(translation) + "?show=warned"), segment) is None


# What is kept and what is refused


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<script>alert(1)</script>", "script"),
        ('<a id="a9">aquí</a>', "a9"),
        ("x" * 20_001, "This text is too long."),
    ],
)
def test_bad_text_is_refused_with_a_sentence_and_not_lost(
    translation, translator, client, text, says
):
    segment = segment_of(translation, "Write the change in one sentence, with a date.")
    response = send(client, translation, segment, text)
    row = row_of(response, segment)
    assert says in row.select_one(".error-message").get_text()
    assert row.textarea.get_text().strip() == text
    assert texts(translation) == {}


def test_good_texts_are_kept_beside_a_bad_one(translation, translator, client):
    good = segment_of(translation, "About us")
    bad = segment_of(translation, "Write the change in one sentence, with a date.")
    response = client.post(
        address(translation),
        {f"text-{good.pk}": "Quiénes somos", f"text-{bad.pk}": "<form>", f"seen-{good.pk}": ""},
    )
    assert texts(translation) == {"About us": "Quiénes somos"}
    assert row_of(response, bad).textarea.get_text().strip() == "<form>"


def test_nul_and_line_ends_of_windows_do_no_harm(translation, translator, client):
    segment = segment_of(translation, "About us")
    send(client, translation, segment, "Quiénes\x00 somos\r\naquí")
    assert texts(translation)["About us"] == "Quiénes somos\naquí"


def test_two_translators_on_one_text_lose_nothing(translation, translator, client):
    segment = segment_of(translation, "About us")
    other = member(translation.target_locale, "translators", "colleague")
    tasks.write(translation, segment, "Sobre nosotras", other, "")
    response = send(client, translation, segment, "Quiénes somos", seen="")
    row = row_of(response, segment)
    assert row.select_one(".error-message").get_text() == (
        "colleague has meanwhile written: “Sobre nosotras”. Yours is not kept yet."
    )
    assert row.textarea.get_text().strip() == "Quiénes somos"
    assert texts(translation)["About us"] == "Sobre nosotras"
    seen = row.find("input", attrs={"name": f"seen-{segment.pk}"})["value"]
    send(client, translation, segment, "Quiénes somos", seen=seen)
    assert texts(translation)["About us"] == "Quiénes somos"


def test_two_translators_on_two_texts_of_a_page_both_keep_theirs(translation, translator, client):
    mine, theirs = (
        segment_of(translation, "About us"),
        segment_of(translation, "Who we are &amp; why."),
    )
    other = member(translation.target_locale, "translators", "colleague")
    tasks.write(translation, theirs, "Quiénes y por qué", other, "")
    client.post(
        address(translation),
        {
            f"text-{mine.pk}": "Quiénes somos",
            f"seen-{mine.pk}": "",
            f"text-{theirs.pk}": "",
            f"seen-{theirs.pk}": "",
        },
    )
    assert texts(translation)["About us"] == "Quiénes somos"
    assert texts(translation)["Who we are &amp; why."] == "Quiénes y por qué"


def test_one_text_is_kept_while_one_writes(translation, translator, client):
    segment = segment_of(translation, "About us")
    response = client.post(
        address(translation),
        {f"text-{segment.pk}": "Quiénes somos", f"seen-{segment.pk}": ""},
        headers={"Accept": "application/json"},
    )
    answer = json.loads(response.content)
    row = StringTranslation.objects.get(translation_of=segment.string)
    assert answer["rows"] == [
        {
            "id": segment.pk,
            "state": "done",
            "seen": row.updated_at.isoformat(),
            "error": "",
            "warnings": [],
        }
    ]
    total = translation.source.stringsegment_set.count()
    assert answer["percent"] == 100 // total


def test_segment_of_another_page_is_left_alone(site, translation, translator, client):
    other = submit(
        StandardPageFactory(parent=site.home, title="Elsewhere"), translation.target_locale
    )
    segment = segment_of(other, "Elsewhere")
    send(client, translation, segment, "En otra parte")
    assert texts(other) == {}


def test_machines_words_wait_for_a_person(translation, translator, client):
    write(translation)
    segment = segment_of(translation, "About us")
    StringTranslation.objects.filter(translation_of=segment.string).update(
        translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE, tool_name="Machine"
    )
    row = row_of(client.get(address(translation)), segment)
    assert row["data-state"] == "unreviewed"
    assert "not confirmed" in told(
        client.post(address(translation), {"do": "send_for_review"}, follow=True)
    )
    seen = row.find("input", attrs={"name": f"seen-{segment.pk}"})["value"]
    send(client, translation, segment, "es: About us", seen, **{f"confirm-{segment.pk}": "1"})
    assert row_of(client.get(address(translation)), segment)["data-state"] == "done"


def test_editor_costs_at_most_60_queries(site, spanish, client):
    step = ChapterPageFactory(parent=site.toolkit)
    body = [("rich_text", f"<p>Paragraph {n}.</p><p>And {n} more.</p>") for n in range(60)]
    small, large = (
        submit(ChapterPageFactory(parent=step, body=body[:length]), spanish) for length in (2, 60)
    )
    client.force_login(member(spanish, "translators"))
    client.get(address(small))
    counts = []
    for translation in (small, large):
        client.get(address(translation))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(translation))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 60, counts
