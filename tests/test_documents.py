"""Files that editors upload and visitors download: what is taken, what is refused, what is kept."""

import io
import time
import tracemalloc
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Collection

from hub import files
from hub.models import HubDocument, HubImage
from tests.factories import TemplatePageFactory, add_file, docx_bytes, png_bytes

WORDS = "Supporters and detractors"
ACCEPTED = "CSV, DOCX, ODP, ODS, ODT, PDF, PPTX, TXT, XLSX"
NOT_ACCEPTED = f"This kind of file is not accepted. Accepted are {ACCEPTED}."
NOT_ACCEPTED_ENDING = (
    "File extension “{}” is not allowed. Allowed extensions are: "
    "csv, docx, odp, ods, odt, pdf, pptx, txt, xlsx."
)
EXECUTABLE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(200)
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def zip_bytes(parts: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def xlsx_bytes(text: str = WORDS) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["B7"] = text, 4217
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def odf_bytes(kind: str, text: str = WORDS) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    words = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    return zip_bytes(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": (
                f'<o:document-content xmlns:o="{office}" xmlns:t="{words}"><o:body><o:x>'
                f"<t:p>{text}</t:p></o:x></o:body></o:document-content>"
            ),
        }
    )


def pptx_bytes(text: str = WORDS) -> bytes:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    return zip_bytes(
        {
            "[Content_Types].xml": "<Types/>",
            "ppt/presentation.xml": "<p/>",
            "ppt/slides/slide1.xml": (
                f'<s xmlns:a="{drawing}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></s>'
            ),
        }
    )


def pdf_bytes(text: str = WORDS) -> bytes:
    stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    content = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return content + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (table, len(content))
    )


BUILDERS = {
    "csv": lambda: f"side,note\nin favour,{WORDS}\n".encode(),
    "docx": lambda: docx_bytes(WORDS),
    "odp": lambda: odf_bytes("presentation"),
    "ods": lambda: odf_bytes("spreadsheet"),
    "odt": lambda: odf_bytes("text"),
    "pdf": pdf_bytes,
    "pptx": pptx_bytes,
    "txt": lambda: WORDS.encode(),
    "xlsx": xlsx_bytes,
}
CONTENT_TYPES = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def upload(client, content: bytes, name: str, **fields):
    return client.post(reverse("wagtaildocs:add"), document_data(content, name, **fields))


def document_data(content: bytes | None, name: str = "", **fields) -> dict:
    data = {
        "title": "A file",
        "language": "en",
        "version": "1.0",
        "licence": "CC BY 4.0",
        "tags": "",
        "collection": Collection.get_first_root_node().pk,
        **fields,
    }
    if content is not None:
        data["file"] = SimpleUploadedFile(name, content, "application/octet-stream")
    return data


def upload_many(client, content: bytes, name: str) -> dict:
    """What the uploader with drag and drop is answered for one file."""
    return client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "A file", "files[]": SimpleUploadedFile(name, content)},
    ).json()


def bytes_of(field_file) -> bytes:
    with field_file.open("rb") as stored:
        return stored.read()


def file_errors(response) -> list[str]:
    return response.context["form"].errors.get("file", [])


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


def as_named(claimed: str, found: str) -> str:
    return (
        f"This file is named .{claimed}, but its content is {found}. "
        "Give it its right ending and choose it again."
    )


DAMAGED = "This file is damaged and cannot be opened. Save it again and choose it again."
TOO_MUCH = "This file unpacks to more than a document holds. Save it again, or split it."
MACROS = "This file contains macros. Save it without macros and choose it again."
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


# Replacing


@pytest.fixture
def replaced(site, admin_client):
    """A template whose file an editor has replaced through the admin's form."""
    template = TemplatePageFactory(parent=site.templates, slug="map")
    document = add_file(template, title="Map")
    old, new = bytes_of(document.file), docx_bytes("Fits on one sheet")
    response = admin_client.post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        document_data(new, "a new name.docx", title="Map", version="1.1"),
    )
    assert response.status_code == 302
    return SimpleNamespace(template=template, document=document, old=old, new=new)


