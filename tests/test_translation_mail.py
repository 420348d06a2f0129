"""Mail about translations: who gets what, when, in which language, and how to get none."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail as sent_mail
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from hub import jobs
from hub.mail import outbox
from hub.models import (
    OutgoingMail,
    SourceChange,
    TranslationTask,
    TranslatorQuestion,
    User,
)
from hub.roles import EDITORS, set_up_roles
from hub.translation import digest, notify, teams, tracking
from tests import factories
from tests.translating import locale_of, submit, translate, write

MailChoice = User.TranslationMail
State = TranslationTask.State


@pytest.fixture
def story(site):
    return factories.StoryPageFactory(parent=site.stories, title="The register")


@pytest.fixture
def spanish(site):
    set_up_roles()
    return locale_of("es")


@pytest.fixture
def task(story, spanish):
    """The story, submitted; its parents' tasks have nothing in them to be told of."""
    task = tracking.task_of(submit(story, spanish))
    TranslationTask.objects.exclude(pk=task.pk).delete()
    return task


def person(name, *roles, choice=MailChoice.AT_ONCE, language="", locale="es") -> User:
    user = User.objects.create_user(
        name, f"{name}@example.org", first_name=name.capitalize(), translation_mail=choice
    )
    team = teams.set_up_team(locale_of(locale))
    for role in roles:
        if role == "editor":
            user.groups.add(Group.objects.get(name=EDITORS))
        else:
            user.groups.add(getattr(team, role))
    if language:
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
    return user


def mails() -> list[tuple[str, str]]:
    return [(row.to.partition("@")[0], row.subject) for row in OutgoingMail.objects.order_by("pk")]


def pass_time(minutes: int):
    """As if the mails had been written so much earlier."""
    for row in OutgoingMail.objects.all():
        OutgoingMail.objects.filter(pk=row.pk).update(
            next_attempt_at=row.next_attempt_at - timedelta(minutes=minutes)
        )


def publish_source(story, summary, capture):
    story.summary = summary
    with capture(execute=True):
        story.save_revision().publish()


# At once


def test_work_that_arrives_is_mailed_once_committed_and_held_back(
    story, spanish, django_capture_on_commit_callbacks
):
    person("ana", "translators")
    person("luis", "reviewers")
    person("otto", "translators", locale="fr")
    with django_capture_on_commit_callbacks(execute=True):
        submit(story, spanish)

    # Three pages at once, the story and its parents, are one mail.
    assert mails() == [("ana", "3 pages to translate into Spanish")]
    row = OutgoingMail.objects.get()
    assert row.next_attempt_at > timezone.now() + timedelta(minutes=9)
    for title in ("Plain Tender", "Stories", "The register"):
        assert f"- {title}\n" in row.text
        assert f'<li dir="auto">{title}</li>' in row.html
    assert "http://127.0.0.1:8000/admin/translation/" in row.text
    assert "http://127.0.0.1:8000/admin/account/" in row.text
    assert outbox.deliver_due() == 0
    pass_time(minutes=11)
    assert outbox.deliver_due() == 1
    assert sent_mail.outbox[0].to == ["ana@example.org"]


def test_nothing_is_mailed_of_what_is_rolled_back(
    story, spanish, django_capture_on_commit_callbacks
):
    person("ana", "translators")
    with django_capture_on_commit_callbacks() as callbacks:
        submit(story, spanish)
    assert callbacks
    assert mails() == []


def test_one_page_that_arrives_is_named(task):
    person("ana", "translators")
    notify.arrived(task)

    assert mails() == [("ana", "To translate into Spanish: The register")]
    row = OutgoingMail.objects.get()
    assert "“The register” has come to be translated into Spanish." in row.text
    assert f"/admin/translation/{task.translation_id}/" in row.text


