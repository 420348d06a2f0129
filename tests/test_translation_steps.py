"""From the first word of a translation to readers: who takes which step, and what is asked."""

from datetime import date

import pytest
from wagtail_localize.models import StringTranslation, Translation

from hub.models import TranslationTask, TranslatorQuestion, User
from hub.translation import tasks, tracking
from tests.editing import about_page, address, member, open_spanish, row_of, segment_of, send, told
from tests.factories import TopicFactory
from tests.reading import soup
from tests.translating import locale_of, publish, submit, texts, write

State = TranslationTask.State


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
