"""Files that visitors send with a form: what is taken, what is refused, and under which name."""

import io
import os
import struct
import time
import unicodedata
import zipfile
import zlib

import pytest
from PIL import Image

from hub import archives, files, private_files
from hub.models import Attachment, HubDocument
from hub.models.attachments import clean_file_name
from hub.private_files import UnacceptableFile
from tests.attaching import NOT_ACCEPTED, content_of, lone_submission, sent, stored
from tests.factories import docx_bytes, png_bytes
from tests.office_files import (
    BUILDERS,
    DAMAGED,
    EXECUTABLE,
    HTML,
    MACROS,
    SVG,
    TOO_MUCH,
    as_named,
    pdf_bytes,
    upload,
    zip_bytes,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_folder")]


@pytest.fixture
def submission(db):
    return lone_submission()


def jpeg_bytes() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "#9c2f16").save(content, "JPEG")
    return content.getvalue()


# Types


@pytest.mark.parametrize("extension", [*BUILDERS, "png", "jpg", "jpeg", "JPG"])
def test_file_of_an_accepted_type_is_kept_under_a_key(submission, private_folder, extension):
    pictures = {"png": png_bytes, "jpg": jpeg_bytes, "jpeg": jpeg_bytes}
    content = (BUILDERS | pictures)[extension.lower()]()
    attachment = private_files.keep(submission, sent(content, f"plan.{extension}"))
    assert Attachment.objects.get() == attachment
    assert (attachment.name, attachment.size) == (f"plan.{extension}", len(content))
    assert (attachment.extension, attachment.scan) == (extension.lower(), "unscanned")
    assert content_of(attachment) == content
    assert stored(private_folder) == [str(attachment.key)]


def zip_that_lies(declared: int, summed: int) -> bytes:
    """A Word document whose only part says it is ``declared`` bytes long and is 20 MB.

    Its checksum is that of the first ``summed`` bytes.
    """
    content = bytes(20_000_000)
    deflated = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflated.compress(content) + deflated.flush()
    name = b"word/document.xml"
    sizes = (zlib.crc32(content[:summed]), len(packed), declared, len(name))
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, *sizes, 0) + name + packed
    central = (
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, *sizes, 0, 0, 0, 0, 0, 0)
        + name
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def nested(depth: int) -> bytes:
    content = b"A plan."
    for _layer in range(depth):
        content = zip_bytes({"word/document.xml": "<w/>", "inner.bin": content})
    return content


def many_entries_within() -> bytes:
    """Few parts, each of them an archive of many."""
    inner = zip_bytes({f"{number}": "" for number in range(600)})
    return zip_bytes({"word/document.xml": "<w/>"} | {f"{n}.docx": inner for n in range(10)})


def bz2_bytes() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("word/document.xml", bytes(1000))
    return content.getvalue()


def picture_that_claims(width: int, height: int) -> bytes:
    """A PNG that is small but for what it says of itself."""
    whole = png_bytes()
    header = b"IHDR" + struct.pack(">2L", width, height) + whole[24:29]
    return whole[:12] + header + struct.pack(">L", zlib.crc32(header)) + whole[33:]


