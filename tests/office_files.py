"""Files for tests, as editors upload them: of each type that is taken, and some that are not."""

import io
import zipfile

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Collection

from tests.factories import docx_bytes

WORDS = "Supporters and detractors"
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


def as_named(claimed: str, found: str) -> str:
    return (
        f"This file is named .{claimed}, but its content is {found}. "
        "Give it its right ending and choose it again."
    )


DAMAGED = "This file is damaged and cannot be opened. Save it again and choose it again."
TOO_MUCH = "This file unpacks to more than a document holds. Save it again, or split it."
MACROS = "This file contains macros. Save it without macros and choose it again."


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


def bytes_of(field_file) -> bytes:
    with field_file.open("rb") as stored:
        return stored.read()


def file_errors(response) -> list[str]:
    return response.context["form"].errors.get("file", [])
