"""The demo, served as `make demo` serves it, and Debian's Chromium to look at it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

# A busy machine may take its time; what never comes still fails.
expect.set_options(timeout=15_000)

# When the window of a request closes.
CLOSES = (date.today() + timedelta(days=60)).isoformat()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
CHROMIUM = os.environ.get("HUB_CHROMIUM") or shutil.which("chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM:
        message = "Chromium is not installed (Debian: chromium)."
        if os.environ.get("HUB_REQUIRE_ALL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("hub-data")


@pytest.fixture(scope="session")
def hub(data_dir):
    """The address of a freshly set up demo with its worker; both end with the session."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    environment |= {"DJANGO_SETTINGS_MODULE": "hub.settings.dev", "HUB_DATA_DIR": str(data_dir)}
    log = (data_dir / "demo.log").open("wb")
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=BASE_DIR,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(demo, address, data_dir / "demo.log")
        yield address
    finally:
        demo.terminate()
        demo.wait(timeout=30)
        log.close()


def wait_until_ready(demo, address: str, log: Path, seconds: int = 240):
    for _attempt in range(seconds):
        if demo.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(1)
    raise RuntimeError(f"The demo did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def base_url(hub):
    """Lets tests say page.goto("/en/")."""
    return hub


@pytest.fixture(scope="session")
def addresses(hub) -> list[str]:
    """The path of every page in the sitemap."""
    with urllib.request.urlopen(f"{hub}/sitemap-en.xml") as sitemap:
        found = re.findall(r"<loc>([^<]+)</loc>", sitemap.read().decode())
    return [address.removeprefix(hub) for address in found]


@pytest.fixture(autouse=True)
def _watch(request):
    """No test passes while a page logs an error, breaks its policy or asks another host for anything."""
    if "page" not in request.fixturenames:
        yield
        return
    page, hub = request.getfixturevalue("page"), request.getfixturevalue("hub")
    problems = []

    def note_console(message):
        # A browser logs every answer that is not a success; tests of those check the status.
        if message.type == "error" and "Failed to load resource" not in message.text:
            problems.append(f"console: {message.text}")

    def note_request(sent):
        if not sent.url.startswith((hub, "data:", "blob:", "about:")):
            problems.append(f"request to {sent.url}")

    page.context.on("request", note_request)
    page.context.on("page", lambda opened: opened.on("console", note_console))
    page.on("console", note_console)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    yield
    assert problems == []
