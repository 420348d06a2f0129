"""What kind of file an upload really is, judged by its content and never by its name alone."""

import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FileType:
    """A type of document the hub accepts. ``group`` is what visitors filter by."""

    extension: str
    group: str
    content_type: str


TEXT, SHEET, SLIDES, PDF = "text", "sheet", "slides", "pdf"

GROUP_NAMES = {
    TEXT: _("Text document"),
    SHEET: _("Spreadsheet"),
    SLIDES: _("Slides"),
    PDF: _("PDF"),
}
GROUP_ICONS = {TEXT: "doc", SHEET: "sheet", SLIDES: "slides", PDF: "pdf"}

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
FILE_TYPES = {
    file_type.extension: file_type
    for file_type in (
        FileType("docx", TEXT, _OOXML + "wordprocessingml.document"),
        FileType("odt", TEXT, _ODF + "text"),
        FileType("txt", TEXT, "text/plain"),
        FileType("xlsx", SHEET, _OOXML + "spreadsheetml.sheet"),
        FileType("ods", SHEET, _ODF + "spreadsheet"),
        FileType("csv", SHEET, "text/csv"),
        FileType("pptx", SLIDES, _OOXML + "presentationml.presentation"),
        FileType("odp", SLIDES, _ODF + "presentation"),
        FileType("pdf", PDF, "application/pdf"),
    )
}
ACCEPTED = ", ".join(sorted(extension.upper() for extension in FILE_TYPES))

_OOXML_PARTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
_MACROS = ("vbaProject.bin", "Basic/", "Scripts/")


class UnacceptableFile(ValueError):
    """The file is not one the hub takes; the message is a sentence for the person who sent it."""


def detect_extension(file, name: str) -> str:
    """The extension that fits the content of the open binary ``file``.

    Plain text has no signature, so for ``.txt`` and ``.csv`` the name decides once the content is
    readable text that does not pretend to be a web page. Raises UnacceptableFile.
    """
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    if not start:
        raise UnacceptableFile(_("This file is empty. Choose the file again."))
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        return _detect_in_zip(file)
    claimed = name.rpartition(".")[2].lower()
    if claimed in {"txt", "csv"} and _is_plain_text(file):
        return claimed
    raise _not_accepted()


def check(file, name: str, max_bytes: int):
    """Raises UnacceptableFile unless ``file`` is of a type the hub takes and is what it is named."""
    if file.size > max_bytes:
        raise UnacceptableFile(
            _("This file is larger than %(limit)d MB. Make it smaller, or split it.")
            % {"limit": max_bytes // (1024 * 1024)}
        )
    claimed = name.rpartition(".")[2].lower()
    if claimed not in FILE_TYPES:
        raise _not_accepted()
    found = detect_extension(file, name)
    if found != claimed:
        raise UnacceptableFile(
            _(
                "This file is named .%(claimed)s, but its content is %(found)s. "
                "Give it its right ending and choose it again."
            )
            % {"claimed": claimed, "found": found.upper()}
        )


def _not_accepted() -> UnacceptableFile:
    return UnacceptableFile(
        _("This kind of file is not accepted. Accepted are %(accepted)s.") % {"accepted": ACCEPTED}
    )


def _detect_in_zip(file) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1:]) for name in names):
                raise UnacceptableFile(
                    _("This file contains macros. Save it without macros and choose it again.")
                )
            for part, extension in _OOXML_PARTS.items():
                if part in names:
                    return extension
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mimetype = archive.read("mimetype").decode("ascii", "replace").strip()
                for file_type in FILE_TYPES.values():
                    if file_type.content_type == mimetype:
                        return file_type.extension
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise UnacceptableFile(
            _("This file is damaged and cannot be opened. Save it again and choose it again.")
        ) from error
    finally:
        file.seek(0)
    raise _not_accepted()


def _is_plain_text(file) -> bool:
    content = file.read()
    file.seek(0)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    opening = text.lstrip("\ufeff \t\r\n").lower()[:1000]
    return "\x00" not in text and not opening.startswith(
        ("<!doctype", "<html", "<svg", "<?xml", "<script", "#!", "mz")
    )


def extract_text(file, extension: str, limit: int = 200_000) -> str:
    """The words of a document, for the search index; at most ``limit`` characters, "" if unreadable."""
    try:
        text = _EXTRACTORS[extension](file)
    except Exception:  # noqa: BLE001 - any library may fail on any file; the file itself is fine
        return ""
    finally:
        file.seek(0)
    return " ".join(text.replace("\x00", " ").split())[:limit]


def _text_of_pdf(file) -> str:
    from pypdf import PdfReader

    return " ".join(page.extract_text() for page in PdfReader(file).pages)


def _text_of_docx(file) -> str:
    import docx

    document = docx.Document(file)
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _text_of_xlsx(file) -> str:
    import openpyxl

    workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
    return " ".join(
        cell
        for sheet in workbook.worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, str)
    )


def _text_of_xml_parts(*patterns: str):
    """Text of the parts of a ZIP-based document whose names start with one of ``patterns``."""

    def extract(file) -> str:
        from defusedxml.ElementTree import fromstring

        with zipfile.ZipFile(file) as archive:
            parts = [name for name in sorted(archive.namelist()) if name.startswith(patterns)]
            return " ".join(
                " ".join(fromstring(archive.read(name)).itertext())
                for name in parts
                if name.endswith(".xml")
            )

    return extract


def _text_of_text(file) -> str:
    return file.read().decode("utf-8")


_EXTRACTORS = {
    "pdf": _text_of_pdf,
    "docx": _text_of_docx,
    "xlsx": _text_of_xlsx,
    "pptx": _text_of_xml_parts("ppt/slides/slide"),
    "odt": _text_of_xml_parts("content.xml"),
    "ods": _text_of_xml_parts("content.xml"),
    "odp": _text_of_xml_parts("content.xml"),
    "txt": _text_of_text,
    "csv": _text_of_text,
}
