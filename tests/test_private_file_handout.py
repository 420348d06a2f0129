"""Files sent with a form: nobody else sees them, nor anybody before they are scanned."""

import os
import time
from contextlib import closing, contextmanager

import pytest
from django.core.checks import run_checks
from django.core.signals import request_finished
from django.db import close_old_connections

from hub import private_files
from hub.models import Attachment
from hub.private_files import Withheld
from tests.attaching import lone_submission, refuse_to, run, sent, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_folder")]


@pytest.fixture
def submission(db):
    return lone_submission()


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


@pytest.fixture
def _scanner(settings):
    settings.HUB_FILE_SCANNER = "tests.attaching.is_clean"


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
    settings.HUB_FILE_SCANNER = "tests.attaching.is_clean"
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
