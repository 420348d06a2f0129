"""Files that editors upload: what is taken, and what is refused with which sentence."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hub import files
from hub.models import HubDocument
from tests.factories import TemplatePageFactory, add_file, docx_bytes
from tests.office_files import (
    BUILDERS,
    CONTENT_TYPES,
    DAMAGED,
    EXECUTABLE,
    HTML,
    MACROS,
    SVG,
    TOO_MUCH,
    WORDS,
    as_named,
    bytes_of,
    document_data,
    file_errors,
    odf_bytes,
    pdf_bytes,
    upload,
    zip_bytes,
)

ACCEPTED = "CSV, DOCX, ODP, ODS, ODT, PDF, PPTX, TXT, XLSX"
NOT_ACCEPTED = f"This kind of file is not accepted. Accepted are {ACCEPTED}."
NOT_ACCEPTED_ENDING = (
    "File extension “{}” is not allowed. Allowed extensions are: "
    "csv, docx, odp, ods, odt, pdf, pptx, txt, xlsx."
)


def upload_many(client, content: bytes, name: str) -> dict:
    """What the uploader with drag and drop is answered for one file."""
    return client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "A file", "files[]": SimpleUploadedFile(name, content)},
    ).json()


def test_documents_accepted_types_are_those_named():
    assert ", ".join(sorted(extension.upper() for extension in BUILDERS)) == ACCEPTED
    assert set(files.FILE_TYPES) == set(BUILDERS)


def test_documents_settings_name_the_same_types(settings):
    assert set(settings.WAGTAILDOCS_EXTENSIONS) == set(files.FILE_TYPES)


# Taking


@pytest.mark.parametrize("extension", BUILDERS)
def test_document_of_an_accepted_type_is_kept_with_its_text(site, admin_client, extension):
    content = BUILDERS[extension]()
    response = upload(admin_client, content, f"map.{extension}", title="Map", language="es")
    assert response.status_code == 302
    document = HubDocument.objects.get()
    assert (document.title, document.language, document.file_extension) == ("Map", "es", extension)
    assert bytes_of(document.file) == content
    assert document.file_size == len(content)
    assert document.extracted_text.endswith(WORDS)
    assert document.uploaded_by_user.username == "admin"


def test_document_with_a_capital_ending_is_taken(site, admin_client):
    upload(admin_client, docx_bytes(WORDS), "MAP.DOCX")
    document = HubDocument.objects.get()
    assert document.extracted_text == WORDS
    assert document.download_key == "en-docx"
    assert document.file_type.group == "text"


def test_document_form_names_what_is_accepted(site, admin_client):
    page = BeautifulSoup(admin_client.get(reverse("wagtaildocs:add")).content, "html.parser")
    hint = page.find("input", {"name": "file"}).find_parent(class_="w-field").find(class_="help")
    assert hint.get_text(strip=True) == f"Accepted are {ACCEPTED}, up to 20 MB."
    languages = page.find("select", {"name": "language"}).find_all("option")
    assert [languages[0]["value"], languages[0].get_text()] == ["en", "English"]
    assert "Español" in {option.get_text() for option in languages}


def test_document_in_an_unknown_language_is_refused(site, admin_client):
    response = upload(admin_client, docx_bytes(), "a.docx", language="xx")
    assert "language" in response.context["form"].errors
    assert not HubDocument.objects.exists()


def test_document_from_the_multiple_uploader_is_kept_with_its_text(site, admin_client):
    """The uploader asks for the language after the file has arrived, in a second request."""
    answer = upload_many(admin_client, docx_bytes(WORDS), "map.docx")
    assert answer["success"]
    number = answer["uploaded_file_id"]
    fields = document_data(None, language="fr")
    second = admin_client.post(
        reverse("wagtaildocs:create_multiple_from_uploaded_document", args=[number]),
        {f"uploaded-document-{number}-{name}": value for name, value in fields.items()},
    ).json()
    assert second["success"], second["form"]
    document = HubDocument.objects.get()
    assert document.language == "fr"
    assert document.file_size == document.file.size
    assert document.extracted_text == WORDS


def test_document_from_a_chooser_is_checked_and_kept(site, admin_client):
    """The "upload" tab of the window in which editors choose a document."""
    address = reverse("wagtaildocs_chooser:create")

    def send(content, name):
        fields = document_data(content, name)
        return admin_client.post(
            address, {f"document-chooser-upload-{key}": value for key, value in fields.items()}
        ).json()

    assert send(EXECUTABLE, "a.docx")["step"] == "reshow_creation_form"
    assert not HubDocument.objects.exists()
    assert send(docx_bytes(WORDS), "a.docx")["step"] == "chosen"
    assert HubDocument.objects.get().extracted_text == WORDS


# Refusing


REFUSED = {
    "svg": ("map.svg", lambda: SVG, NOT_ACCEPTED_ENDING.format("svg")),
    "svg named txt": ("map.txt", lambda: SVG, NOT_ACCEPTED),
    "html": ("map.html", lambda: HTML, NOT_ACCEPTED_ENDING.format("html")),
    "html named txt": ("map.txt", lambda: HTML, NOT_ACCEPTED),
    "html named csv after a byte order mark": (
        "map.csv",
        lambda: b"\xef\xbb\xbf\r\n " + HTML,
        NOT_ACCEPTED,
    ),
    "script named txt": ("run.txt", lambda: b"#!/bin/sh\nrm -rf /\n", NOT_ACCEPTED),
    "executable": ("run.exe", lambda: EXECUTABLE, NOT_ACCEPTED_ENDING.format("exe")),
    "executable named docx": ("run.docx", lambda: EXECUTABLE, NOT_ACCEPTED),
    "executable named txt": ("run.txt", lambda: EXECUTABLE, NOT_ACCEPTED),
    "docx named pdf": ("map.pdf", lambda: docx_bytes(), as_named("pdf", "DOCX")),
    "pdf named docx": ("map.docx", pdf_bytes, as_named("docx", "PDF")),
    "docx named xlsx": ("map.xlsx", lambda: docx_bytes(), as_named("xlsx", "DOCX")),
    "odt named docx": ("map.docx", lambda: odf_bytes("text"), as_named("docx", "ODT")),
    "docm named docx": (
        "map.docx",
        lambda: zip_bytes({"word/document.xml": "<w/>", "word/vbaProject.bin": b"\xd0\xcf"}),
        MACROS,
    ),
    "odt with Basic": (
        "map.odt",
        lambda: zip_bytes(
            {"mimetype": CONTENT_TYPES["odt"], "content.xml": "<o/>", "Basic/Standard/a.xml": ""}
        ),
        MACROS,
    ),
    "docm": ("map.docm", lambda: docx_bytes(), NOT_ACCEPTED_ENDING.format("docm")),
    "plain zip named docx": ("map.docx", lambda: zip_bytes({"a.txt": "a"}), NOT_ACCEPTED),
    "truncated docx": ("map.docx", lambda: docx_bytes()[:-400], DAMAGED),
    "text in an old encoding": (
        "map.csv",
        lambda: "país,año\n".encode("cp1252"),
        "This text is not in Unicode. Save it again as “UTF-8” and choose it again.",
    ),
    "without an ending": ("map", lambda: docx_bytes(), NOT_ACCEPTED_ENDING.format("")),
    "empty": ("map.docx", lambda: b"", "The submitted file is empty."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_document_is_refused_with_a_sentence(site, admin_client, case):
    name, build, sentence = REFUSED[case]
    response = upload(admin_client, build(), name)
    assert response.status_code == 200
    assert file_errors(response) == [sentence]
    assert sentence in BeautifulSoup(response.content, "html.parser").get_text()
    assert not HubDocument.objects.exists()


@pytest.mark.parametrize("case", REFUSED)
def test_document_is_refused_by_the_multiple_uploader_with_the_sentence(site, admin_client, case):
    name, build, sentence = REFUSED[case]
    answer = upload_many(admin_client, build(), name)
    assert answer == {"success": False, "error_message": sentence}
    assert not HubDocument.objects.exists()


def test_document_over_the_limit_is_refused(site, admin_client, settings):
    settings.HUB_DOCUMENT_MAX_BYTES = 1024 * 1024
    limit = settings.HUB_DOCUMENT_MAX_BYTES
    response = upload(admin_client, b"a" * (limit + 1), "map.txt")
    assert file_errors(response) == ["This file is larger than 1 MB. Make it smaller, or split it."]
    assert upload(admin_client, b"a" * limit, "map.txt").status_code == 302


def test_document_replacement_is_checked_too(site, admin_client):
    template = TemplatePageFactory(parent=site.templates)
    document = add_file(template)
    response = admin_client.post(
        reverse("wagtaildocs:edit", args=[document.pk]), document_data(EXECUTABLE, "brief.docx")
    )
    assert file_errors(response) == [NOT_ACCEPTED]
    assert HubDocument.objects.get().file == document.file
    assert files.extract_text(document.file.open(), "docx") == document.title
    document.file.close()
    assert not document.versions.exists()


def test_document_damaged_at_random_never_breaks_the_form():
    """Whatever is wrong with a file, the person who sent it gets a sentence."""
    whole = docx_bytes()
    refusals = set()
    for position in range(0, len(whole), 97):
        damaged = bytearray(whole)
        damaged[position : position + 8] = b"\xff\x00\xfe\x01\xff\x00\xfe\x01"
        file = ContentFile(bytes(damaged))
        try:
            files.check(file, "a.docx", 10**7)
        except files.UnacceptableFile as refusal:
            refusals.add(str(refusal))
        files.extract_text(file, "docx")
    assert DAMAGED in refusals
    assert refusals <= {DAMAGED, NOT_ACCEPTED, TOO_MUCH}