def test_a_source_published_three_times_in_ten_minutes_is_one_mail(
    story, task, django_capture_on_commit_callbacks
):
    person("ana", "translators")
    write(task.translation)
    for summary in ("One", "Two", "Three"):
        publish_source(story, summary, django_capture_on_commit_callbacks)
    assert mails() == [("ana", "Changed, to translate into Spanish: The register")]
    assert "1 text is to be translated into Spanish" in OutgoingMail.objects.get().text

    pass_time(minutes=11)
    assert outbox.deliver_due() == 1
    publish_source(story, "Four", django_capture_on_commit_callbacks)
    assert len(mails()) == 2


def test_a_change_without_consequences_takes_its_mail_back(
    story, task, django_capture_on_commit_callbacks
):
    person("ana", "translators")
    write(task.translation)
    publish_source(story, "A typo", django_capture_on_commit_callbacks)
    tracking.no_translation_needed(SourceChange.objects.get())
    assert mails() == []

    publish_source(story, "News", django_capture_on_commit_callbacks)
    publish_source(story, "News.", django_capture_on_commit_callbacks)
    tracking.no_translation_needed(SourceChange.objects.first())
    assert len(mails()) == 1


def test_the_assigned_translator_alone_is_told(task):
    ana, luis = person("ana", "translators"), person("luis", "translators")
    change = SourceChange.objects.create(source=task.translation.source, user=luis)
    task.assignee, task.state = ana, State.RETURNED
    task.returned_because = "“tender” is licitación."
    task.due_on = date(2022, 3, 22)
    task.save()
    notify.arrived(task)
    notify.changed(task, change)
    notify.returned(task)

    assert mails() == [
        ("ana", "To translate into Spanish: The register"),
        ("ana", "Changed, to translate into Spanish: The register"),
        ("ana", "Sent back to you: The register, Spanish"),
    ]
    back = OutgoingMail.objects.order_by("pk").last()
    assert "“tender” is licitación." in back.text
    assert "22 March 2022" in back.text

    task.assignee = None
    task.save()
    notify.changed(task, change)
    assert mails()[3:] == []  # ana has hers, and luis changed it himself


def test_reviewers_hear_of_what_is_to_review_and_editors_where_there_are_none(task):
    ana = person("ana", "translators", "reviewers")
    person("eva", "editor")
    task.submitted_by, task.submitted_at = ana, timezone.now()
    task.save()
    notify.submitted(task)
    assert mails() == []  # her own

    person("rita", "reviewers")
    notify.submitted(task)
    notify.submitted(task)
    assert mails() == [("rita", "To review in Spanish: The register")]
    assert "Ana has translated “The register” into Spanish and asks" in (
        OutgoingMail.objects.get().text
    )

    ana.groups.clear()
    User.objects.get(username="rita").groups.clear()
    task.submitted_at = timezone.now()
    task.save()
    notify.submitted(task)
    assert mails()[1:] == [("eva", "To review in Spanish: The register")]


def test_the_translator_hears_that_it_is_published(task):
    ana = person("ana", "translators")
    person("luis", "translators")
    task.submitted_by, task.published_at = ana, timezone.now()
    task.save()
    notify.published(task)
    notify.published(task)

    assert mails() == [("ana", "Published in Spanish: The register")]


def test_a_question_goes_to_who_published_the_source_and_the_answer_to_who_asked(story, task):
    ana, eva = person("ana", "translators"), person("eva", "editor")
    person("emil", "editor")
    question = TranslatorQuestion.objects.create(
        translation=task.translation, text="Which <one>?", passage="Fish &amp; chips", asked_by=ana
    )
    notify.asked(question)
    assert [to for to, _subject in mails()] == ["eva", "emil"]

    OutgoingMail.objects.all().delete()
    story.save_revision(user=eva).publish()
    notify.asked(question)
    assert mails() == [("eva", "A translator’s question about The register")]
    row = OutgoingMail.objects.get()
    assert "About the passage: Fish & chips" in row.text
    assert "Which <one>?" in row.text
    assert "Which &lt;one&gt;?" in row.html

    question.answer, question.answered_by, question.answered_at = "The first.", eva, timezone.now()
    question.save()
    notify.answered(question)
    assert mails()[1:] == [("ana", "Your question about The register is answered")]
    assert "Answer: The first." in OutgoingMail.objects.order_by("pk").last().text


