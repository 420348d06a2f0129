"""Files that visitors send with a form: what is taken, that nobody else sees them, and that they go."""

import io
import os
import struct
import time
import unicodedata
import zipfile
import zlib
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.signals import request_finished
from django.db import IntegrityError, close_old_connections, transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image
from wagtail.models import Locale, Page

from hub import archives, files, jobs, privacy, private_files
from hub.forms import pages
from hub.forms.fields import FILES, FilesField
from hub.models import Attachment, HubDocument, Submission
from hub.models.attachments import clean_file_name
from hub.private_files import StorageDown, UnacceptableFile, Withheld
from tests import processes
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
from tests.registering import let_time_pass, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_folder")]

NOT_ACCEPTED = (
    "This kind of file is not accepted. "
    "Accepted are CSV, DOCX, JPEG, JPG, ODP, ODS, ODT, PDF, PNG, PPTX, TXT, XLSX."
)
ROOM = "There is room for 5 files. This one was not kept."


def new_submission(page: Page, key: str = "one") -> Submission:
    return Submission.objects.create(
        page_id=page.pk,
        locale=Locale.get_default(),
        form_data={"message": "Hello"},
        address="amina@example.org",
        idempotency_key=key,
        retained_until=timezone.localdate() + timedelta(days=90),
    )


@pytest.fixture
def submission(db):
    # Tests with transactions of their own leave an empty database behind.
    Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    return new_submission(root)


