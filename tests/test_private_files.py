"""Files that visitors send with a form are kept with their submission, and go with it."""

import time
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from hub import privacy, private_files
from hub.models import Attachment, Submission
from hub.private_files import StorageDown
from tests import processes
from tests.attaching import (
    NOT_ACCEPTED,
    ROOM,
    content_of,
    lone_submission,
    new_submission,
    refuse_to,
    run,
    sent,
    stored,
)
from tests.office_files import EXECUTABLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_folder")]


@pytest.fixture
def submission(db):
    return lone_submission()


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