def test_mail_is_in_the_language_of_the_recipients_admin(task):
    person("ana", "translators", language="ar")
    person("luis", "translators", language="es")
    notify.arrived(task)

    arabic, in_spanish = OutgoingMail.objects.order_by("pk")
    assert (arabic.language, in_spanish.language) == ("ar", "es")
    assert '<html lang="ar" dir="rtl">' in arabic.html
    assert '<html lang="es" dir="ltr">' in in_spanish.html


@pytest.mark.parametrize("choice", [MailChoice.DIGEST, MailChoice.NEVER])
def test_who_has_chosen_otherwise_gets_nothing_at_once(task, choice):
    person("ana", "translators", choice=choice)
    gone = person("luis", "translators")
    gone.is_active = False
    gone.save()
    User.objects.filter(pk=person("rosa", "translators").pk).update(email="")
    notify.arrived(task)
    notify.returned(task)

    assert mails() == []


def test_a_mail_that_cannot_be_written_does_not_keep_a_source_from_being_published(
    story, task, monkeypatch, django_capture_on_commit_callbacks
):
    def broken(*_arguments, **_options):
        raise RuntimeError

    person("ana", "translators")
    monkeypatch.setattr(notify, "_render", broken)
    publish_source(story, "One", django_capture_on_commit_callbacks)
    story.refresh_from_db()
    assert story.summary == "One"


# Once a day


@pytest.fixture
def ana(spanish):
    return person("ana", "translators", choice=MailChoice.DIGEST)


def the_digest() -> str:
    return OutgoingMail.objects.get(key__startswith="translation-digest:").text


def test_a_digest_tells_what_waits_what_came_back_and_what_is_due(story, ana, task):
    today = timezone.localdate()
    other = tracking.task_of(
        submit(
            factories.StoryPageFactory(parent=story.get_parent(), title="Nine days"),
            task.translation.target_locale,
        )
    )
    late = tracking.task_of(
        submit(
            factories.StoryPageFactory(parent=story.get_parent(), title="Late"),
            task.translation.target_locale,
        )
    )
    TranslationTask.objects.filter(pk=task.pk).update(
        state=State.RETURNED, returned_because="Shorter, please.", recount=True
    )
    TranslationTask.objects.filter(pk=other.pk).update(due_on=today + timedelta(days=7))
    TranslationTask.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=1))
    luis = person("luis", "translators", choice=MailChoice.NEVER)
    hers = factories.StoryPageFactory(parent=story.get_parent(), title="Not hers")
    TranslationTask.objects.filter(
        pk=tracking.task_of(submit(hers, task.translation.target_locale)).pk
    ).update(assignee=luis, due_on=today)
    jobs.translation_digest()

    assert mails() == [("ana", "Translations today")]
    text = the_digest()
    assert (
        text.index("Sent back to you\n\n- The register: Shorter, please.")
        < text.index("Overdue\n\n- Late, ")
        < text.index("Due within seven days\n\n- Nine days, ")
    )
    assert "To translate into Spanish: 3 pages, " in text
    assert "Not hers" not in text
    assert "http://127.0.0.1:8000/admin/account/" in text
    assert f"/admin/translation/{task.translation_id}/" in text
    html = OutgoingMail.objects.get().html
    assert "<h2>Overdue</h2>" in html
    assert "Not hers" not in html


