"""The words of the mails: staff's where they wrote some, the hub's own everywhere else."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale
from wagtail_localize.models import Translation

from hub.models import TranslationTask, User
from hub.roles import EDITORS, FUNDING_OFFICERS, TRAINING_OFFICERS, set_up_roles
from tests.translating import locale_of, publish, submit, write
from training import mail_words
from training.mail_texts import make_missing, words_for
from training.models import MailText

LIST = "/admin/snippets/training/mailtext/"


@pytest.fixture
def texts(site):
    """The site with a French home page, and a row for each occasion in both languages."""
    submit(site.home, locale_of("fr"))
    make_missing()


def text(occasion: str = "offered", language: str = "en") -> MailText:
    return MailText.objects.get(occasion=occasion, locale__language_code=language)


def say(occasion="offered", language="en", **words) -> MailText:
    """Saves words as staff do who type them into the form."""
    changed = text(occasion, language)
    for name, value in words.items():
        setattr(changed, name, value)
    changed.full_clean()
    changed.save()
    return changed


def own(occasion: str, language: str) -> tuple[str, str]:
    with translation.override(language):
        return mail_words.own_words(occasion)


@pytest.fixture
def in_french(monkeypatch):
    """The hub's own words as they are in French, whatever the catalogue has."""

    def own_words(occasion):
        code = translation.get_language()
        return f"{code} subject of {occasion}", f"{code} message of {occasion}"

    monkeypatch.setattr(mail_words, "own_words", own_words)


def log_in(client, group: str | None) -> User:
    set_up_roles()
    user = User.objects.create_user("staff", is_superuser=group is None)
    if group:
        user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


def edit_url(found: MailText) -> str:
    return reverse("wagtailsnippets_training_mailtext:edit", args=[found.pk])


# The rows


def test_every_occasion_has_a_row_in_every_language_with_pages(texts, django_assert_num_queries):
    locale_of("de")  # nothing is written in it yet
    make_missing()
    assert MailText.objects.count() == 2 * len(mail_words.DEFAULTS)
    pairs = [MailText.objects.filter(occasion=name) for name in mail_words.DEFAULTS]
    assert all(len({row.translation_key for row in pair}) == 1 for pair in pairs)
    with django_assert_num_queries(2):
        make_missing()


def test_a_language_that_comes_later_gets_its_rows_and_the_rest_stays(texts, site):
    say(subject="Come to {session}")
    submit(site.home, locale_of("es"))
    make_missing()
    assert text(language="es").translation_key == text().translation_key
    assert text().subject == "Come to {session}"


# Whose words


def test_what_is_blank_is_said_in_the_hubs_own_words(texts):
    assert words_for("offered", "en") == own("offered", "en")
    say(subject="Come to {session}")
    assert words_for("offered", "en") == ("Come to {session}", own("offered", "en")[1])
    assert words_for("waiting", "en") == own("waiting", "en")
    say(subject="")
    assert words_for("offered", "en") == own("offered", "en")


def test_a_hub_whose_list_nobody_has_opened_speaks_for_itself(site):
    assert words_for("offered", "en") == own("offered", "en")
    assert words_for("offered", "de") == own("offered", "de")


def test_another_languages_words_are_never_used(texts, in_french):
    say(subject="Come to {session}", message="It is yours.")
    assert words_for("offered", "fr") == ("fr subject of offered", "fr message of offered")
    say("waiting", "fr", subject="Venez")
    assert words_for("waiting", "en") == ("en subject of waiting", "en message of waiting")
    assert words_for("waiting", "fr") == ("Venez", "fr message of waiting")


def test_words_are_read_once_for_a_language(texts, django_assert_num_queries):
    words_for("offered", "en")
    with django_assert_num_queries(0):
        words_for("reminder", "en")
    say("reminder", subject="Tomorrow: {session}")
    with django_assert_num_queries(1):
        assert words_for("reminder", "en")[0] == "Tomorrow: {session}"


