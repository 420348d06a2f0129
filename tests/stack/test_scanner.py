"""Files are scanned by ClamAV's daemon, and nobody has one of which it has not said that it is clean."""

import io
import os
import shutil
import signal

import pytest
from django.urls import reverse

from hub import private_files, scanners
from hub.models import Attachment
from tests.asking import document, make_request, officer, open_fund, private_address, shown
from tests.factories import docx_bytes

CHECKING = "This file is being checked. Try again in a few minutes."
HARMFUL = "This file may do harm and is not handed out."


@pytest.fixture(params=["unix", "tcp"])
def clamd(request, stack, settings):
    settings.HUB_FILE_SCANNER = "hub.scanners.clamd"
    settings.HUB_CLAMD = stack.clamd.addresses[request.param]
    return stack.clamd


@pytest.fixture
def asked(site, private_folder):
    """A request for a grant that was sent."""
    return make_request(open_fund(site).form)


@pytest.fixture
def desk(client):
    """The browser of an officer."""
    client.force_login(officer())
    return client


def kept(request, content: bytes, name: str = "plan.txt") -> Attachment:
    assert private_files.keep_all(request, [document(name, content)]) == []
    return request.attachments.latest("pk")


def scan(attachment: Attachment) -> str:
    attachment.refresh_from_db()
    return attachment.scan


def at_the_desk(desk, request, attachment: Attachment):
    """What an officer sees who follows the link to the file."""
    address = reverse("grant_requests:file", args=[request.pk, attachment.pk])
    return desk.get(address, follow=True)


def behind_the_link(client, request, attachment: Attachment):
    """What the applicant sees who does."""
    return client.get(private_address(request, "request_file", "en", attachment.pk))


def test_clean_file_is_handed_out_once_it_was_scanned(clamd, asked, desk):
    attachment = kept(asked, b"A plan.")
    assert CHECKING in at_the_desk(desk, asked, attachment).text
    private_files.scan_some()
    assert scan(attachment) == "clean"
    assert at_the_desk(desk, asked, attachment).getvalue() == b"A plan."
    assert behind_the_link(desk, asked, attachment).getvalue() == b"A plan."


@pytest.mark.parametrize("name", ["plan.txt", "plan.docx"])
def test_harmful_file_is_handed_out_to_nobody(clamd, asked, desk, name, caplog):
    """The Word document has the marker in its text, so that it must be unpacked to be found."""
    text = f"A plan, and {clamd.MARKER.decode()}."
    content = docx_bytes(text) if name == "plan.docx" else text.encode()
    assert (clamd.MARKER in content) == (name == "plan.txt")
    attachment = kept(asked, content, name)
    private_files.scan_some()
    assert scan(attachment) == "refused"
    response = at_the_desk(desk, asked, attachment)
    assert HARMFUL in response.text
    assert "Harmful" in response.text
    response = behind_the_link(desk, asked, attachment)
    assert (response.status_code, HARMFUL in shown(response)) == (403, True)
    assert f"clamd: stream: {clamd.SIGNATURE}.UNOFFICIAL FOUND" in caplog.text
    assert f"The scanner refused attachment {attachment.pk}." in caplog.text


def test_files_wait_for_a_daemon_that_is_stopped(clamd, asked, desk):
    attachment = kept(asked, b"A plan.")
    clamd.stop()
    try:
        with pytest.raises(scanners.ScannerDown):
            private_files.scan_some()
        assert scan(attachment) == "unscanned"
        assert CHECKING in at_the_desk(desk, asked, attachment).text
        response = behind_the_link(desk, asked, attachment)
        assert (response.status_code, CHECKING in shown(response)) == (403, True)
    finally:
        clamd.start()
    private_files.scan_some()
    assert scan(attachment) == "clean"
    assert at_the_desk(desk, asked, attachment).getvalue() == b"A plan."


def test_daemon_that_hangs_is_not_waited_for(clamd, asked, monkeypatch):
    monkeypatch.setattr(scanners, "TIMEOUT", 0.5)
    attachment = kept(asked, b"A plan.")
    os.kill(clamd.process.pid, signal.SIGSTOP)
    try:
        with pytest.raises(scanners.ScannerDown, match="timed out"):
            private_files.scan_some()
    finally:
        os.kill(clamd.process.pid, signal.SIGCONT)
    assert scan(attachment) == "unscanned"


def test_daemon_that_hangs_up_without_an_answer_is_asked_again(clamd, asked):
    """As it does when the folder is gone in which it keeps what it is sent."""
    attachment = kept(asked, b"A plan.")
    shutil.rmtree(clamd.temporary)
    try:
        with pytest.raises(scanners.ScannerDown, match="it hung up without an answer"):
            private_files.scan_some()
    finally:
        clamd.temporary.mkdir()
    assert scan(attachment) == "unscanned"
    private_files.scan_some()
    assert scan(attachment) == "clean"


def test_largest_file_is_scanned(clamd, asked):
    attachment = kept(asked, b"x" * private_files.MAX_BYTES)
    private_files.scan_some()
    assert scan(attachment) == "clean"


@pytest.mark.parametrize("excess", [1, 20_000_000])
def test_error_of_the_daemon_does_not_count_as_clean(clamd, asked, monkeypatch, caplog, excess):
    """It refuses what is larger than it is told to take, at the end or before all of it was sent."""
    largest = private_files.MAX_BYTES
    monkeypatch.setattr(private_files, "MAX_BYTES", largest + excess)
    attachment = kept(asked, b"x" * (largest + excess))
    private_files.scan_some()
    assert scan(attachment) == "unscanned"
    assert f"Attachment {attachment.pk} could not be scanned." in caplog.text
    assert "NoVerdict: clamd answered “INSTREAM size limit exceeded. ERROR”." in caplog.text


def test_empty_file_is_clean(clamd):
    assert scanners.clamd(io.BytesIO())


# Keeps two files, of which one is harmful, with a request of its own.
KEEP = """
from hub import private_files
from tests import asking
request = asking.make_request(asking.open_fund_alone().form)
uploads = [asking.document("good.txt"), asking.document("bad.txt", {marker!r})]
assert private_files.keep_all(request, uploads) == []
"""


def test_worker_scans_files_in_s3_once_the_two_variables_are_set(stack, new_hub, migrated):
    hub = new_hub(template=migrated)
    hub.environment["HUB_FILE_SCANNER"] = "hub.scanners.clamd"
    hub.environment["HUB_CLAMD"] = stack.clamd.addresses["unix"]
    hub.manage("shell", "--no-imports", "-c", KEEP.format(marker=stack.clamd.MARKER))
    hub.manage("work", "--once")
    scans = hub.query("SELECT name, scan FROM hub_attachment")
    assert dict(scans) == {"good.txt": "clean", "bad.txt": "refused"}
