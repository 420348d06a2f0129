"""The words of the mails: staff's where they wrote some, the hub's own everywhere else."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale
from wagtail_localize.models import Translation

from hub.mail import words as mail_words
from hub.mail.render import Rendered
from hub.mail.texts import make_missing, words_for
from hub.mail.words import Words, declare, fill, fill_html, refusal
from hub.models import MailText, TranslationTask, User
from hub.roles import EDITORS, FUNDING_OFFICERS, TRAINING_OFFICERS, set_up_roles
from tests.translating import locale_of, publish, submit, write

LIST = "/admin/snippets/hub/mailtext/"
OFFERED, WAITING, REMINDER = "training.offered", "training.waiting", "training.reminder"


@pytest.fixture
def texts(site):
    """The site with a French home page, and a row for each occasion in both languages."""
    submit(site.home, locale_of("fr"))
    make_missing()


def text(occasion: str = OFFERED, language: str = "en") -> MailText:
    return MailText.objects.get(occasion=occasion, locale__language_code=language)


def say(occasion=OFFERED, language="en", **words) -> MailText:
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


@pytest.fixture
def second_app(monkeypatch):
    """Another app, one of whose mails has the name of one of training's."""

    def sample(occasion, words, language):
        return Rendered(words[0], f"{words[1]} ({occasion})", "", language)

    words = Words("A grant is offered", "To whoever asked.", "Grant", "Sum: {sum}", ("sum",))
    monkeypatch.setattr(mail_words, "_declared", {**mail_words._all()})
    declare("grants", {"offered": words}, {"sum": "how much it is"}, sample, "Grants")


def log_in(client, group: str | None) -> User:
    set_up_roles()
    interns = Group.objects.create(name="Interns")
    interns.permissions.add(Permission.objects.get(codename="access_admin"))
    user = User.objects.create_user("staff", is_superuser=group is None)
    if group:
        user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


def edit_url(found: MailText) -> str:
    return reverse("wagtailsnippets_hub_mailtext:edit", args=[found.pk])


# The rows


def test_every_occasion_has_a_row_in_every_language_with_pages(texts, django_assert_num_queries):
    locale_of("de")  # nothing is written in it yet
    make_missing()
    assert MailText.objects.count() == 2 * len(mail_words.occasions())
    pairs = [MailText.objects.filter(occasion=name) for name in mail_words.occasions()]
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
    assert words_for(OFFERED, "en") == own(OFFERED, "en")
    say(subject="Come to {session}")
    assert words_for(OFFERED, "en") == ("Come to {session}", own(OFFERED, "en")[1])
    assert words_for(WAITING, "en") == own(WAITING, "en")
    say(subject="")
    assert words_for(OFFERED, "en") == own(OFFERED, "en")


def test_a_hub_whose_list_nobody_has_opened_speaks_for_itself(site):
    assert words_for(OFFERED, "en") == own(OFFERED, "en")
    assert words_for(OFFERED, "de") == own(OFFERED, "de")


def test_another_languages_words_are_never_used(texts, in_french):
    say(subject="Come to {session}", message="It is yours.")
    assert words_for(OFFERED, "fr") == (
        "fr subject of training.offered",
        "fr message of training.offered",
    )
    say(WAITING, "fr", subject="Venez")
    assert words_for(WAITING, "en") == (
        "en subject of training.waiting",
        "en message of training.waiting",
    )
    assert words_for(WAITING, "fr") == ("Venez", "fr message of training.waiting")


def test_words_are_read_once_for_a_language(texts, django_assert_num_queries):
    words_for(OFFERED, "en")
    with django_assert_num_queries(0):
        words_for(REMINDER, "en")
    say(REMINDER, subject="Tomorrow: {session}")
    with django_assert_num_queries(1):
        assert words_for(REMINDER, "en")[0] == "Tomorrow: {session}"