@pytest.mark.parametrize("occasion", mail_words.DEFAULTS)
def test_the_hubs_own_words_hold_to_their_placeholders(occasion):
    words = mail_words.DEFAULTS[occasion]
    for part in (words.subject, words.message):
        assert mail_words.refusal(str(part), occasion) == ""
    assert set(words.placeholders) <= set(mail_words.MEANINGS)


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("Dear {nmae}", "{nmae}"),
        ("At {place}", "{place}"),  # which is for the waiting list
        ("In {session", "{"),
        ("In session}", "}"),
        ("In {}", "{}"),
        ("In {{session}}", "{"),
        ("In { session }", "{ session }"),
    ],
)
def test_a_placeholder_nobody_fills_is_refused_with_those_there_are(texts, message, wrong):
    with pytest.raises(ValidationError) as refused:
        say(message=message)
    assert refused.value.message_dict == {
        "message": [
            f"“{wrong}” means nothing in this mail. "
            "What may stand in braces: {session}, {date}, {link}, {hub}, {until}"
        ]
    }


# Translators


def test_words_in_the_source_language_go_to_the_translators_by_themselves(texts, in_french):
    say(subject="Come to {session}", message="It is yours.\nUntil {until}.")
    handed_over = Translation.objects.get(
        target_locale__language_code="fr", source__object_id=text().translation_key
    )
    assert TranslationTask.objects.filter(translation=handed_over).exists()
    assert str(text(language="fr").state).startswith("Being translated")

    write(
        handed_over,
        {
            "Come to {session}": "Venez à {session}",
            "It is yours.<br/>Until {until}.": "C'est à vous.<br/>Jusqu'au {until}.",
        },
    )
    publish(handed_over)
    assert words_for("offered", "fr") == ("Venez à {session}", "C'est à vous.\nJusqu'au {until}.")
    assert text(language="fr").state == "Your words"

    say(subject="Do come to {session}")  # the translation stands until it is mended
    assert words_for("offered", "fr")[0] == "Venez à {session}"
    assert TranslationTask.objects.get(translation=handed_over).outdated


def test_a_translators_slip_is_sent_to_nobody(texts, in_french):
    say(subject="Come to {session}")
    handed_over = Translation.objects.get(source__object_id=text().translation_key)
    write(handed_over, {"Come to {session}": "Venez à {sesion}"})
    with pytest.raises(ValidationError, match="sesion"):
        publish(handed_over)
    assert words_for("offered", "fr")[0] == "fr subject of offered"


def test_words_of_a_languages_own_are_not_overwritten(texts):
    say("offered", "fr", subject="Venez")
    say(subject="Come to {session}")
    assert text(language="fr").subject == "Venez"
    assert not Translation.objects.filter(source__object_id=text().translation_key).exists()


def test_taking_words_back_takes_back_their_translations(texts, in_french):
    say(subject="Come to {session}")
    handed_over = Translation.objects.get(source__object_id=text().translation_key)
    write(handed_over)
    publish(handed_over)
    say(subject="")
    assert words_for("offered", "fr") == ("fr subject of offered", "fr message of offered")
    # Now French may have words of its own, or a translation once more.
    say(subject="Come, all of you")
    handed_over.refresh_from_db()
    assert handed_over.enabled


# The admin


@pytest.mark.parametrize(
    ("group", "status"),
    [(TRAINING_OFFICERS, 200), (EDITORS, 200), (None, 200), (FUNDING_OFFICERS, 302)],
)
def test_who_may_change_the_words(client, texts, group, status):
    log_in(client, group)
    assert client.get(LIST).status_code == status
    assert client.get(edit_url(text())).status_code == status
    client.post(edit_url(text()), {"subject": "Come to {session}", "message": ""})
    assert text().subject == ("Come to {session}" if status == 200 else "")


def test_nobody_adds_or_deletes_a_text(client, texts):
    log_in(client, None)
    for name, arguments in {"add": [], "delete": [text().pk]}.items():
        url = reverse(f"wagtailsnippets_training_mailtext:{name}", args=arguments)
        assert client.get(url).status_code == 302
        client.post(url, {"subject": "New"})
    assert MailText.objects.count() == 2 * len(mail_words.DEFAULTS)


