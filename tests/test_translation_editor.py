"""The translation editor: what it shows, keeps, refuses, and what each role may do in it."""

import json
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail_localize.models import StringTranslation, Translation

from hub.models import GlossaryTerm, TranslationTask, TranslatorQuestion, User
from hub.translation import checks, tasks, teams, tracking
from tests.factories import ChapterPageFactory, StandardPageFactory, TopicFactory
from tests.translating import locale_of, publish, submit, translate, write

State = TranslationTask.State
TEXT = "<p>Write the change in one sentence, with a date.</p>"


@pytest.fixture
def spanish(site):
    locale = locale_of("es")
    translate(site.home, locale)
    return locale


@pytest.fixture
def about(site):
    return StandardPageFactory(
        parent=site.home, title="About us", slug="about", summary="Who we are & why."
    )


@pytest.fixture
def translation(about, spanish) -> Translation:
    return submit(about, spanish)


def member(locale, role: str, name: str = "") -> User:
    user = User.objects.create_user(name or f"{role}-{locale.language_code}")
    user.groups.add(getattr(teams.set_up_team(locale), role))
    return user


@pytest.fixture
def translator(client, spanish):
    user = member(spanish, "translators")
    client.force_login(user)
    return user


def address(translation: Translation) -> str:
    return f"/admin/translation/{translation.pk}/"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def segment_of(translation: Translation, text: str):
    return translation.source.stringsegment_set.get(string__data=text)


def row_of(response, segment):
    return soup(response).find(id=f"text-{segment.pk}-row")


def texts(translation: Translation) -> dict[str, str]:
    return dict(
        StringTranslation.objects.filter(
            context__object=translation.source.object_id, locale=translation.target_locale
        ).values_list("translation_of__data", "data")
    )


def told(response) -> str:
    words = " ".join(soup(response).select_one(".messages").get_text(" ").split())
    return words.removesuffix(" Go to the first error")


def send(client, translation, segment, text, seen="", **more):
    return client.post(
        address(translation),
        {f"text-{segment.pk}": text, f"seen-{segment.pk}": seen} | more,
        follow=True,
    )


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


@pytest.mark.parametrize(
    ("source", "text", "warning"),
    [
        ("Up to 5,000 dollars", "Hasta 5000 dólares", []),
        ("Up to 5,000 dollars", "Jusqu’à 5 000 dollars", []),
        ("Up to 5,000 dollars", "حتى ٥٠٠٠ دولار", []),
        ("Up to 5,000 dollars", "Hasta 500 dólares", ["The number 5,000 is missing."]),
        ("Three of 12", "Tres de doce", ["The number 12 is missing."]),
        ("Step 4", "Cuarto paso", []),
        ("Dear %(name)s", "Hola", ["%(name)s must stand in the translation as it is."]),
        ("Dear {name}", "Hola {nombre}", 2),
        (
            "One sentence that says who",
            "One sentence that says who",
            ["This is still the source’s text."],
        ),
        ("Plain Tender", "Plain Tender", []),
        ('<a id="a1">Here</a>', "Aquí", 1),
        ("Short", "", []),
        ("Short", "x" * 31, ["31 characters; there is room for 30."]),
    ],
)
def test_checks(source, text, warning):
    found = checks.warnings(source, text, limit=30 if source == "Short" else None)
    if isinstance(warning, int):
        assert len(found) == warning
    elif warning and "5,000" in warning[0]:
        assert found == ["The number 5000 is missing."]
    else:
        assert found == warning


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("title", 255),
        ("summary", 300),
        ("menu_title", 30),
        ("body.callout.title", 80),
        ("body.faq.question", 200),
        ("body.rich_text", None),
        ("body.step_list.item.title", 120),
        ("nothing.at.all", None),
    ],
)
def test_room_for_a_text_is_that_of_its_field(path, room):
    from home.models import StandardPage

    assert checks.longest(StandardPage, path) == room


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