def sent(content: bytes = b"A plan.", name: str = "plan.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


def stored(folder) -> list[str]:
    """The names of all files in the private storage."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@contextmanager
def handed_out(attachment: Attachment):
    """The answer with the file, closed as Django's test client closes it.

    Else the end of the answer would close the connection, and with it undo the test's transaction.
    """
    request_finished.disconnect(close_old_connections)
    try:
        with closing(private_files.response_for(attachment)) as response:
            yield response
    finally:
        request_finished.connect(close_old_connections)


def download(attachment: Attachment) -> bytes:
    with handed_out(attachment) as response:
        return response.getvalue()


def content_of(attachment: Attachment) -> bytes:
    with storages["private"].open(attachment.path) as content:
        return content.read()


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


# Keeping


def test_file_from_the_disk_is_kept_and_can_be_kept_again(submission):
    """Uploads of more than 2.5 MB come as files of their own, which storages would move."""
    with TemporaryUploadedFile("plan.txt", "text/plain", 7, "utf-8") as large:
        large.write(b"A plan.")
        for _time in range(2):
            assert content_of(private_files.keep(submission, large)) == b"A plan."


@contextmanager
def undone():
    """A transaction in which something fails at last."""
    with suppress(ZeroDivisionError), transaction.atomic():
        yield
        raise ZeroDivisionError


def test_file_goes_when_the_callers_transaction_is_undone(submission, private_folder):
    with undone():
        private_files.keep(submission, sent())
        assert len(stored(private_folder)) == 1
    assert not Attachment.objects.exists()
    assert stored(private_folder) == []


@pytest.mark.django_db(transaction=True)
def test_file_goes_when_the_whole_transaction_is_undone(submission, private_folder):
    with undone():
        assert private_files.keep_all(submission, [sent(), sent()]) == []
        assert len(stored(private_folder)) == 2
    assert stored(private_folder) == []


@pytest.mark.django_db(transaction=True)
def test_file_stays_when_something_else_fails_after_the_commit(submission, private_folder):
    def fail():
        raise ZeroDivisionError

    def send():
        with transaction.atomic():
            transaction.on_commit(fail)
            private_files.keep(submission, sent())

    with pytest.raises(ZeroDivisionError):
        send()
    assert stored(private_folder) == [str(Attachment.objects.get().key)]


def test_file_goes_when_its_row_cannot_be_written(submission, private_folder, monkeypatch):
    taken = private_files.keep(submission, sent()).key
    other = private_files.keep(submission, sent()).key
    Attachment.objects.filter(key=other).delete()
    monkeypatch.setattr(Attachment._meta.get_field("id"), "get_default", lambda: 1)
    Attachment.objects.filter(key=taken).update(id=1)
    before = stored(private_folder)
    with pytest.raises(IntegrityError):
        private_files.keep(submission, sent())
    assert stored(private_folder) == before
    assert Attachment.objects.count() == 1


def refuse_to(monkeypatch, *methods: str):
    def fail(*_arguments, **_options):
        raise OSError("The file storage failed: Could not connect")

    for method in methods:
        monkeypatch.setattr(FileSystemStorage, method, fail)


def test_storage_that_is_down_takes_nothing_and_leaves_no_row(submission, monkeypatch, caplog):
    refuse_to(monkeypatch, "_save", "delete")
    with pytest.raises(StorageDown) as down:
        private_files.keep(submission, sent())
    assert "What you wrote is not lost: try again in a few minutes." in down.value.message
    assert not Attachment.objects.exists()
    assert "could not be stored" in caplog.text
    assert Submission.objects.exists()


def test_disk_that_is_full_keeps_no_half_of_a_file(submission, private_folder, monkeypatch):
    def save_half(storage, name, content):
        path = private_folder / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content.read(3))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", save_half)
    with pytest.raises(StorageDown):
        private_files.keep(submission, sent())
    assert stored(private_folder) == []


def test_good_files_are_kept_and_each_of_the_others_is_explained(submission, private_folder):
    uploads = [sent(), sent(b"", "empty.txt"), sent(EXECUTABLE, "خطة.exe"), sent(name="more.txt")]
    assert private_files.keep_all(submission, uploads) == [
        "\u2068empty.txt\u2069: This file is empty. Choose the file again.",
        f"\u2068خطة.exe\u2069: {NOT_ACCEPTED}",
    ]
    assert [attachment.name for attachment in submission.attachments.all()] == [
        "plan.txt",
        "more.txt",
    ]
    assert len(stored(private_folder)) == 2


def test_fifty_files_at_once_leave_room_for_five(submission, private_folder):
    uploads = [sent(name=f"{number}.txt") for number in range(50)]
    problems = private_files.keep_all(submission, uploads)
    assert problems == [f"\u2068{number}.txt\u2069: {ROOM}" for number in range(5, 50)]
    assert private_files.keep_all(submission, [sent()]) == [f"\u2068plan.txt\u2069: {ROOM}"]
    assert len(stored(private_folder)) == Attachment.objects.count() == 5


def test_storage_that_is_down_is_asked_once(submission, monkeypatch):
    calls = []

    def fail(*_arguments):
        calls.append(1)
        raise OSError

    monkeypatch.setattr(FileSystemStorage, "_save", fail)
    problems = private_files.keep_all(submission, [sent(), sent(name="more.txt")])
    assert problems == [
        f"\u2068{name}\u2069: {private_files.STORAGE_DOWN}" for name in ("plan.txt", "more.txt")
    ]
    assert len(calls) == 1


def test_keeping_queries(submission, django_assert_num_queries):
    # Two savepoints for each file, the lock, the count; one row each.
    with django_assert_num_queries(2 + 2 + 2 * 3):
        private_files.keep_all(submission, [sent(), sent()])


KEEP = """
import django
django.setup()
import pathlib, sys, time
from django.core.files.uploadedfile import SimpleUploadedFile
from hub import private_files
from hub.models import Submission
submission = Submission.objects.get()
uploads = [SimpleUploadedFile(f"{number}.txt", b"A plan.") for number in range(4)]
pathlib.Path(sys.argv[1], sys.argv[2]).touch()
while not pathlib.Path(sys.argv[1], "go").exists():
    time.sleep(0.01)
print(len(private_files.keep_all(submission, uploads)))
"""


@pytest.mark.django_db(transaction=True)
def test_several_who_send_at_once_have_the_room_of_one(submission, tmp_path):
    senders = [
        processes.start(["-c", KEEP, str(tmp_path), str(number)], tmp_path) for number in range(3)
    ]
    while not all((tmp_path / str(number)).exists() for number in range(3)):
        assert all(sender.poll() is None for sender in senders)
        time.sleep(0.05)
    (tmp_path / "go").touch()
    refused = [int(sender.communicate(timeout=60)[0]) for sender in senders]
    assert sum(refused) == 3 * 4 - private_files.MAX_FILES
    assert len(stored(tmp_path / "private")) == private_files.MAX_FILES


# Removing


DELETIONS = {
    "removed": lambda submission: private_files.remove(submission.attachments.get()),
    "many at once": lambda submission: Attachment.objects.all().delete(),
    "its submission": lambda submission: submission.delete(),
    "many submissions": lambda submission: Submission.objects.all().delete(),
    "erased": lambda submission: Submission.objects.all().erase(),
    "the person": lambda submission: privacy.erase(submission.address),
}


@pytest.mark.parametrize("way", DELETIONS)
def test_file_goes_with_its_row_once_that_is_sure(
    submission, private_folder, django_capture_on_commit_callbacks, way
):
    private_files.keep(submission, sent())
    with django_capture_on_commit_callbacks(execute=True):
        DELETIONS[way](submission)
        assert len(stored(private_folder)) == 1
    assert not Attachment.objects.exists()
    assert stored(private_folder) == []


def test_row_goes_though_the_storage_is_down(
    submission, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    private_files.keep(submission, sent())
    refuse_to(monkeypatch, "delete")
    with django_capture_on_commit_callbacks(execute=True):
        submission.delete()
    assert not Attachment.objects.exists()
    assert "could not be deleted" in caplog.text


def run(name: str):
    next(job for job in jobs.all_jobs() if job.name == name).run()


def test_file_goes_when_it_was_kept_long_enough(
    submission, private_folder, django_capture_on_commit_callbacks
):
    private_files.keep(submission, sent())
    Submission.objects.update(retained_until=timezone.localdate() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        run("delete_expired_submissions")
    assert stored(private_folder) == []


def test_person_is_told_which_files_are_held(site, django_assert_num_queries):
    submission = new_submission(site.contact)
    for name in ("plan.txt", "خطة.txt"):
        private_files.keep(submission, sent(name=name))
    private_files.keep(new_submission(site.contact, "two"), sent(name="more.txt"))
    holding = privacy.find("amina@example.org")
    with django_assert_num_queries(0):
        held = [row.held()["files"] for row in holding.submissions]
    assert [[(file["name"], file["size"]) for file in files_] for files_ in held] == [
        [("more.txt", 7)],
        [("plan.txt", 7), ("خطة.txt", 7)],
    ]
    assert held[0][0]["sent"] == Attachment.objects.get(name="more.txt").sent_at
    assert "more.txt" in str(privacy.as_data(holding))


# Handing out


def test_file_is_handed_out_as_mere_bytes_under_its_name(submission):
    attachment = private_files.keep(submission, sent(name="خطة.txt"))
    assert download(attachment) == b"A plan."
    with handed_out(attachment) as response:
        assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%D8%AE%D8%B7%D8%A9.txt"
    )
    assert response.headers["Content-Length"] == "7"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_file_has_no_address_of_its_own(submission, client):
    attachment = private_files.keep(submission, sent())
    for path in (attachment.path, f"media/{attachment.path}", f"private/{attachment.path}"):
        assert client.get(f"/{path}").status_code == 404


def withheld(attachment: Attachment) -> tuple[int, str]:
    with pytest.raises(Withheld) as refusal:
        private_files.response_for(attachment)
    return refusal.value.status, refusal.value.message


def test_file_that_is_missing_is_said_to_be(submission, private_folder):
    attachment = private_files.keep(submission, sent())
    (private_folder / attachment.path).unlink()
    assert withheld(attachment) == (404, "This file is missing. Ask for it to be sent again.")


def test_file_is_out_of_reach_while_the_storage_is_down(submission, monkeypatch):
    attachment = private_files.keep(submission, sent())
    refuse_to(monkeypatch, "_open")
    status, sentence = withheld(attachment)
    assert status == 503
    assert sentence.startswith("Our storage does not answer")


# Scanning

CHECKING = "This file is being checked. Try again in a few minutes."
HARMFUL = "This file may do harm and is not handed out."


def is_clean(file) -> bool:
    """A scanner for the tests."""
    content = file.read()
    if b"broken" in content:
        raise ConnectionError("The scanner does not answer.")
    return b"virus" not in content


@pytest.fixture
def _scanner(settings):
    settings.HUB_FILE_SCANNER = "tests.test_private_files.is_clean"


@pytest.mark.usefixtures("_scanner")
def test_files_are_withheld_until_the_scanner_found_them_clean(submission, caplog):
    contents = {"good": b"A plan.", "bad": b"A virus.", "later": b"A broken one."}
    kept = {
        name: private_files.keep(submission, sent(content)) for name, content in contents.items()
    }
    assert {withheld(attachment) for attachment in kept.values()} == {(403, CHECKING)}
    run("scan_files")
    for attachment in kept.values():
        attachment.refresh_from_db()
    assert {name: attachment.scan for name, attachment in kept.items()} == {
        "good": "clean",
        "bad": "refused",
        "later": "unscanned",
    }
    assert download(kept["good"]) == b"A plan."
    assert withheld(kept["bad"]) == (403, HARMFUL)
    assert withheld(kept["later"]) == (403, CHECKING)
    assert f"Attachment {kept['later'].pk} could not be scanned." in caplog.text
    assert f"The scanner refused attachment {kept['bad'].pk}." in caplog.text


@pytest.mark.usefixtures("_scanner")
def test_files_are_scanned_a_few_at_a_time_and_none_twice(submission, monkeypatch):
    monkeypatch.setattr(private_files, "BATCH", 2)
    private_files.keep_all(submission, [sent(name=f"{number}.txt") for number in range(3)])
    for left in (1, 0, 0):
        run("scan_files")
        assert Attachment.objects.filter(scan="unscanned").count() == left


def test_without_a_scanner_files_are_handed_out_and_stay_unscanned(submission):
    attachment = private_files.keep(submission, sent())
    run("scan_files")
    attachment.refresh_from_db()
    assert attachment.scan == "unscanned"
    assert download(attachment) == b"A plan."


def test_scanner_that_is_not_there_is_found_before_the_start(settings):
    settings.HUB_FILE_SCANNER = "tests.nowhere.is_clean"
    assert [error.id for error in run_checks(tags=["hub"])] == ["hub.E003"]
    settings.HUB_FILE_SCANNER = "tests.test_private_files.is_clean"
    assert run_checks(tags=["hub"]) == []


# Sweeping


def test_sweep_takes_old_files_without_a_row_and_no_others(submission, private_folder, caplog):
    kept = private_files.keep(submission, sent())
    folder = (private_folder / kept.path).parent
    elsewhere = private_folder / "attachments" / ("00" if folder.name != "00" else "01")
    elsewhere.mkdir(exist_ok=True)
    for place in (folder, elsewhere):
        (place / "old").write_bytes(b"old")
        (place / "new").write_bytes(b"new")
    two_days_ago = time.time() - 2 * 24 * 3600
    for path in (private_folder / kept.path, folder / "old", elsewhere / "old"):
        os.utime(path, (two_days_ago, two_days_ago))
    run("sweep_files")
    assert stored(private_folder) == sorted([str(kept.key), "new", "new"])
    assert caplog.text == ""


@pytest.mark.parametrize("key", ["00" * 16, "ff" * 16])
def test_sweep_reports_rows_without_a_file_and_leaves_them(submission, caplog, key):
    missing = Attachment.objects.create(submission=submission, key=key, name="a.txt", size=1)
    run("sweep_files")
    assert f"The file of attachment {missing.pk} is missing." in caplog.text
    assert Attachment.objects.get() == missing


def test_sweep_of_an_empty_storage_does_nothing(db):
    run("sweep_files")


# With a form


@pytest.fixture
def form_page(site, monkeypatch):
    """A form that asks for files, and keeps the good ones with what else was sent."""
    let_time_pass(monkeypatch)
    page_type = type(site.contact)
    asked = page_type.own_form_fields
    monkeypatch.setattr(
        page_type, "own_form_fields", lambda page: asked(page) | {FILES: FilesField()}
    )
    monkeypatch.setattr(page_type, "complete", keep_files)
    return site.contact


def keep_files(page, submission, form):
    problems = private_files.keep_all(submission, form.cleaned_data[FILES])
    if problems:
        raise ValidationError(problems)


def answers_with(client, page, *uploads) -> dict:
    return {
        "hub-token": token_of(client.get(page.url)),
        "hub-consent": "on",
        FILES: list(uploads),
    }


def problem_of(response) -> str:
    return BeautifulSoup(response.content, "html.parser").find(class_="error-summary").li.text


def test_form_asks_for_several_files_of_the_accepted_types(client, form_page):
    html = BeautifulSoup(client.get(form_page.url).content, "html.parser")
    asked = html.find("input", {"name": "hub-files"})
    assert asked.has_attr("multiple")
    assert not asked.has_attr("required")
    assert asked["accept"] == (".docx,.odt,.txt,.xlsx,.ods,.csv,.pptx,.odp,.pdf,.jpeg,.jpg,.png")
    hint = html.find(id=asked["aria-describedby"]).text
    assert hint.startswith("Up to 5, each up to 10 MB: CSV, DOCX, JPEG,")
    assert form_page.get_form(page=form_page).is_multipart()


def test_files_of_a_form_are_kept_beside_its_answers(client, form_page):
    sending = answers_with(client, form_page, sent(name="خطة.txt"), sent(name="../../x.txt"))
    assert client.post(form_page.url, sending).status_code == 302
    submission = Submission.objects.get()
    assert FILES not in submission.form_data
    assert [attachment.name for attachment in submission.attachments.all()] == ["خطة.txt", "x.txt"]


def test_form_without_files_is_taken(client, form_page):
    assert client.post(form_page.url, answers_with(client, form_page)).status_code == 302
    assert not Attachment.objects.exists()


def test_form_that_is_refused_for_a_file_leaves_no_row_and_no_file(
    client, form_page, private_folder
):
    sending = answers_with(client, form_page, sent(), sent(EXECUTABLE, "plan.exe"))
    response = client.post(form_page.url, sending)
    assert response.status_code == 422
    assert problem_of(response) == f"\u2068plan.exe\u2069: {NOT_ACCEPTED}"
    assert not Submission.objects.exists()
    assert stored(private_folder) == []


def test_form_with_fifty_files_comes_back_with_what_was_typed(client, form_page):
    uploads = [sent(name=f"{number}.txt") for number in range(50)]
    sending = answers_with(client, form_page, *uploads)
    response = client.post(form_page.url, sending)
    assert response.status_code == 422
    assert problem_of(response) == f"\u20685.txt\u2069: {ROOM}"
    assert token_of(response) == sending["hub-token"]


def assert_unreadable(response, status: int, sentence: str):
    assert response.status_code == status
    assert problem_of(response) == sentence
    assert not Submission.objects.exists()


def test_more_files_than_can_be_read_are_refused_with_the_way_back(client, form_page):
    uploads = [sent(name=f"{number}.txt") for number in range(101)]
    response = client.post(form_page.url, answers_with(client, form_page, *uploads))
    assert_unreadable(response, 413, pages.TOO_MUCH_IN_FILES)


def test_larger_files_than_are_read_are_refused_unread(client, form_page, monkeypatch):
    monkeypatch.setattr(pages, "MAX_BODY_BYTES", 1000)
    response = client.post(form_page.url, answers_with(client, form_page, sent(b"a" * 1000)))
    assert_unreadable(response, 413, pages.TOO_MUCH_IN_FILES)


@pytest.mark.parametrize("at", ["-7", "-200", "700"])
@pytest.mark.parametrize("kind", [MULTIPART_CONTENT, "application/x-www-form-urlencoded"])
def test_form_that_was_cut_off_is_not_taken(client, form_page, private_folder, kind, at):
    """Gunicorn then gives what it has, as if it was all."""
    sending = answers_with(client, form_page, sent(b"a" * 1000))
    if kind == MULTIPART_CONTENT:
        body = encode_multipart(BOUNDARY, sending)
    else:
        body = urlencode(sending | {FILES: "a" * 1000}).encode()
    response = client.generic(
        "POST",
        form_page.url,
        content_type=kind,
        **{"wsgi.input": io.BytesIO(body[: int(at)]), "CONTENT_LENGTH": str(len(body))},
    )
    assert_unreadable(response, 400, pages.CUT_OFF)
    assert stored(private_folder) == []


class BrokenConnection(io.BytesIO):
    def read(self, *_arguments):
        raise ConnectionResetError


def test_form_whose_connection_breaks_is_not_taken(client, form_page):
    body = BrokenConnection()
    response = client.post(
        form_page.url,
        content_type=MULTIPART_CONTENT,
        **{"wsgi.input": body, "CONTENT_LENGTH": "1000"},
    )
    assert_unreadable(response, 400, pages.CUT_OFF)


def test_form_in_no_parts_at_all_is_not_taken(client, form_page):
    response = client.generic("POST", form_page.url, b"what?", "multipart/form-data")
    assert_unreadable(response, 400, pages.CUT_OFF)


def test_storage_that_is_down_refuses_the_form_and_says_why(client, form_page, monkeypatch):
    refuse_to(monkeypatch, "_save")
    response = client.post(form_page.url, answers_with(client, form_page, sent()))
    assert response.status_code == 422
    assert problem_of(response) == f"\u2068plan.txt\u2069: {private_files.STORAGE_DOWN}"
    assert not Submission.objects.exists()
