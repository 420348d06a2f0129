"""The text of files, which search finds them by: what is read, and that it costs little."""

import io
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.core.files.base import ContentFile

from hub import files
from tests.office_files import BUILDERS, WORDS, odf_bytes, pptx_bytes


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
