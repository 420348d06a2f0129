"""Form pages in several languages: what is shown is translated, what is stored is the source's."""

import pytest

from home.models import ContactFormField, ContactPage
from hub.models import OutgoingMail, Submission
from tests.contacting import ANSWERS, clock_of_tokens, in_spanish, make_contact_page, translate
from tests.reading import soup
from tests.registering import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(site):
    return make_contact_page(site.home)


@pytest.fixture
def wait(monkeypatch):
    return clock_of_tokens(monkeypatch)


@pytest.fixture
def spanish(contact):
    return in_spanish(contact)


def test_a_translated_choice_is_stored_as_the_sources(client, contact, spanish, wait):
    response = client.get(spanish.url)
    shown = {
        option.get_text(strip=True): option.input["value"]
        for option in soup(response).find("fieldset").find_all("label", class_="choice")
    }
    assert shown == {
        "Formación": "Training",
        "Guía o plantilla": "Toolkit, or a template",
        "Otra cosa": "Something else",
    }
    wait(60)
    client.post(
        spanish.url,
        {**ANSWERS, "topic": shown["Guía o plantilla"], "hub-token": token_of(response)},
    )

    submission = Submission.objects.get()
    assert submission.form_data["topic"] == "Toolkit, or a template"
    assert set(submission.form_data) == {"your_name", "email", "topic", "message", "hub-about"}
    assert submission.locale.language_code == "es"
    staff = OutgoingMail.objects.order_by("pk").first()
    assert "Topic\nToolkit, or a template" in staff.text
    receipt = OutgoingMail.objects.order_by("pk").last()
    assert (staff.language, receipt.language) == ("en", "es")


def test_choices_keep_their_meaning_while_a_translation_is_behind(contact, spanish):
    question = contact.form_fields.get(clean_name="topic")
    question.choices = "Something new\nTraining\nToolkit, or a template\nSomething else"
    question.save()

    behind = spanish.form_fields.get(clean_name="topic")
    assert behind.stored_choices()[0] == ("Training", "Formación")
    assert question.stored_choices()[0] == ("Something new", "Something new")

    updated = translate(ContactPage.objects.get(pk=contact.pk), "es")
    assert updated.form_fields.get(clean_name="topic").stored_choices()[0] == (
        "Something new",
        "Something new",
    )


def test_a_translation_with_too_few_or_too_many_choices_still_stores_the_sources(spanish):
    question = spanish.form_fields.get(clean_name="topic")
    question.choices = "Formación"
    question.save()
    assert question.stored_choices() == [
        ("Training", "Formación"),
        ("Toolkit, or a template", "Toolkit, or a template"),
        ("Something else", "Something else"),
    ]
    question.choices = "A\nB\nC\nD"
    assert [value for value, _shown in question.stored_choices()] == [
        "Training",
        "Toolkit, or a template",
        "Something else",
    ]


def test_keys_and_kinds_of_questions_follow_the_source_and_their_order_too(contact, spanish):
    def keys(page):
        return [
            (field.clean_name, field.field_type, field.required, field.sort_order)
            for field in page.form_fields.all()
        ]

    assert keys(spanish) == keys(contact)
    assert [field.label for field in spanish.form_fields.all()][2:] == ["Asunto", "Mensaje"]


def test_choices_are_lines_never_commas_and_never_alike(contact):
    question = ContactFormField(page=contact, label="Which?", field_type="radio", choices="")
    with pytest.raises(Exception, match="one on each line"):
        question.full_clean(exclude=["locale"])
    question.choices = "One\nOne"
    with pytest.raises(Exception, match="the same"):
        question.full_clean(exclude=["locale"])
    question.choices = "One, or none"
    assert question.stored_choices() == [("One, or none", "One, or none")]