def test_document_replaced_keeps_the_address_and_serves_the_new_file(replaced, client):
    response = client.get("/en/toolkit/templates/map/download/en-docx/")
    assert response.getvalue() == replaced.new
    assert response["Content-Disposition"] == 'attachment; filename="a_new_name.docx"'


def test_document_replaced_keeps_the_earlier_file(replaced):
    (earlier,) = replaced.document.versions.all()
    assert earlier.version == "1.0"
    assert earlier.file_size == len(replaced.old)
    assert bytes_of(earlier.file) == replaced.old


def test_document_replaced_is_searched_by_its_new_words(replaced):
    replaced.document.refresh_from_db()
    assert replaced.document.extracted_text == "Fits on one sheet"
    assert replaced.document.version == "1.1"
    assert replaced.document.file_size == len(replaced.new)


def test_document_replaced_three_times_keeps_each_file(site, admin_client):
    document = add_file(TemplatePageFactory(parent=site.templates), version="1")
    for version in ("2", "3", "4"):
        admin_client.post(
            reverse("wagtaildocs:edit", args=[document.pk]),
            document_data(docx_bytes(f"Version {version}"), "brief.docx", version=version),
        )
    kept = {
        row.version: files.extract_text(io.BytesIO(bytes_of(row.file)), "docx")
        for row in document.versions.all()
    }
    assert kept == {"1": document.title, "2": "Version 2", "3": "Version 3"}


def test_document_replaced_by_code_keeps_the_earlier_file(site):
    document = add_file(TemplatePageFactory(parent=site.templates))
    old = bytes_of(document.file)
    document.file = ContentFile(docx_bytes("New"), "brief.docx")
    document.save()
    assert [bytes_of(row.file) for row in document.versions.all()] == [old]
    assert HubDocument.objects.get().extracted_text == "New"


def test_document_edited_without_a_new_file_keeps_the_file_and_makes_no_version(site, admin_client):
    document = add_file(TemplatePageFactory(parent=site.templates))
    admin_client.post(
        reverse("wagtaildocs:edit", args=[document.pk]), document_data(None, title="Other words")
    )
    document.refresh_from_db()
    assert document.title == "Other words"
    assert document.extracted_text != ""
    assert bytes_of(document.file)
    assert not document.versions.exists()


# Downloading


@pytest.mark.parametrize("extension", BUILDERS)
def test_download_is_an_attachment_of_its_type(site, client, extension):
    template = TemplatePageFactory(parent=site.templates, slug="map")
    content = BUILDERS[extension]()
    add_file(template, file=ContentFile(content, f"map.{extension}"))
    response = client.get(f"/en/toolkit/templates/map/download/en-{extension}/")
    assert response.status_code == 200
    assert response.getvalue() == content
    assert response["Content-Type"] == CONTENT_TYPES[extension]
    assert response["Content-Disposition"] == f'attachment; filename="map.{extension}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == str(len(content))
    assert not response.cookies


def test_download_of_a_language_finds_that_file(site, client):
    template = TemplatePageFactory(parent=site.templates, slug="map")
    add_file(template, language="en")
    add_file(template, language="es", file=ContentFile(docx_bytes("Mapa"), "mapa.docx"))
    response = client.get("/en/toolkit/templates/map/download/es-docx/")
    assert files.extract_text(io.BytesIO(response.getvalue()), "docx") == "Mapa"
    assert response["Content-Disposition"] == 'attachment; filename="mapa.docx"'


@pytest.mark.parametrize("key", ["fr-docx", "en-pdf", "en", "docx", "EN-docx"])
def test_download_of_an_unknown_key_is_not_found(site, client, key):
    add_file(TemplatePageFactory(parent=site.templates, slug="map"))
    assert client.get(f"/en/toolkit/templates/map/download/{key}/").status_code == 404