@pytest.mark.parametrize("occasion", mail_words.occasions())
def test_the_hubs_own_words_hold_to_their_placeholders(occasion):
    for part in mail_words.own_words(occasion):
        assert part
        assert refusal(part, occasion) == ""
    placeholders = mail_words.words_of(occasion).placeholders
    assert tuple(mail_words.meanings_of(occasion)) == placeholders


def test_placeholders_are_filled_once_and_by_name_alone():
    values = {"session": "{link} & {0.__class__}", "link": "https://hub.example.org/?a=1&b=2"}
    text = "{session} {unknown} {0} {} {session.title} {link}"

    filled = "{link} & {0.__class__} {unknown} {0} {} {session.title} " + values["link"]
    assert fill(text, values) == filled
    assert fill_html(text, values) == (
        "<p><bdi>{link} &amp; {0.__class__}</bdi> {unknown} {0} {} {session.title} "
        '<a href="https://hub.example.org/?a=1&amp;b=2">https://hub.example.org/?a=1&amp;b=2</a></p>'
    )
    assert "{unknown}" in refusal(text, "training.confirmed")


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


# More than one app


def test_two_apps_may_have_an_occasion_of_the_same_name(second_app, texts):
    say("grants.offered", subject="Your grant")
    assert words_for("grants.offered", "en") == ("Your grant", "Sum: {sum}")
    assert words_for(OFFERED, "en") == own(OFFERED, "en")
    assert refusal("{sum}", "grants.offered") == refusal("{session}", OFFERED) == ""
    assert refusal("{session}", "grants.offered")
    assert refusal("{sum}", OFFERED)


def test_an_app_that_is_declared_twice_is_refused():
    before = mail_words.occasions()
    with pytest.raises(ValueError, match="training"):
        declare("training", {}, {}, mail_words.sample, "Training")
    assert mail_words.occasions() == before


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
    assert words_for(OFFERED, "fr") == ("Venez à {session}", "C'est à vous.\nJusqu'au {until}.")
    assert text(language="fr").state == "Your words"

    say(subject="Do come to {session}")  # the translation stands until it is mended
    assert words_for(OFFERED, "fr")[0] == "Venez à {session}"
    assert TranslationTask.objects.get(translation=handed_over).outdated


def test_a_translators_slip_is_sent_to_nobody(texts, in_french):
    say(subject="Come to {session}")
    handed_over = Translation.objects.get(source__object_id=text().translation_key)
    write(handed_over, {"Come to {session}": "Venez à {sesion}"})
    with pytest.raises(ValidationError, match="sesion"):
        publish(handed_over)
    assert words_for(OFFERED, "fr")[0] == "fr subject of training.offered"


def test_words_of_a_languages_own_are_not_overwritten(texts):
    say(OFFERED, "fr", subject="Venez")
    say(subject="Come to {session}")
    assert text(language="fr").subject == "Venez"
    assert not Translation.objects.filter(source__object_id=text().translation_key).exists()


def test_taking_words_back_takes_back_their_translations(texts, in_french):
    say(subject="Come to {session}")
    handed_over = Translation.objects.get(source__object_id=text().translation_key)
    write(handed_over)
    publish(handed_over)
    say(subject="")
    assert words_for(OFFERED, "fr") == (
        "fr subject of training.offered",
        "fr message of training.offered",
    )
    # Now French may have words of its own, or a translation once more.
    say(subject="Come, all of you")
    handed_over.refresh_from_db()
    assert handed_over.enabled


# The admin