def test_a_digest_comes_once_a_day_and_not_the_same_again(ana, task, monkeypatch):
    assert digest.send_all() == 1
    assert digest.send_all() == 0
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    assert digest.send_all() == 0

    TranslationTask.objects.filter(pk=task.pk).update(
        state=State.RETURNED, returned_because="Shorter, please."
    )
    assert digest.send_all() == 1
    assert digest.send_all() == 0
    assert OutgoingMail.objects.filter(key=f"translation-digest:{ana.pk}:{tomorrow}").exists()


def test_nothing_is_sent_where_there_is_nothing(story, ana, spanish):
    translate(story, spanish)
    TranslationTask.objects.update(submitted_by=None)
    person("eva", "editor", choice=MailChoice.DIGEST)
    jobs.translation_digest()
    assert mails() == []


@pytest.mark.parametrize("choice", [MailChoice.AT_ONCE, MailChoice.NEVER])
def test_others_get_no_digest(task, choice):
    person("ana", "translators", choice=choice)
    assert digest.send_all() == 0


def test_reviewers_editors_and_who_asked_find_theirs_in_the_digest(story, task, ana):
    rita = person("rita", "reviewers", choice=MailChoice.DIGEST)
    eva = person("eva", "editor", choice=MailChoice.DIGEST)
    write(task.translation)
    TranslationTask.objects.filter(pk=task.pk).update(
        state=State.IN_REVIEW, submitted_by=ana, submitted_at=timezone.now()
    )
    question = TranslatorQuestion.objects.create(
        translation=task.translation, text="Which one?", asked_by=ana
    )
    assert digest.send_all() == 2
    texts = {row.to: row.text for row in OutgoingMail.objects.all()}
    assert "To review in Spanish\n\n- The register" in texts[rita.email]
    assert "Questions to you\n\n- The register: Which one?" in texts[eva.email]

    OutgoingMail.objects.all().delete()
    question.answer, question.answered_by, question.answered_at = "Both.", eva, timezone.now()
    question.save()
    TranslationTask.objects.filter(pk=task.pk).update(
        state=State.PUBLISHED, published_at=timezone.now()
    )
    assert digest.send_all() == 1
    text = OutgoingMail.objects.get(to=ana.email).text
    assert "Answers to your questions\n\n- The register: Both." in text
    assert "Your translations that were published\n\n- The register" in text


def test_digests_cost_no_more_for_more_pages(story, ana, task, django_assert_num_queries):
    jobs_for = timezone.localdate(), timezone.now() - timedelta(days=1)
    digest.of(ana, *jobs_for)
    with django_assert_num_queries(8):
        digest.of(User.objects.get(pk=ana.pk), *jobs_for)
    for _number in range(3):
        submit(
            factories.StoryPageFactory(parent=story.get_parent()), task.translation.target_locale
        )
    with django_assert_num_queries(8):
        digest.of(User.objects.get(pk=ana.pk), *jobs_for)


# The switch


def test_people_choose_in_their_account(client, ana):
    client.force_login(ana)
    shown = client.get(reverse("wagtailadmin_account"))
    filled_in = {
        field.html_name: field.value()
        for panels in shown.context["panels_by_tab"].values()
        for panel in panels
        for field in panel.get_form()
        if field.value() not in (None, False, "")
    }
    assert filled_in["translation_mail-translation_mail"] == MailChoice.DIGEST

    response = client.post(
        reverse("wagtailadmin_account"),
        filled_in
        | {
            "name_email-last_name": "Molina",
            "translation_mail-translation_mail": MailChoice.NEVER,
            "locale-preferred_language": "es",
        },
    )
    assert response.status_code == 302
    ana.refresh_from_db()
    assert ana.translation_mail == MailChoice.NEVER
    assert notify.language_of(ana) == "es"


def test_who_translates_nothing_is_not_asked(client, ana):
    ana.groups.clear()
    ana.is_superuser = False
    ana.save()
    officer = person("otto")
    officer.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(officer)
    shown = client.get(reverse("wagtailadmin_account")).content.decode()
    assert "translation_mail" not in shown