def test_download_of_an_unpublished_page_is_not_found(site, client):
    template = TemplatePageFactory(parent=site.templates, slug="map")
    add_file(template)
    address = "/en/toolkit/templates/map/download/en-docx/"
    assert client.get(address).getvalue()
    template.unpublish()
    assert client.get(address).status_code == 404


def test_download_address_stands_on_the_template_page(site, client):
    template = TemplatePageFactory(parent=site.templates, slug="map")
    add_file(template)
    page = BeautifulSoup(client.get(template.url).content, "html.parser")
    links = [link["href"] for link in page.find("main").find_all("a", download=True)]
    assert links == ["/en/toolkit/templates/map/download/en-docx/"]


def test_document_served_from_a_body_is_an_attachment_too(site, client):
    document = add_file(
        TemplatePageFactory(parent=site.templates), file=ContentFile(pdf_bytes(), "a.pdf")
    )
    response = client.get(document.url)
    assert response.getvalue() == pdf_bytes()
    assert response["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'"


# Extracting text


@pytest.mark.parametrize("extension", BUILDERS)
def test_text_is_extracted_and_the_file_left_at_its_start(extension):
    file = ContentFile(BUILDERS[extension]())
    assert files.extract_text(file, extension).endswith(WORDS)
    assert file.tell() == 0


@pytest.mark.parametrize("extension", BUILDERS)
def test_text_of_a_damaged_file_is_empty(extension):
    broken = BUILDERS[extension]()[:40] + b"\xff\xfe\x00"
    assert files.extract_text(ContentFile(broken), extension) == ""


def test_text_keeps_words_whole_that_are_formatted_in_parts():
    """Word and its like cut a word into runs wherever its formatting or spelling check changes."""
    import docx

    document = docx.Document()
    paragraph = document.add_paragraph("detrac")
    paragraph.add_run("tors").bold = True
    document.add_paragraph("second")
    document.add_table(rows=1, cols=2).rows[0].cells[1].text = "in a table"
    content = io.BytesIO()
    document.save(content)
    assert files.extract_text(content, "docx") == "detractors second in a table"
    slides = pptx_bytes("detrac</a:t></a:r><a:r><a:t>tors")
    assert files.extract_text(ContentFile(slides), "pptx") == "detractors"
    words = odf_bytes("text", "detrac<t:span>tors</t:span></t:p><t:p>second<t:tab/>third")
    assert files.extract_text(ContentFile(words), "odt") == "detractors second third"


def test_text_of_a_spreadsheet_leaves_numbers_and_formulas_out():
    workbook = openpyxl.Workbook()
    workbook.active.append(["Name", 42, "=SUM(B1:B2)"])
    workbook.create_sheet().append(["Interest"])
    content = io.BytesIO()
    workbook.save(content)
    assert files.extract_text(content, "xlsx") == "Name Interest"


def test_text_is_cut_at_its_limit():
    assert files.extract_text(ContentFile(b"word " * 100), "txt", limit=9) == "word word"


def test_text_leaves_out_the_byte_order_mark():
    assert files.extract_text(ContentFile(b"\xef\xbb\xbfside"), "csv") == "side"


DOCUMENT = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)
STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
# Each part of the document with its text, which is repeated so many times.
BOMBS = {
    "long text": (
        "docx",
        [("word/document.xml", f"{DOCUMENT}<w:p><w:r><w:t>", "a" * 1000, 100_000)],
    ),
    "many elements": ("docx", [("word/document.xml", DOCUMENT, "<w:p/>" * 100, 150_000)]),
    "many strings": (
        "xlsx",
        [
            ("xl/workbook.xml", "<w/>", "", 0),
            ("xl/sharedStrings.xml", STRINGS, "<si><t/></si>" * 100, 70_000),
        ],
    ),
    "many slides": (
        "pptx",
        [("ppt/presentation.xml", "<p/>", "", 0)]
        + [(f"ppt/slides/slide{number}.xml", "<a>", " " * 1000, 12_000) for number in range(8)],
    ),
    "wide sheet": (
        "xlsx",
        [
            ("xl/workbook.xml", "<w/>", "", 0),
            (
                "xl/worksheets/sheet1.xml",
                f'{SHEET}<dimension ref="A1:XFD1048576"/><sheetData>'
                '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
                "",
                0,
            ),
        ],
    ),
    "entities": (
        "docx",
        [
            (
                "word/document.xml",
                '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
                + "".join(
                    f'<!ENTITY {name} "{f"&{before};" * 10}">'
                    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
                )
                + "]><a>&i;</a>",
                "",
                0,
            )
        ],
    ),
}


