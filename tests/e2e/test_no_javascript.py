"""Everything works with scripts switched off; scripts only add comfort."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {
        "java_script_enabled": False,
        "viewport": {"width": 320, "height": 640},
    }


def test_every_page_can_be_read(page, addresses):
    for address in addresses:
        assert page.goto(address).status == 200
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert len(page.locator("main").inner_text()) > 200


def test_nothing_that_needs_a_script_is_offered(page):
    page.goto("/en/toolkit/understand-your-context/map-supporters-and-detractors/")
    for name in ["Copy the citation", "Copy a link to this answer"]:
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.goto("/en/training/launch-community-call/")
    expect(page.get_by_text("Your time")).to_be_hidden()
    expect(page.locator(".facts")).to_contain_text("20:15")


def test_drawers_and_answers_open(page):
    page.goto("/en/toolkit/understand-your-context/map-supporters-and-detractors/")
    page.locator("summary", has_text="All steps and chapters").click()
    expect(page.get_by_role("link", name=re.compile("When it stalls")).first).to_be_visible()
    question = page.locator(".faq-list summary").first
    question.click()
    expect(page.locator(".faq-list details .prose").first).to_be_visible()
    page.locator(".language-menu summary").click()
    expect(page.locator(".language-menu a").first).to_be_visible()


def test_filters_and_search_work_by_submitting(page):
    page.goto("/en/toolkit/templates/")
    page.locator("summary", has_text="Filter").click()
    page.get_by_role("checkbox", name=re.compile("^Spreadsheet")).check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".row-list > li")).to_have_count(3)
    page.goto("/en/search/?q=brief")
    expect(page.locator(".row-list > li").first).to_be_visible()


def test_form_is_sent(page):
    page.goto("/en/contact/")
    page.get_by_label("Something else").check()
    page.get_by_label(re.compile("^Your message")).fill("Sent without a script.")
    for box in page.locator("form.form input[type=checkbox]").all():
        box.check()
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("Your message has arrived")


def test_self_check_says_what_is_missing_and_never_blocks(page):
    page.goto("/en/funding/")
    required = page.get_by_role("checkbox", name=re.compile("^A political window"))
    required.check()
    page.get_by_role("button", name="Check what is missing").click()
    result = page.locator("#self-check")
    expect(result).to_be_focused()
    expect(result).to_contain_text("Not met: A dedicated campaign manager")
    expect(result).not_to_contain_text("A political window")
    expect(required).to_be_checked()
    result.get_by_role("link", name="Start a request").click()
    expect(page.locator("form#request-form, main form")).to_be_visible()