def test_the_list_shows_every_occasion_of_one_language(client, texts, in_french):
    say(subject="Come to {session}")
    MailText.objects.filter(occasion="waiting").delete()  # made anew by looking
    log_in(client, TRAINING_OFFICERS)

    def rows(address):
        soup = BeautifulSoup(client.get(address).content, "html.parser")
        cells = [row.find_all("td") for row in soup.select("table.listing tbody tr")]
        return {cell[0].text.strip(): [rest.text.strip() for rest in cell[1:]] for cell in cells}

    english, french = rows(LIST), rows(f"{LIST}?locale=fr")
    labels = {str(words.label) for words in mail_words.DEFAULTS.values()}
    assert set(english) == set(french) == labels
    assert english["A seat is offered"] == [
        "To the next on the waiting list, when a seat becomes free.",
        "Your words",
    ]
    assert english["On the waiting list"][1] == "The hub's own words"
    assert french["A seat is offered"][1] == "Being translated; until then the hub's own words"


def test_the_list_costs_as_much_with_words_as_without(client, texts, django_assert_num_queries):
    log_in(client, TRAINING_OFFICERS)
    client.get(LIST)
    for count in (0, 3):
        MailText.objects.filter(pk__in=MailText.objects.values("pk")[:count]).update(subject="Hi")
        with django_assert_num_queries(15):
            client.get(LIST)


def test_the_form_shows_what_blank_stands_for(client, texts):
    log_in(client, TRAINING_OFFICERS)
    page = BeautifulSoup(client.get(edit_url(text())).content, "html.parser").find("main")
    words = " ".join(page.text.split())
    assert "A seat is free for you: {session}" in words
    assert [code.text for code in page.select("code")] == [
        "{session}",
        "{date}",
        "{link}",
        "{hub}",
        "{until}",
    ]


def test_a_refused_text_is_still_in_the_form(client, texts):
    log_in(client, TRAINING_OFFICERS)
    response = client.post(edit_url(text()), {"subject": "", "message": "Dear {nmae}"})
    page = BeautifulSoup(response.content, "html.parser")
    assert page.find("textarea", {"name": "message"}).text.strip() == "Dear {nmae}"
    assert "“{nmae}” means nothing in this mail." in page.text
    assert text().message == ""


def test_an_officer_without_the_language_does_not_write_in_it(client, texts):
    log_in(client, TRAINING_OFFICERS)
    client.post(edit_url(text(language="fr")), {"subject": "Venez", "message": ""})
    assert text(language="fr").subject == ""


def test_a_translator_writes_in_their_own_language(client, texts):
    set_up_roles()
    user = User.objects.create_user("translator")
    user.groups.add(Locale.objects.get(language_code="fr").team.translators)
    client.force_login(user)
    for language in ("fr", "en"):
        client.post(edit_url(text(language=language)), {"subject": "Venez", "message": ""})
    assert text(language="fr").subject == "Venez"
    assert text().subject == ""


# The preview


def preview(client, found: MailText, mode: str, **words) -> str:
    url = reverse("wagtailsnippets_training_mailtext:preview_on_edit", args=[found.pk])
    answer = client.post(url, {"subject": "", "message": "", **words}).json()
    assert answer == {"is_valid": True, "is_available": True}
    response = client.get(f"{url}?mode={mode}")
    assert "style-src 'self' 'unsafe-inline'" in response.headers["Content-Security-Policy"]
    return response.content.decode()


@pytest.mark.parametrize("occasion", mail_words.DEFAULTS)
def test_every_mail_can_be_seen_before_it_is_sent(client, texts, occasion):
    log_in(client, TRAINING_OFFICERS)
    for mode in ("html", "text"):
        seen = preview(client, text(occasion), mode)
        assert "Plan your first campaign" in seen
        assert not re.search(r"\{\w*\}", seen)


def test_a_preview_shows_what_was_typed_and_keeps_nothing(client, texts):
    log_in(client, TRAINING_OFFICERS)
    words = {"subject": "Wait!", "message": "First <b>line</b>\n\nPlace: {place}"}
    seen = preview(client, text("waiting"), "html", **words)
    paragraphs = [found.text for found in BeautifulSoup(seen, "html.parser").find_all("p")]
    assert paragraphs[:2] == ["First <b>line</b>", "Place: 3"]
    assert "Wait!" in preview(client, text("waiting"), "text", **words)
    assert text("waiting").subject == ""


def test_a_preview_is_in_the_language_of_the_text(client, texts, in_french):
    log_in(client, EDITORS)
    seen = preview(client, text(language="fr"), "html")
    assert '<html lang="fr" dir="ltr">' in seen
    assert "fr message of offered" in seen
