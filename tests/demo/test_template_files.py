"""The files of the demo's templates: all offered, in the same formats in every language."""

import re
import tomllib
from collections import Counter

import polib
import pytest
from docx import Document

from hub.models import HubDocument
from tests.demo.parts import PAGES, of
from toolkit.demo.files_builder.catalogue import CATALOGUES
from toolkit.demo.files_builder.editions import FILE_NAMES
from toolkit.demo.handlers import FILES
from toolkit.models import TemplatePage

pytestmark = pytest.mark.xdist_group("demo")


def test_demo_has_ten_templates_with_files():
    templates = list(of(TemplatePage).live().prefetch_related("files__document"))
    assert len(templates) == 10
    assert all(template.sorted_files for template in templates)
    assert all(template.chapter_links.exists() for template in templates)
    extensions = {file.file_extension for page in templates for file in page.sorted_files}
    assert {"docx", "xlsx", "odt", "pptx", "pdf"} <= extensions


def test_demo_template_files_have_words_to_search_for():
    documents = [
        file for page in of(TemplatePage) for file in page.own_language_first(page.files.all())
    ]
    assert [document.title for document in documents if len(document.extracted_text) < 200] == []


def test_demo_offers_every_template_file():
    on_disk = {(path.parent.name, path.name) for path in FILES.glob("*/*.*")}
    rows = [
        row for path in PAGES for row in tomllib.loads(path.read_text("utf-8")).get("files", [])
    ]
    assert Counter((row["language"], row["file"]) for row in rows) == Counter(on_disk)


@pytest.mark.parametrize("language", FILE_NAMES)
def test_demo_template_in_another_language_has_the_formats_version_and_licence_of_the_english(
    language,
):
    for slug, name in FILE_NAMES[language].items():
        files = {}
        for file in of(TemplatePage).get(slug=slug).sorted_files:
            facts = (file.file_extension, file.version, file.licence)
            files.setdefault(file.language, set()).add(facts)
        assert files[language] == files["en"], slug
        paths = (FILES / language).glob(f"{name}.*")
        assert {path.suffix for path in paths} == {f".{ending}" for ending, *_ in files["en"]}


@pytest.mark.parametrize("language", FILE_NAMES)
def test_demo_template_file_says_its_own_title_and_language(language):
    for path in (FILES / language).glob("*.docx"):
        properties = Document(path).core_properties
        document = HubDocument.objects.get(file=f"documents/{path.name}")
        assert (properties.language, properties.title) == (language, document.title)


@pytest.mark.parametrize("language", FILE_NAMES)
def test_demo_template_file_words_keep_their_placeholders(language):
    catalogue = polib.pofile(str(CATALOGUES / f"{language}.po"))
    assert catalogue.percent_translated() == 100
    for entry in catalogue:
        wanted, found = (set(re.findall(r"{\w+}", text)) for text in (entry.msgid, entry.msgstr))
        assert found == wanted, entry.msgid