PIXELS = "This picture is larger than 50 megapixels. Make it smaller."
REFUSED = {
    "empty": (b"", "plan.docx", "This file is empty. Choose the file again."),
    "executable": (EXECUTABLE, "plan.exe", NOT_ACCEPTED),
    "executable named docx": (EXECUTABLE, "plan.docx", NOT_ACCEPTED),
    "web page": (HTML, "plan.html", NOT_ACCEPTED),
    "web page named txt": (HTML, "plan.txt", NOT_ACCEPTED),
    "drawing": (SVG, "plan.svg", NOT_ACCEPTED),
    "web page named png": (HTML, "plan.png", NOT_ACCEPTED),
    "without an ending": (b"A plan.", "../../x", NOT_ACCEPTED),
    "pdf named docx": (pdf_bytes(), "plan.docx", as_named("docx", "PDF")),
    "png named jpg": (png_bytes(), "plan.jpg", as_named("jpg", "PNG")),
    "png named docx": (png_bytes(), "plan.docx", as_named("docx", "PNG")),
    "ending behind a mark": (pdf_bytes(), "plan\u202efdp.docx", as_named("docx", "PDF")),
    "macros": (
        zip_bytes({"word/document.xml": "<w/>", "word/vbaProject.bin": b"\xd0\xcf"}),
        "plan.docx",
        MACROS,
    ),
    "damaged docx": (docx_bytes()[:-400], "plan.docx", DAMAGED),
    "half a picture": (png_bytes(900, 900)[:700], "plan.png", DAMAGED),
    "mere start of a picture": (jpeg_bytes()[:10], "plan.jpg", DAMAGED),
    "declares much": (
        zip_bytes({"word/document.xml": bytes(archives.MAX_UNPACKED + 1)}),
        "plan.docx",
        TOO_MUCH,
    ),
    "shrinks too well": (zip_bytes({"word/document.xml": bytes(20_000_000)}), "a.docx", TOO_MUCH),
    "declares less than it is": (zip_that_lies(100, 101), "plan.docx", TOO_MUCH),
    "declares less, with its checksum": (zip_that_lies(100, 100), "plan.docx", DAMAGED),
    "thousands of entries": (
        zip_bytes({"word/document.xml": "<w/>"} | {f"{n}": "" for n in range(5001)}),
        "plan.docx",
        TOO_MUCH,
    ),
    "thousands of entries within": (many_entries_within(), "plan.docx", TOO_MUCH),
    "nested": (nested(4), "plan.docx", TOO_MUCH),
    "packed in another way": (bz2_bytes(), "plan.docx", DAMAGED),
    "60 megapixels": (picture_that_claims(10_000, 6_000), "plan.png", PIXELS),
    "100 megapixels": (picture_that_claims(10_000, 10_000), "plan.png", PIXELS),
    "a million megapixels": (picture_that_claims(10**6, 10**6), "plan.png", PIXELS),
}


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused_with_a_sentence(submission, private_folder, case):
    content, name, sentence = REFUSED[case]
    started = time.process_time()
    with pytest.raises(UnacceptableFile) as refusal:
        private_files.keep(submission, sent(content, name))
    assert str(refusal.value.args[0]) == sentence
    assert time.process_time() - started < 3
    assert not Attachment.objects.exists()
    assert stored(private_folder) == []


def test_file_over_the_limit_is_refused(submission):
    limit = private_files.MAX_BYTES
    with pytest.raises(UnacceptableFile, match="This file is larger than 10 MB."):
        private_files.check(sent(b"a" * (limit + 1)))
    private_files.check(sent(b"a" * limit))


def test_documents_within_a_document_are_taken():
    private_files.check(sent(nested(archives.MAX_DEPTH), "plan.docx"))


def test_ten_megabytes_that_hardly_shrink_are_taken():
    with io.BytesIO() as content:
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("word/document.xml", "<w/>")
            archive.writestr("word/media/photo.jpg", os.urandom(9_000_000))
        private_files.check(sent(content.getvalue(), "plan.docx"))


def test_public_documents_are_no_pictures(site, admin_client):
    upload(admin_client, png_bytes(), "plan.png")
    upload(admin_client, png_bytes(), "plan.docx")
    assert not HubDocument.objects.exists()
    with pytest.raises(UnacceptableFile, match="This kind of file is not accepted"):
        files.check(sent(png_bytes(), "plan.docx"), "plan.docx", 10**7)


# Names


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\fakepath\\plan.pdf", "plan.pdf"),
        ("خطة المناصرة.pdf", "خطة المناصرة.pdf"),
        ("نیم\u200cفاصله.pdf", "نیم\u200cفاصله.pdf"),
        ("计划.docx", "计划.docx"),
        (unicodedata.normalize("NFD", "été.pdf"), "été.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        ("pl\x00an\r\n\x1b\u2028.txt", "plan.txt"),
        (" .. plan.txt . ", "plan.txt"),
        ("خ" * 300 + ".docx", "خ" * 145 + ".docx"),
        ("plan." + "x" * 300, "." + "x" * 149),
        ("x" * 300, "x" * 150),
    ],
)
def test_name_is_kept_without_what_deceives(name, cleaned):
    assert clean_file_name(name) == cleaned
    assert len(cleaned) <= 150
