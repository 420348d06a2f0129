"""From registering in a browser to giving the seat up, in several languages, narrow and dark."""

import os
import re
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import BASE_DIR
from tests.e2e.test_accessibility import OPTIONS

# A person reads a form for longer than a script does.
READING = 2500


@pytest.fixture
def run(hub, data_dir):
    """Runs Python in the demo, as a person at its server could; what it prints."""

    def run_code(code: str) -> str:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("HUB_")
        } | {"DJANGO_SETTINGS_MODULE": "hub.settings.dev", "HUB_DATA_DIR": str(data_dir)}
        result = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return result.stdout.strip()

    return run_code


@pytest.fixture
def session_path(run):
    """The path, below its language, of a session that takes registrations and is in Spanish too."""
    return run(
        "from training.models import SessionPage\n"
        "from training.stages import Stage\n"
        "pages = SessionPage.objects.live().filter(locale__language_code='es', alias_of=None)\n"
        "print(next(p.url for p in pages.upcoming() if p.stage == Stage.OPEN)[4:])"
    )


def link_of(run, address: str) -> str:
    return run(
        "from hub.forms.links import address_of\n"
        "from training.models import Registration\n"
        "from urllib.parse import urlsplit\n"
        f"found = Registration.objects.get(address={address!r})\n"
        "print(urlsplit(address_of(found, 'registration')).path)"
    )


def register(page, address: str, email: str):
    page.goto(address)
    page.wait_for_timeout(READING)
    page.locator("#id_hub-name").fill("Amina")
    page.locator("#id_hub-email").fill(email)
    page.locator("#id_hub-consent").check()
    page.locator("#register button[type=submit]").click()
    page.wait_for_url(re.compile(r"\?sent="))


def barriers(page) -> list[str]:
    return [
        violation["id"] for violation in Axe().run(page, options=OPTIONS).response["violations"]
    ]


def test_form_with_errors_says_so_and_keeps_what_was_typed(page, hub, session_path):
    page.goto(f"{hub}/es/{session_path}")
    page.wait_for_timeout(READING)
    page.locator("#id_hub-name").fill("Amina")
    page.locator("#register button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("#id_hub-name")).to_have_value("Amina")
    assert barriers(page) == []


def test_person_registers_in_spanish_and_gives_the_seat_up(page, hub, run, session_path):
    register(page, f"{hub}/es/{session_path}", "spanish@example.org")
    link = link_of(run, "spanish@example.org")
    assert link.startswith("/es/registration/")
    page.goto(hub + link)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_text("spanish@example.org")).to_be_visible()
    page.locator("a[href$='/withdraw/']").click()
    page.locator("main form button").click()
    page.wait_for_url(hub + link)
    expect(page.locator("a[href$='/withdraw/']")).to_have_count(0)
    assert page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("ar", 320), ("en", 1280)])
def test_pages_behind_the_link_have_no_barrier(
    browser, hub, run, session_path, language, width, scheme
):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    email = f"{language}-{scheme}@example.org"
    register(page, f"{hub}/en/{session_path}", email)
    link = link_of(run, email).replace("/en/", f"/{language}/")
    found = {}
    for tail in ("", "edit/", "withdraw/", "nonsense/"):
        place = hub + (link + tail if tail != "nonsense/" else f"/{language}/registration/{tail}")
        page.goto(place)
        problems = barriers(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            problems.append("wider than the window")
        if problems:
            found[tail] = problems
    context.close()
    assert found == {}


def test_registration_is_looked_after_without_javascript(browser, hub, run, session_path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    register(page, f"{hub}/en/{session_path}", "plain@example.org")
    page.goto(hub + link_of(run, "plain@example.org"))
    page.locator("a[href$='/edit/']").click()
    page.wait_for_timeout(READING)
    page.locator("#id_hub-name").fill("Amina W.")
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"\?done=changed"))
    expect(page.get_by_text("Amina W.")).to_be_visible()
    context.close()
