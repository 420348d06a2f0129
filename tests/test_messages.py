"""The interface in every language the hub ships: nothing missing, nothing stale, nothing broken."""

import os
import re
import shutil
import subprocess

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

LOCALE = settings.BASE_DIR / "locale"
SHIPPED = ["ar", "es", "fr"]
SOURCES = ["funding", "home", "hub", "search", "templates", "toolkit", "training"]
PLURAL_FORMS = {"ar": 6, "es": 3, "fr": 2}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
# A word may stand for the number in these: "one page", "two pages".
WITHOUT_NUMBER = {"ar": {0, 1, 2}, "es": {0}, "fr": {0}}


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def needs(tool: str):
    if not shutil.which(tool) and os.environ.get("HUB_REQUIRE_ALL") != "1":
        pytest.skip(f"{tool} is not installed; gettext brings it.")


def test_shipped_languages_are_those_with_a_catalogue():
    assert (
        sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/django.po"))
        == SHIPPED
    )


@pytest.mark.parametrize("language", SHIPPED)
def test_every_string_is_translated(language):
    unfinished = [
        entry.msgid
        for entry in catalogue(language)
        if not entry.obsolete and (entry.fuzzy or not entry.translated())
    ]
    assert unfinished == []


@pytest.mark.parametrize("language", SHIPPED)
def test_every_plural_has_all_its_forms(language):
    plurals = [entry for entry in catalogue(language) if entry.msgid_plural]
    assert len(plurals) > 10
    for entry in plurals:
        assert len(entry.msgstr_plural) == PLURAL_FORMS[language], entry.msgid
        assert all(entry.msgstr_plural.values()), entry.msgid


@pytest.mark.parametrize("language", SHIPPED)
def test_placeholders_are_those_of_the_source(language):
    for entry in catalogue(language):
        if entry.obsolete:
            continue
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        if not entry.msgid_plural:
            assert sorted(PLACEHOLDER.findall(entry.msgstr)) == wanted, entry.msgid
            continue
        for form, text in entry.msgstr_plural.items():
            found = sorted(PLACEHOLDER.findall(text))
            if form in WITHOUT_NUMBER[language]:
                assert set(found) <= set(wanted), (entry.msgid, form)
            else:
                assert found == wanted, (entry.msgid, form)


@pytest.mark.parametrize("language", SHIPPED)
def test_catalogue_passes_gettexts_own_check(language):
    needs("msgfmt")
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    result = subprocess.run(
        ["msgfmt", "--check-format", "--output-file=/dev/null", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_catalogues_hold_exactly_the_strings_of_the_code(settings, tmp_path, monkeypatch):
    needs("xgettext")
    # In a copy: makemessages writes into whatever "locale" it finds beside it.
    for name in SOURCES:
        shutil.copytree(
            settings.BASE_DIR / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns("static", "files", "images", "__pycache__", "locale"),
        )
    (tmp_path / "locale").mkdir()
    settings.LOCALE_PATHS = [str(tmp_path / "locale")]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["es"], keep_pot=True, verbosity=0)
    fresh = {entry.msgid for entry in polib.pofile(str(tmp_path / "locale" / "django.pot"))}
    for language in SHIPPED:
        kept = {entry.msgid for entry in catalogue(language) if not entry.obsolete}
        assert (sorted(fresh - kept), sorted(kept - fresh)) == ([], []), "Run make messages."


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Saltar al texto"), ("fr", "Aller au texte"), ("ar", "انتقلوا إلى النص")],
)
def test_interface_speaks_the_language(language, words):
    """The compiled catalogues are there and up to date: `make` compiles them."""
    with translation.override(language):
        assert translation.gettext("Skip to the text") == words