def bomb(parts: list[tuple[str, str, str, int]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, start, repeated, times in parts:
            with archive.open(name, "w") as part:
                part.write(start.encode())
                for _time in range(times):
                    part.write(repeated.encode())
    return content.getvalue()


@pytest.mark.parametrize("case", BOMBS)
def test_text_of_a_file_that_unpacks_to_very_much_costs_little(case):
    extension, parts = BOMBS[case]
    content = bomb(parts)
    assert len(content) < 1_000_000
    file = ContentFile(content)
    assert files.detect_extension(file, f"a.{extension}") == extension
    started = time.process_time()
    text = files.extract_text(file, extension)
    seconds = time.process_time() - started
    assert len(text) <= 200_000
    assert seconds < 5
    tracemalloc.start()
    files.extract_text(file, extension)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


# Pictures


def upload_image(client, content: bytes, name: str):
    return client.post(
        reverse("wagtailimages:add"),
        {
            "title": "A picture",
            "file": SimpleUploadedFile(name, content),
            "tags": "",
            "credit": "Drawing: the hub team.",
            "collection": Collection.get_first_root_node().pk,
        },
    )


FORMATS = "AVIF, GIF, JPG, JPEG, PNG, WEBP"
UNSUPPORTED = f"Not a supported image format. Supported formats: {FORMATS}."
INVALID = (
    "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
)
REFUSED_IMAGES = {
    "svg": ("map.svg", SVG, UNSUPPORTED),
    "svg named png": (
        "map.png",
        SVG,
        "Not a valid .png image. The extension does not match the file format (svg)",
    ),
    "html": ("map.html", HTML, UNSUPPORTED),
    "html named png": (
        "map.png",
        HTML,
        "Not a valid .png image. The extension does not match the file format (svg)",
    ),
    "executable named png": ("run.png", EXECUTABLE, INVALID),
    "empty": ("map.png", b"", "The submitted file is empty."),
    "png named jpg": (
        "map.jpg",
        png_bytes(),
        "Not a valid .jpeg image. The extension does not match the file format (png)",
    ),
}


@pytest.mark.parametrize("case", REFUSED_IMAGES)
def test_image_is_refused_with_a_sentence(site, admin_client, case):
    name, content, sentence = REFUSED_IMAGES[case]
    response = upload_image(admin_client, content, name)
    assert file_errors(response) == [sentence]
    assert (
        f"Supported formats: {FORMATS}."
        in BeautifulSoup(response.content, "html.parser").get_text()
    )
    assert not HubImage.objects.exists()


def test_image_over_the_limit_is_refused(site, admin_client, settings):
    content = png_bytes()
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = len(content) - 1
    (sentence,) = file_errors(upload_image(admin_client, content, "map.png"))
    assert sentence.startswith("This file is too big (")
    assert not HubImage.objects.exists()


def test_image_is_kept_with_its_credit(site, admin_client):
    assert upload_image(admin_client, png_bytes(), "map.png").status_code == 302
    image = HubImage.objects.get()
    assert (image.width, image.height, image.credit) == (64, 48, "Drawing: the hub team.")
