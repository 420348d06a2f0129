"""What kind of file an upload really is, judged by its content and never by its name alone."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _
from PIL import Image

from hub import archives


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


def listed(extensions) -> str:
    """Kinds of file as people call them: "CSV, DOCX, PDF"."""
    return ", ".join(sorted(extension.upper() for extension in extensions))


ACCEPTED = listed(FILE_TYPES)
# Pictures are no documents: only what asks for them takes them. By ending, Pillow's format.
PICTURES = {"jpeg": "JPEG", "jpg": "JPEG", "png": "PNG"}
# 50 megapixels: more than cameras make, and no more than staff's machines can show.
MAX_PIXELS = 50_000_000

_OOXML_PARTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
_ZIP_MARK = b"PK\x03\x04"
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError)
_PICTURE_MARKS = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
_MACROS = ("vbaProject.bin", "Basic/", "Scripts/")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NOT_PLAIN_TEXT = ("<!doctype", "<html", "<svg", "<?xml", "<script", "#!", "mz")
# How much of a document is unpacked for its words. Some hundred pages; what it declares as its size
# may be a lie.
_MAX_XML_BYTES = 10_000_000


class UnacceptableFile(ValueError):
    """The file is not one the hub takes; the message is a sentence for the person who sent it."""


def detect_extension(file, name: str) -> str:
    """The extension that fits the content of the open binary ``file``, "" if none does.

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
    if start.startswith(_ZIP_MARK):
        return _detect_in_zip(file)
    for mark, extension in _PICTURE_MARKS.items():
        if start.startswith(mark):
            return extension
    claimed = name.rpartition(".")[2].lower()
    if claimed in {"txt", "csv"}:
        return claimed if _is_plain_text(file) else ""
    return ""


def check(file, name: str, max_bytes: int, pictures: bool = False):
    """Raises UnacceptableFile unless ``file`` is of a type the hub takes and is what it is named."""
    if file.size > max_bytes:
        raise UnacceptableFile(
            _("This file is larger than %(limit)d MB. Make it smaller, or split it.")
            % {"limit": max_bytes // (1024 * 1024)}
        )
    accepted = {*FILE_TYPES, *PICTURES} if pictures else {*FILE_TYPES}
    claimed = name.rpartition(".")[2].lower()
    if claimed not in accepted:
        raise _not_accepted(accepted)
    _check_archive(file)
    found = detect_extension(file, name)
    if found not in accepted:
        raise _not_accepted(accepted)
    if PICTURES.get(found, found) != PICTURES.get(claimed, claimed):
        raise UnacceptableFile(
            _(
                "This file is named .%(claimed)s, but its content is %(found)s. "
                "Give it its right ending and choose it again."
            )
            % {"claimed": claimed, "found": found.upper()}
        )
    if found in PICTURES:
        _check_picture(file, PICTURES[found])


def _not_accepted(accepted) -> UnacceptableFile:
    return UnacceptableFile(
        _("This kind of file is not accepted. Accepted are %(accepted)s.")
        % {"accepted": listed(accepted)}
    )


def _check_archive(file):
    """Refuses an archive that unpacks to too much. What is none passes."""
    file.seek(0)
    if not file.read(4).startswith(_ZIP_MARK):
        return
    try:
        archives.check(file)
    except archives.TooMuch as error:
        raise UnacceptableFile(
            _("This file unpacks to more than a document holds. Save it again, or split it.")
        ) from error
    except _ZIP_ERRORS as error:
        raise _damaged() from error


def _check_picture(file, format_name: str):
    """Reads what the picture says of itself, and unpacks none of it."""
    try:
        with Image.open(file, formats=[format_name]) as picture:
            pixels = picture.width * picture.height
            picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pixels = MAX_PIXELS + 1
    except Exception as error:  # noqa: BLE001 - Pillow fails on damaged files in many ways
        raise _damaged() from error
    finally:
        file.seek(0)
    if pixels > MAX_PIXELS:
        raise UnacceptableFile(
            _("This picture is larger than %(limit)d megapixels. Make it smaller.")
            % {"limit": MAX_PIXELS // 1_000_000}
        )


def _damaged() -> UnacceptableFile:
    return UnacceptableFile(
        _("This file is damaged and cannot be opened. Save it again and choose it again.")
    )


def _detect_in_zip(file) -> str:
    mimetype = ""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mimetype = archive.read("mimetype").decode("ascii", "replace").strip()
    except _ZIP_ERRORS as error:
        raise _damaged() from error
    finally:
        file.seek(0)
    if any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1:]) for name in names):
        raise UnacceptableFile(
            _("This file contains macros. Save it without macros and choose it again.")
        )
    for part, extension in _OOXML_PARTS.items():
        if part in names:
            return extension
    for file_type in FILE_TYPES.values():
        if file_type.content_type == mimetype:
            return file_type.extension
    return ""