@pytest.mark.parametrize(
    ("group", "status"),
    [
        (TRAINING_OFFICERS, 200),
        (EDITORS, 200),
        (FUNDING_OFFICERS, 200),
        (None, 200),
        ("Interns", 302),
    ],
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
        url = reverse(f"wagtailsnippets_hub_mailtext:{name}", args=arguments)
        assert client.get(url).status_code == 302
        client.post(url, {"subject": "New"})
    assert MailText.objects.count() == 2 * len(mail_words.occasions())


def rows(client, address) -> dict[str, list[str]]:
    """What the list says of each mail, by its name."""
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    cells = [row.find_all("td") for row in soup.select("table.listing tbody tr")]
    return {cell[0].text.strip(): [rest.text.strip() for rest in cell[1:]] for cell in cells}


def test_the_list_shows_every_occasion_of_one_language(client, texts, in_french):
    say(subject="Come to {session}")
    MailText.objects.filter(occasion=WAITING).delete()  # made anew by looking
    log_in(client, TRAINING_OFFICERS)

    english, french = rows(client, LIST), rows(client, f"{LIST}?locale=fr")
    labels = {str(words.label) for words in mail_words.occasions().values()}
    assert set(english) == set(french) == labels
    assert english["A seat is offered"] == [
        "Training",
        "To the next on the waiting list, when a seat becomes free.",
        "Your words",
    ]
    assert english["On the waiting list"][2] == "The hub's own words"
    assert french["A seat is offered"][2] == "Being translated; until then the hub's own words"


def test_the_list_can_be_narrowed_to_one_section(client, second_app, texts):
    log_in(client, FUNDING_OFFICERS)
    grants = {"A grant is offered": ["Grants", "To whoever asked.", "The hub's own words"]}
    assert rows(client, f"{LIST}?group=grants") == grants
    training = rows(client, f"{LIST}?group=training")
    assert {cells[0] for cells in training.values()} == {"Training"}
    funding = rows(client, f"{LIST}?group=funding")
    assert rows(client, LIST) == training | funding | grants


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


def test_the_form_says_what_placeholders_stand_for(client, second_app, texts):
    log_in(client, FUNDING_OFFICERS)
    html = client.get(edit_url(text("grants.offered"))).content
    page = BeautifulSoup(html, "html.parser").find("main")
    items = [code.parent.text for code in page.select("li > code")]
    assert items == ["{sum} how much it is"]


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
    url = reverse("wagtailsnippets_hub_mailtext:preview_on_edit", args=[found.pk])
    answer = client.post(url, {"subject": "", "message": "", **words}).json()
    assert answer == {"is_valid": True, "is_available": True}
    response = client.get(f"{url}?mode={mode}")
    assert "style-src 'self' 'unsafe-inline'" in response.headers["Content-Security-Policy"]
    return response.content.decode()


@pytest.mark.parametrize("occasion", mail_words.occasions())
def test_every_mail_can_be_seen_before_it_is_sent(client, texts, occasion):
    log_in(client, TRAINING_OFFICERS)
    every = " ".join(f"{{{name}}}" for name in mail_words.words_of(occasion).placeholders)
    for mode in ("html", "text"):
        seen = preview(client, text(occasion), mode, message=f"Said here: {every}")
        assert "Said here: " in seen
        assert not re.search(r"\{\w*\}", seen)


def test_a_preview_is_written_by_the_app_whose_mail_it_is(client, second_app, texts):
    log_in(client, FUNDING_OFFICERS)
    seen = preview(client, text("grants.offered"), "text", message="Here you are.")
    assert "Here you are. (offered)" in seen


def test_a_preview_shows_what_was_typed_and_keeps_nothing(client, texts):
    log_in(client, TRAINING_OFFICERS)
    words = {"subject": "Wait!", "message": "First <b>line</b>\n\nPlace: {place}"}
    seen = preview(client, text(WAITING), "html", **words)
    paragraphs = [found.text for found in BeautifulSoup(seen, "html.parser").find_all("p")]
    assert paragraphs[:2] == ["First <b>line</b>", "Place: 3"]
    assert "Wait!" in preview(client, text(WAITING), "text", **words)
    assert text(WAITING).subject == ""


def test_a_preview_is_in_the_language_of_the_text(client, texts, in_french):
    log_in(client, EDITORS)
    seen = preview(client, text(language="fr"), "html")
    assert '<html lang="fr" dir="ltr">' in seen
    assert "fr message of training.offered" in seen
