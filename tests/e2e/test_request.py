"""Asking for a grant in a browser: counted, saved as one goes, from two devices, and without a script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import CLOSES
from tests.e2e.test_accessibility import OPTIONS

ADDRESS = "/en/funding/request/"
GOAL = "Contracts are published within ten days."
# A person reads a form for longer than a script does.
READING = 2500
# Until what was typed is on its way, and an answer has come.
SAVED = 10_000


def begin(page, address: str = ADDRESS, goal: str = GOAL) -> str:
    """The address of a draft that was begun with a sentence in it."""
    page.goto(address)
    page.locator("[name=hub-goal]").fill(goal)
    page.wait_for_timeout(READING)
    page.locator(".actions [value=save]").click()
    page.wait_for_url("**/request/*~*/**")
    return page.url.partition("?")[0]


def status(page):
    return page.locator("[data-autosave-status]")


@pytest.fixture
def other(new_context):
    """A browser on another device: a phone."""
    return new_context(viewport={"width": 320, "height": 640}).new_page()


def test_words_are_counted_as_they_are_typed(page):
    page.goto(ADDRESS)
    count = page.locator(".field", has=page.locator("[name=hub-goal]")).locator(".field__foot")
    expect(count).to_have_text("0 of 60 words")
    page.locator("[name=hub-goal]").fill("word " * 67)
    expect(count).to_have_text("67 of 60 words: 7 too many")


def test_open_form_sends_nothing_by_itself(page):
    page.goto(ADDRESS)
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.wait_for_timeout(1000)
    sent.clear()  # the icon of the site, which browsers ask for when they like
    page.locator("[name=hub-goal]").fill(GOAL)
    page.wait_for_timeout(5000)
    assert sent == []


def test_draft_is_saved_as_one_types(page):
    begin(page)
    page.locator("[name=hub-plan]").fill("Two briefings and a hearing.")
    expect(status(page)).to_have_text(re.compile(r"^Saved, \d\d:\d\d$"), timeout=SAVED)
    page.reload()
    expect(page.locator("[name=hub-plan]")).to_have_value("Two briefings and a hearing.")


def test_two_devices_lose_nothing_of_each_other(page, other):
    draft = begin(page)
    other.goto(draft)
    other.locator("[name=hub-plan]").fill("From the phone.")
    expect(status(other)).to_contain_text("Saved", timeout=SAVED)
    page.locator("[name=hub-plan]").fill("From the desk.")
    expect(status(page)).to_contain_text("changed in another browser", timeout=SAVED)
    page.locator(".actions [value=save]").click()
    expect(page.locator(".error-summary")).to_contain_text("changed in another browser")
    expect(page.locator("[name=hub-plan]")).to_have_value("From the desk.")
    expect(page.locator(".field__other blockquote")).to_have_text("From the phone.")
    page.locator(".actions [value=save]").click()
    expect(page.locator(".notice--success")).to_contain_text("Your draft is saved.")
    expect(page.locator("[name=hub-plan]")).to_have_value("From the desk.")


def test_lost_connection_is_told_and_made_up_for(page):
    begin(page)
    page.context.set_offline(True)
    page.locator("[name=hub-plan]").fill("On the train.")
    expect(status(page)).to_contain_text("Not saved", timeout=SAVED)
    page.context.set_offline(False)
    page.locator("[name=hub-plan]").fill("On the train, in a tunnel.")
    expect(status(page)).to_contain_text("Saved,", timeout=SAVED)
    expect(page.locator("[name=hub-plan]")).to_have_value("On the train, in a tunnel.")


def test_button_waits_for_what_is_being_saved(page):
    """Or one browser would be taken for two."""
    begin(page)
    page.locator("[name=hub-plan]").fill("Two briefings.")
    page.wait_for_timeout(2950)
    page.locator(".actions [value=save]").click()
    expect(page.locator(".notice--success")).to_contain_text("Your draft is saved.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_draft_is_accessible_on_a_phone_in_arabic(new_context, scheme):
    page = new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme).new_page()
    begin(page, "/ar/funding/request/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert Axe().run(page, options=OPTIONS).response["violations"] == []


def test_request_is_written_and_sent_without_a_script(new_context):
    page = new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}).new_page()
    begin(page)
    expect(page.locator("#private-link")).to_contain_text("/en/request/")
    for field in page.locator("textarea").all():
        field.fill("Two briefings and a hearing.")
    page.locator("[name=hub-closes]").fill(CLOSES)
    page.locator("[name=hub-amount]").fill("5.000,00")
    page.locator("[name=hub-country]").select_option("KE")
    page.locator("[name=hub-email]").fill("noor@example.org")
    plan = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"A plan."}
    page.locator("[name=hub-files]").set_input_files(plan)
    page.locator(".actions [value=preview]").click()
    expect(page.locator("main")).to_contain_text("5,000")
    expect(page.locator("main")).to_contain_text("plan.txt")
    page.locator("[name=hub-consent]").check()
    page.wait_for_timeout(READING)
    page.locator(".actions [value=send]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your request has been received")
