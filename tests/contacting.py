"""Writing to the hub through a contact page in tests, as a browser does."""

import time
from types import SimpleNamespace

from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, TranslationSource
from wagtail_localize.strings import StringValue

from home.models import ContactFormField, ContactPage
from hub.forms import tokens
from tests.reading import soup
from tests.registering import token_of

ANSWERS = {
    "your_name": "Amina",
    "email": "amina@example.org",
    "topic": "Training",
    "message": "We are stuck.\r\nCan you help?",
}


def make_contact_page(home, slug="write-to-us", **fields):
    page = ContactPage(
        title="Contact",
        slug=slug,
        locale=home.locale,
        to_addresses="desk@example.org\nsecond@example.org",
        **fields,
    )
    page.form_fields = [
        ContactFormField(sort_order=0, label="Your name", field_type="name", required=False),
        ContactFormField(sort_order=1, label="Email", field_type="email", required=False),
        ContactFormField(
            sort_order=2,
            label="Topic",
            field_type="radio",
            choices="Training\nToolkit, or a template\nSomething else",
            required=False,
        ),
        ContactFormField(
            sort_order=3, label="Message", field_type="multiline", help_text="A few lines."
        ),
    ]
    home.add_child(instance=page)
    return page


def clock_of_tokens(monkeypatch):
    """Moves the clock of the tokens on, by so many seconds."""
    clock = SimpleNamespace(offset=0)
    monkeypatch.setattr(tokens, "time", SimpleNamespace(time=lambda: time.time() + clock.offset))

    def move(seconds):
        clock.offset += seconds

    return move


def filled_in(client, page, wait) -> dict:
    """A form that was opened a minute ago, ready to be sent."""
    token = token_of(client.get(page.url))
    wait(60)
    return {**ANSWERS, "hub-token": token}


def sentences(response) -> str:
    return soup(response).find(class_="error-summary").get_text(" ", strip=True)


def _as_html(text):
    return StringValue.from_plaintext(text).data


def translate(page, code, **words):
    """Translates a page with wagtail-localize: ``words`` maps the source's strings to others.

    wagtail-localize keeps strings as HTML, so that the lines of choices are joined by <br/>.
    """
    words = {_as_html(source): _as_html(target) for source, target in words.items()}
    locale = Locale.objects.get(language_code=code)
    for ancestor in page.get_ancestors().filter(depth__gt=1).specific():
        if not ancestor.has_translation(locale):
            ancestor.copy_for_translation(locale).save_revision().publish()
    source, _created = TranslationSource.update_or_create_from_instance(page)
    for segment in source.stringsegment_set.select_related("string", "context"):
        if segment.string.data in words:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=locale,
                context=segment.context,
                defaults={"data": words[segment.string.data]},
            )
    translation, _created = source.create_or_update_translation(
        locale, publish=False, fallback=True
    )
    translation.get_latest_revision().publish()
    return ContactPage.objects.get(pk=translation.pk)


SPANISH = {
    "Topic": "Asunto",
    "Training\nToolkit, or a template\nSomething else": "Formación\nGuía o plantilla\nOtra cosa",
    "Message": "Mensaje",
}


def in_spanish(page):
    Locale.objects.create(language_code="es")
    return translate(page, "es", **SPANISH)
