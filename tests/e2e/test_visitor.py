"""A campaigner on a phone in Kathmandu: finds the step, takes the template, writes to a person."""

import email
import re
import time
from email import policy

import docx
import pytest
from playwright.sync_api import expect

PHONE = {
    "viewport": {"width": 320, "height": 640},
    "timezone_id": "Asia/Kathmandu",
    "locale": "en-GB",
}


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | PHONE


def test_visitor_goes_from_the_home_page_to_a_template_in_hand(page, tmp_path):
    page.goto("/en/")
    page.get_by_role("link", name="Start at step 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Understand your context")
    page.locator("#chapters").get_by_role(
        "link", name=re.compile("Write your context brief")
    ).click()
    page.get_by_role("link", name="Context brief", exact=True).click()
    for title, name in (
        ("Context brief", "context-brief.docx"),
        ("Nota de contexto", "nota-de-contexto.docx"),
    ):
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(f"Download {title}, DOCX")).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.name == name
        assert docx.Document(path).core_properties.title == title
        assert len(docx.Document(path).paragraphs) > 10


def test_visitor_searches_and_narrows(page):
    page.goto("/en/")
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Search the hub").fill("suppliers")
    page.get_by_label("Search the hub").press("Enter")
    page.wait_for_url("**/?q=suppliers**")
    expect(page.locator("main mark").first).to_be_visible()
    everything = page.locator(".row-list > li").count()
    assert everything > 1
    page.locator("summary", has_text="Filter").click()
    page.get_by_role("checkbox", name=re.compile("^Story")).check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**kind=story**")
    assert 0 < page.locator(".row-list > li").count() < everything
    assert set(page.locator(".row-list .kind").all_inner_texts()) == {"Story"}


def test_visitor_reads_the_session_in_named_zones_and_in_her_own(page):
    page.goto("/en/training/launch-community-call/")
    facts = page.locator(".facts dl > div")
    rows = dict(row.split("\n")[:2] for row in facts.all_inner_texts() if "\n" in row)
    assert rows["New York"] == "Tue 10:30"
    assert rows["UTC"] == "Tue 14:30"
    assert rows["Nairobi"] == "Tue 17:30"
    assert rows["Kathmandu"] == "Tue 20:15"
    expect(page.locator("[data-local-time]")).to_contain_text("20:15")


def test_visitor_follows_a_link_to_an_answer(page):
    page.goto("/en/toolkit/understand-your-context/map-supporters-and-detractors/")
    answer = page.locator(".faq-list details").nth(1)
    assert not answer.evaluate("element => element.open")
    page.goto(f"{page.url}#{answer.get_attribute('id')}")
    page.reload()
    expect(page.locator(".faq-list details").nth(1)).to_have_attribute("open", "")


def test_visitor_copies_a_citation(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/en/toolkit/understand-your-context/map-supporters-and-detractors/")
    page.get_by_role("button", name="Copy the citation").first.click()
    expect(page.get_by_text("Copied").first).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".evidence__citation").first.inner_text().strip()


def test_visitor_ticks_the_criteria(page):
    page.goto("/en/funding/")
    boxes = page.locator("[data-tally] input")
    boxes.nth(0).check()
    expect(page.locator("[data-tally-out]")).to_contain_text(f"1 of {boxes.count()}")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    expect(page.locator("[data-tally-out]")).to_contain_text("You are ready to ask.")


def test_visitor_writes_to_a_person(page, data_dir):
    page.goto("/en/toolkit/")
    page.get_by_role("link", name="Tell us about this page").click()
    expect(page.get_by_text("About:")).to_be_visible()
    page.get_by_label(re.compile("^Your message")).fill("Where do I find the audit template?")
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label(re.compile("^Your message"))).to_have_value(
        "Where do I find the audit template?"
    )
    page.get_by_label("The toolkit").check()
    page.get_by_label(re.compile("^Email")).fill("campaigner@example.org")
    for box in page.locator("form.form input[type=checkbox]").all():
        box.check()
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("Your message has arrived")
    reference = re.search(r"[2-9A-Z]{3}-[2-9A-Z]{4}", page.locator("main").inner_text())[0]
    assert "campaigner" not in page.url
    page.reload()
    expect(page.locator("main")).to_contain_text(reference)
    mails = wait_for_mails(data_dir, reference, number=2)
    assert {mail["To"] for mail in mails} == {"hub@example.org", "campaigner@example.org"}
    page.goto("/dev/mail/")
    expect(page.locator("main").get_by_text(reference).first).to_be_visible()
    assert page.context.cookies() == []


def wait_for_mails(data_dir, reference: str, number: int, seconds: int = 30) -> list:
    """The mails about ``reference``, once the worker has written as many."""
    for _second in range(seconds):
        mails = [
            email.message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in (data_dir / "mail").glob("*.eml")
        ]
        about = [mail for mail in mails if reference in mail.as_string()]
        if len(about) >= number:
            return about
        time.sleep(1)
    raise AssertionError(f"{len(about)} of {number} mails within {seconds} seconds")


def test_visitor_prints_a_chapter_without_the_furniture(page):
    page.goto("/en/toolkit/understand-your-context/map-supporters-and-detractors/")
    page.emulate_media(media="print")
    for selector in [".masthead nav", ".chapter__steps", ".chapter__toc", ".feedback", ".pager"]:
        expect(page.locator(selector).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
