"""The demo in its languages: complete in two, and as much in the others as it promises."""

from pathlib import Path

import polib
import pytest
from django.conf import settings
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation

from home.models import HomePage
from hub.demo import translations
from hub.models import Country, Topic, TranslationTask
from hub.translation import checks, glossary, progress
from tests.demo.parts import LANGUAGES, of
from training.models import Format, Level

pytestmark = pytest.mark.xdist_group("demo")

COMPLETE = ["es", "fr"]
# What the demo offers in Arabic: the way in, and one of each kind of page below it.
ARABIC = {
    "home-ar",
    "contact",
    "toolkit",
    "understand-your-context",
    "read-the-system",
    "develop-the-strategy",
    "templates",
    "training",
    "launch-community-call",
    "funding",
    "request",
    "past-grants",
}


def test_demo_has_a_home_page_in_four_languages(client):
    homes = HomePage.objects.values_list("locale__language_code", flat=True)
    assert sorted(homes) == sorted(LANGUAGES)
    for language in LANGUAGES:
        assert client.get(f"/{language}/").headers["Content-Language"] == language


def without_texts(language: str) -> dict[str, list[str]]:
    """The texts that no person has translated, by page or term."""
    missing = {}
    for translation in Translation.objects.filter(target_locale__language_code=language):
        texts = [row.source for row in progress.rows(translation) if row.state != "done"]
        if texts:
            missing[translation.source.object_repr] = texts
    return missing


@pytest.mark.parametrize("language", COMPLETE)
def test_demo_is_complete_in_spanish_and_french(language):
    sources = of(Page).filter(depth__gt=1).values_list("translation_key", flat=True)
    translated = of(Page, language).filter(live=True, alias_of=None)
    assert set(translated.values_list("translation_key", flat=True)) == set(sources)
    assert set(translated.values_list("slug", flat=True)) - {f"home-{language}"} == set(
        of(Page).filter(depth__gt=2).values_list("slug", flat=True)
    )
    for model in (Topic, Country, Level, Format):
        terms = of(model, language)
        assert terms.count() == of(model).count()
        assert all(term.is_translated for term in terms)
    assert without_texts(language) == {}


def test_demo_offers_in_arabic_what_it_promises():
    assert set(of(Page, "ar").filter(live=True).values_list("slug", flat=True)) == ARABIC
    submitted = of(Page).filter(slug__in=translations.SUBMITTED["ar"])
    assert set(without_texts("ar")) == set(submitted.values_list("title", flat=True))


def test_demo_translations_are_up_to_date_for_readers_and_on_the_desk():
    progress.bring_up_to_date()
    waiting = TranslationTask.objects.filter(state=TranslationTask.State.WORKING)
    assert [
        (task.translation.target_locale.language_code, task.percent_done) for task in waiting
    ] == [("ar", 0)] * len(translations.SUBMITTED["ar"])
    tasks = TranslationTask.objects.exclude(pk__in=waiting)
    assert set(tasks.values_list("state", flat=True)) == {TranslationTask.State.PUBLISHED}
    assert [str(task) for task in tasks if task.outdated or task.words_to_do] == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_demo_messages_are_those_of_the_sources(language):
    """As `manage.py demo_messages` would leave them: no text more, none less, none empty."""
    english = Locale.objects.get(language_code="en")
    paths = set()
    for (app_label, name), instances in translations.sources(english).items():
        path = translations.po_path(app_label, name, language)
        paths.add(path)
        if path.exists():
            messages = polib.pofile(str(path))
            texts = list(translations.source_texts(instances))
            assert [entry.msgid for entry in messages] == texts, path.name
            assert messages.percent_translated() == 100, path.name
            assert not messages.obsolete_entries(), path.name
    paths.add(translations.po_path("home", translations.GLOSSARY, language))
    on_disk = set(Path(settings.BASE_DIR).glob(f"*/demo/translations/{language}/*.po"))
    assert on_disk <= paths


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_demo_translations_keep_to_the_glossary(language):
    """The demo shows what the hub warns of: so it gives no cause, but for a word in two senses."""
    locale = Locale.objects.get(language_code=language)
    terms = glossary.of(locale)
    assert len(terms) >= 12
    rows = StringTranslation.objects.filter(locale=locale).select_related("translation_of")
    warned = [
        row for row in rows if checks.warnings(row.translation_of.data, row.data, glossary=terms)
    ]
    assert len(warned) < len(rows) * 0.08