def _is_plain_text(file) -> bool:
    content = file.read()
    file.seek(0)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        if b"\x00" in content and not content.startswith(_UTF_16_MARKS):
            return False
        raise UnacceptableFile(
            _("This text is not in Unicode. Save it again as “UTF-8” and choose it again.")
        ) from error
    opening = text.lstrip("\ufeff \t\r\n").lower()[:1000]
    return "\x00" not in text and not opening.startswith(_NOT_PLAIN_TEXT)


def extract_text(file, extension: str, limit: int = 200_000) -> str:
    """The words of a document, for the search index; at most ``limit`` characters, "" if unreadable.

    Stops reading once it has enough, so that a small file that unpacks to gigabytes costs little.
    """
    pieces, length = [], 0
    try:
        for piece in _EXTRACTORS[extension](file):
            pieces.append(piece)
            length += len(piece)
            if length > limit:
                break
    except Exception:  # noqa: BLE001 - any library may fail on any file; the file itself is fine
        return ""
    finally:
        file.seek(0)
    return " ".join("".join(pieces).replace("\x00", " ").split())[:limit]


def _text_of_pdf(file) -> Iterator[str]:
    from pypdf import PdfReader

    for page in PdfReader(file).pages:
        yield page.extract_text() + " "


def _text_of_text(file) -> Iterator[str]:
    yield file.read().decode("utf-8-sig")


class _Words:
    """The text within elements named ``inside``, with a space at the end of those in ``breaks``.

    Only there, because programs cut a word in two wherever its formatting changes. Names are
    without their namespace.
    """

    def __init__(self, inside: str, breaks: set[str]):
        self._inside, self._breaks = inside, breaks
        self._depth = 0
        self._pieces: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._refuse

    def feed(self, chunk: bytes) -> str:
        """The text that ``chunk``, the next piece of the XML, adds."""
        self._parser.Parse(chunk)
        text = "".join(self._pieces)
        self._pieces.clear()
        return text

    def _start(self, name, _attributes):
        self._depth += name.rpartition(":")[2] == self._inside

    def _end(self, name):
        name = name.rpartition(":")[2]
        self._depth -= name == self._inside
        if name in self._breaks:
            self._pieces.append(" ")

    def _text(self, text):
        if self._depth:
            self._pieces.append(text)

    def _refuse(self, *_declaration):
        raise ValueError("Documents declare no entities; those that do mean harm.")


def _text_of_xml(*parts: str, inside: str, breaks: set[str]):
    """Extracts from the XML parts of a ZIP-based document whose names start with one of ``parts``."""

    def extract(file) -> Iterator[str]:
        unread = _MAX_XML_BYTES
        with zipfile.ZipFile(file) as archive:
            for name in sorted(archive.namelist()):
                if not (name.startswith(parts) and name.endswith(".xml")):
                    continue
                words = _Words(inside, breaks)
                with archive.open(name) as part:
                    while unread > 0 and (chunk := part.read(min(unread, 65_536))):
                        unread -= len(chunk)
                        yield words.feed(chunk)
                yield " "

    return extract


_OOXML_WORDS = {"inside": "t", "breaks": {"p", "tab", "br", "cr", "si", "is"}}
_ODF_WORDS = {"inside": "body", "breaks": {"p", "h", "tab", "line-break", "s"}}
_EXTRACTORS = {
    "pdf": _text_of_pdf,
    "docx": _text_of_xml("word/document.xml", **_OOXML_WORDS),
    "xlsx": _text_of_xml("xl/sharedStrings.xml", "xl/worksheets/sheet", **_OOXML_WORDS),
    "pptx": _text_of_xml("ppt/slides/slide", **_OOXML_WORDS),
    "odt": _text_of_xml("content.xml", **_ODF_WORDS),
    "ods": _text_of_xml("content.xml", **_ODF_WORDS),
    "odp": _text_of_xml("content.xml", **_ODF_WORDS),
    "txt": _text_of_text,
    "csv": _text_of_text,
}