# From the first word to readers


def test_translator_sends_reviewer_returns_translator_mends_reviewer_publishes(
    translation, translator, client, django_capture_on_commit_callbacks
):
    task = tracking.task_of(translation)
    refused = client.post(address(translation), {"do": "send_for_review"}, follow=True)
    assert told(refused).startswith("Some texts are not translated yet")
    write(translation)
    client.post(address(translation), {"do": "send_for_review"})
    task.refresh_from_db()
    assert (task.state, task.submitted_by) == (State.IN_REVIEW, translator)

    client.force_login(member(translation.target_locale, "reviewers"))
    assert "Say what is to be changed" in told(
        client.post(address(translation), {"do": "send_back", "because": "  "}, follow=True)
    )
    client.post(address(translation), {"do": "send_back", "because": "“us” is nosotras"})
    task.refresh_from_db()
    assert task.state == State.RETURNED

    client.force_login(translator)
    assert "“us” is nosotras" in soup(client.get(address(translation))).get_text()
    client.post(address(translation), {"do": "send_for_review"})

    client.force_login(User.objects.get(username="reviewers-es"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(translation), {"do": "publish"})
    task.refresh_from_db()
    target = translation.get_target_instance()
    assert (task.state, target.live, target.title) == (State.PUBLISHED, True, "es: About us")
    assert "es: About us" in client.get("/es/about/").content.decode()


def test_unfinished_translation_is_not_published(translation, client):
    write(translation)
    StringTranslation.objects.filter(translation_of__data="About us").delete()
    client.force_login(member(translation.target_locale, "reviewers"))
    response = client.post(address(translation), {"do": "publish"}, follow=True)
    assert told(response).startswith("Some texts are not translated yet")
    assert not translation.get_target_instance().live


def test_text_that_the_page_refuses_is_marked(translation, client):
    write(translation, {"Who we are &amp; why.": "x" * 301})
    client.force_login(member(translation.target_locale, "reviewers"))
    response = client.post(address(translation), {"do": "publish"}, follow=True)
    assert told(response).startswith("The page does not accept some of the texts")
    row = row_of(response, segment_of(translation, "Who we are &amp; why."))
    assert row["data-state"] == "error"
    assert "300" in row.select_one(".error-message").get_text()
    assert not translation.get_target_instance().live


def test_stock_editors_publish_goes_through_the_same_door(translation, client):
    client.force_login(member(translation.target_locale, "reviewers"))
    target = translation.get_target_instance()
    response = client.post(f"/admin/pages/{target.pk}/edit/", {"action": "publish"})
    assert (response.status_code, response.url) == (302, address(translation))
    target.refresh_from_db()
    assert not target.live


def test_writing_into_a_published_translation_opens_it_again(translation, translator, client):
    write(translation)
    publish(translation)
    segment = segment_of(translation, "About us")
    row = row_of(client.get(address(translation)), segment)
    seen = row.find("input", attrs={"name": f"seen-{segment.pk}"})["value"]
    send(client, translation, segment, "Sobre nosotras", seen)
    assert tracking.task_of(translation).state == State.WORKING
    assert translation.get_target_instance().title == "es: About us"


def test_term_is_translated_and_published(site, spanish, client):
    topic = TopicFactory(title="Coalitions", slug="coalitions")
    translation = submit(topic, spanish)
    copy = translation.get_target_instance()
    assert (copy.is_translated, copy.foreign_language) == (False, "en")
    reviewer = member(spanish, "reviewers")
    client.force_login(reviewer)
    assert client.get(f"/admin/snippets/hub/topic/edit/{copy.pk}/").url == address(translation)
    write(translation, {"Coalitions": "Coaliciones"})
    client.post(address(translation), {"do": "publish"})
    copy.refresh_from_db()
    assert (copy.title, copy.is_translated, copy.slug) == ("Coaliciones", True, "coalitions")


# Questions, assignment


def test_question_is_asked_and_answered(translation, translator, client, admin_client):
    segment = segment_of(translation, "About us")
    empty = client.post(
        address(translation), {"do": "ask", "segment": segment.pk, "question": " "}, follow=True
    )
    assert told(empty) == "Write your question."
    client.post(
        address(translation), {"do": "ask", "segment": segment.pk, "question": "Who is us?"}
    )
    question = TranslatorQuestion.objects.get()
    assert (question.passage, question.asked_by) == ("About us", translator)
    client.post(
        address(translation), {"do": "answer", "question_id": question.pk, "answer": "I decide"}
    )
    question.refresh_from_db()
    assert question.answer == ""
    admin_client.post(
        address(translation), {"do": "answer", "question_id": question.pk, "answer": "The team."}
    )
    row = row_of(client.get(address(translation)), segment)
    assert "The team." in row.select_one(".hub-question__answer").get_text()


@pytest.mark.parametrize(
    "data",
    [
        {"assignee": "999999", "due_on": ""},
        {"assignee": "", "due_on": "31/31/2030"},
        {"assignee": "x", "due_on": "\x00"},
    ],
)
def test_bad_assignment_is_refused_with_a_sentence(translation, client, data):
    client.force_login(member(translation.target_locale, "reviewers"))
    response = client.post(address(translation), {"do": "assign"} | data, follow=True)
    assert told(response) == "This is not a date, or not one of the team."


def test_reviewer_assigns_within_the_team(translation, translator, client):
    client.force_login(member(translation.target_locale, "reviewers"))
    client.post(
        address(translation),
        {"do": "assign", "assignee": translator.pk, "due_on": "2030-02-01"},
    )
    task = tracking.task_of(translation)
    assert (task.assignee, task.due_on) == (translator, date(2030, 2, 1))


# Who may do what

ACTIONS = [
    {"do": "save"},
    {"do": "use_memory"},
    {"do": "send_for_review"},
    {"do": "ask", "question": "What?"},
    {"do": "publish"},
    {"do": "send_back", "because": "No."},
    {"do": "assign"},
    {"do": "answer", "answer": "Yes."},
]
WRITES, REVIEWS = (
    {"save", "use_memory", "send_for_review", "ask"},
    {"publish", "send_back", "assign"},
)


@pytest.mark.parametrize("data", ACTIONS, ids=lambda data: data["do"])
@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("translators-es", WRITES),
        ("reviewers-es", WRITES | REVIEWS),
        ("translators-fr", set()),
        ("reviewers-fr", set()),
        ("nobody", set()),
    ],
)
def test_each_role_does_what_is_its_own(translation, client, who, may, data):
    role, _dash, code = who.partition("-")
    user = (
        member(locale_of(code), role) if code else User.objects.create_user("nobody", is_staff=True)
    )
    client.force_login(user)
    write(translation)
    if data["do"] == "answer":
        question = tasks.ask(translation, None, "Who?", user)
        data = data | {"question_id": question.pk}
    response = client.post(address(translation), data)
    assert (response.status_code, response.url == address(translation)) == (302, data["do"] in may)


def test_stranger_is_sent_to_the_login_page(translation, client):
    response = client.post(address(translation), {"do": "publish"})
    assert (response.status_code, response.url) == (
        302,
        f"/admin/login/?next={address(translation)}",
    )


def test_locked_page_can_be_read_and_not_written(translation, translator, client, admin_user):
    target = translation.get_target_instance()
    target.locked, target.locked_by = True, admin_user
    target.save()
    segment = segment_of(translation, "About us")
    shown = client.get(address(translation))
    assert row_of(shown, segment).textarea.has_attr("readonly")
    send(client, translation, segment, "Quiénes somos")
    assert texts(translation) == {}


def test_unknown_translation_is_not_found(translator, client):
    assert client.get("/admin/translation/999999/").status_code == 404


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
