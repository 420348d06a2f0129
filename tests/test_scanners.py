"""The scanner for harmful files that comes with the hub: where it is looked for, and when it is not there.

What it finds is shown with ClamAV itself, in tests/stack/test_scanner.py.
"""

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from hub import private_files, scanners
from hub.models import JobRun
from tests.asking import document, make_request, open_fund

pytestmark = pytest.mark.usefixtures("private_folder")


@pytest.fixture(autouse=True)
def _clamd(settings):
    settings.HUB_FILE_SCANNER = "hub.scanners.clamd"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("unix:///run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("tcp://clamd.internal:3310", ("clamd.internal", 3310)),
        ("tcp://[::1]:3310", ("::1", 3310)),
    ],
)
def test_address_of_clamd_is_a_path_or_a_host_with_its_port(settings, written, address):
    settings.HUB_CLAMD = written
    assert scanners.clamd_address() == address
    assert run_checks(tags=["hub"]) == []


@pytest.mark.parametrize(
    "written",
    [
        "",
        "/run/clamav/clamd.ctl",
        "unix://run/clamav/clamd.ctl",
        "unix:clamd.ctl",
        "unix://",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:many",
        "tcp://127.0.0.1:0",
        "tcp://:3310",
        "tcp://127.0.0.1:3310/clamd",
        "127.0.0.1:3310",
        "http://127.0.0.1:3310",
    ],
)
def test_anything_else_is_found_before_the_start(settings, written):
    settings.HUB_CLAMD = written
    (error,) = run_checks(tags=["hub"])
    assert error.id == "hub.E004"
    assert error.msg == (
        "HUB_CLAMD says where ClamAV's daemon listens, such as unix:///run/clamav/clamd.ctl or "
        f"tcp://127.0.0.1:3310, and not {written!r}."
    )


def test_address_matters_only_to_clamd(settings):
    settings.HUB_FILE_SCANNER = ""
    settings.HUB_CLAMD = "nowhere"
    assert run_checks(tags=["hub"]) == []


@pytest.mark.parametrize("address", ["unix:///nowhere/clamd.ctl", "tcp://127.0.0.1:1"])
def test_where_nobody_listens_the_first_attempt_is_the_last_of_the_run(
    site, settings, monkeypatch, address
):
    settings.HUB_CLAMD = address
    request = make_request(open_fund(site).form)
    private_files.keep_all(request, [document(), document()])
    attempts, connection = [], scanners._connection
    monkeypatch.setattr(scanners, "_connection", lambda: attempts.append(1) or connection())
    with pytest.raises(CommandError, match="These jobs failed: scan_files."):
        call_command("work", "--once")
    assert len(attempts) == 1
    assert {found.scan for found in request.attachments.all()} == {"unscanned"}
    noted = JobRun.objects.get(name="scan_files").last_error
    assert noted.startswith(f"ScannerDown: clamd does not answer at {address}: [Errno")
