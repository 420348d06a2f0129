"""A communications editor who has never seen code, in the real admin."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import docx_bytes


def sign_in(page, name: str):
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name=re.compile("Sign in")).click()
    page.wait_for_url("**/admin/")


@pytest.fixture
def editor(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, "editor")
    return page


def publish(page):
    # Wagtail saves a draft by itself half a second after the last key; a person is never faster.
    page.wait_for_timeout(1000)
    page.wait_for_load_state("networkidle")
    actions = page.get_by_role("navigation", name="Actions (footer)")
    actions.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_load_state()


def type_title(page, title: str):
    """Types as a person does: the address follows the title key by key."""
    field = page.locator("#id_title")
    field.fill("")
    field.press_sequentially(title)
    field.press("Tab")


def open_listed(page, listing: str, title: str) -> str:
    """Opens a page's form from one of the lists on the left; gives the page's number."""
    page.goto(f"/admin/{listing}/")
    page.locator("#listing-results").get_by_role("link", name=re.compile(title)).first.click()
    page.wait_for_url("**/edit/")
    page.wait_for_load_state()
    return re.search(r"/pages/(\d+)/", page.url)[1]


def add_below(page, parent: str, kind: str):
    """Opens the form for a new page of a kind below the page with number ``parent``."""
    page.goto(f"/admin/pages/{parent}/add_subpage/")
    if "add_subpage" in page.url:
        page.locator("main").get_by_role("link", name=re.compile(f"^{kind}")).first.click()
    page.wait_for_url("**/pages/add/**")
    page.wait_for_load_state()


def number_of_new(page, title: str) -> str:
    """The number of the page that was just published, from the message that says so."""
    message = page.locator(".messages")
    expect(message).to_contain_text(title)
    link = message.get_by_role("link", name="Edit").first.get_attribute("href")
    return re.search(r"/pages/(\d+)/", link)[1]


def write_body(page, words: str):
    """Adds a text block to the page's body and types into it."""
    body = page.locator("#panel-child-content-body-section")
    body.get_by_role("button", name="Insert a block").first.click()
    page.locator(".w-combobox [role=option]", has_text=re.compile("^Text$")).click()
    body.get_by_role("textbox").first.click()
    page.keyboard.type(words)


def test_editor_builds_a_toolkit_with_a_chapter_and_a_template_from_nothing(editor, tmp_path):
    page = editor
    # The bar that staff see on a page leads to its form: here, to the English home page.
    home_number = re.search(r"/admin/pages/(\d+)/edit/", page.request.get("/en/").text())[1]

    add_below(page, home_number, "Toolkit")
    type_title(page, "A second toolkit")
    publish(page)
    toolkit = number_of_new(page, "A second toolkit")

    add_below(page, toolkit, "Chapter")
    type_title(page, "A first step")
    page.locator("#id_summary").fill("To begin somewhere.")
    write_body(page, "Write the change in one sentence.")
    publish(page)
    step = number_of_new(page, "A first step")

    add_below(page, step, "Chapter")
    type_title(page, "A chapter of it")
    write_body(page, "With a date.")
    publish(page)
    number_of_new(page, "A chapter of it")

    add_below(page, toolkit, "Template list")
    type_title(page, "Files to edit")
    publish(page)
    shelf = number_of_new(page, "Files to edit")

    path = tmp_path / "checklist.docx"
    path.write_bytes(docx_bytes("A checklist"))
    add_below(page, shelf, "Template")
    type_title(page, "Checklist")
    page.get_by_role("button", name="Choose a document").first.click()
    modal = page.locator(".modal")
    modal.get_by_role("tab", name="Upload").click()
    modal.locator("input[type=file]").set_input_files(path)
    modal.locator("input[name$=title]").fill("Checklist")
    modal.get_by_role("button", name="Upload").click()
    expect(modal).to_be_hidden(timeout=15_000)
    publish(page)
    number_of_new(page, "Checklist")

    page.goto("/en/a-second-toolkit/")
    expect(page.locator(".staircase")).to_contain_text("A first step")
    expect(page.locator("#step-1")).to_contain_text("1.1")
    expect(page.locator("#step-1")).to_contain_text("A chapter of it")
    page.goto("/en/a-second-toolkit/files-to-edit/")
    expect(page.locator("main")).to_contain_text("1 template")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download")).click()
    assert download.value.suggested_filename == "checklist.docx"


def test_editor_is_told_at_the_field_what_is_missing_and_loses_nothing(editor):
    page = editor
    page.goto("/admin/stories/")
    page.get_by_role("link", name="Add story").first.click()
    page.wait_for_url("**/pages/add/**")
    type_title(page, "Half a story")
    page.locator("#id_summary").fill("Only the beginning is written.")
    publish(page)
    expect(page.locator(".messages")).to_contain_text("could not be created")
    expect(page.locator("#id_summary")).to_have_value("Only the beginning is written.")
    body = page.locator("#panel-child-content-body-section")
    expect(body).to_contain_text("This field is required")


def test_editor_cannot_let_a_session_end_before_it_starts(editor):
    page = editor
    open_listed(page, "sessions", "Building power")
    page.locator("#id_starts_at").fill("2030-05-02 15:00")
    page.locator("#id_ends_at").fill("2030-05-02 14:00")
    page.keyboard.press("Escape")
    publish(page)
    expect(page.get_by_text("The session ends before it starts.").first).to_be_visible()
    expect(page.locator("#id_starts_at")).to_have_value("2030-05-02 15:00")


def test_editor_can_tell_folded_criteria_and_questions_apart(editor):
    page = editor
    for words, row, field in [
        ("A small grant while", "criteria-0", "statement"),
        ("Ask for a mini grant", "form_fields-0", "label"),
    ]:
        page.goto(f"/admin/pages/search/?q={words}")
        page.locator("#listing-results").get_by_role("link", name=re.compile(words)).first.click()
        page.wait_for_url("**/edit/")
        written = page.locator(f"#id_{row}-{field}")
        heading = page.locator(f"#inline_child_{row} [data-panel-heading-text]").first
        expect(heading).to_contain_text(f"1 – {written.input_value()}")
        written.fill("Another name")
        expect(heading).to_contain_text("1 – Another name")


def test_editor_sees_the_draft_in_the_preview(editor):
    page = editor
    open_listed(page, "chapters", "Hold the gain")
    type_title(page, "Hold the gain, rewritten")
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator(".w-preview__iframe").last
    expect(preview.locator("h1")).to_have_text("Hold the gain, rewritten", timeout=15_000)


def test_editor_is_offered_every_block_by_name(editor):
    page = editor
    open_listed(page, "chapters", "Hold the gain")
    body = page.locator("#panel-child-content-body-section")
    body.get_by_role("button", name="Insert a block").first.click()
    options = page.locator(".w-combobox [role=option]")
    expect(options.first).to_be_visible()
    assert [name.strip() for name in options.all_inner_texts()] == [
        "Heading",
        "Text",
        "Steps",
        "Callout",
        "Quote",
        "Picture",
        "File",
        "Video or recording elsewhere",
        "Evidence",
        "Discussion guide",
        "Question and answer",
        "Page cards",
    ]


def test_editor_takes_a_story_down_and_publishes_it_again(editor, hub):
    page = editor
    number = open_listed(page, "stories", "The hospital price list")
    page.goto(f"/admin/pages/{number}/unpublish/")
    page.get_by_role("button", name=re.compile("unpublish", re.IGNORECASE)).click()
    expect(page.locator(".messages")).to_contain_text("unpublished")
    assert page.request.get(f"{hub}/en/stories/the-hospital-price-list/").status == 404
    page.goto(f"/admin/pages/{number}/edit/")
    publish(page)
    expect(page.locator(".messages")).to_contain_text("published")
    assert page.request.get(f"{hub}/en/stories/the-hospital-price-list/").status == 200


def test_editor_is_told_what_is_accepted_when_an_upload_is_refused(editor, tmp_path):
    page = editor
    path = tmp_path / "invoice.docx"
    path.write_bytes(b"MZ\x90\x00 this is a program")
    page.goto("/admin/documents/multiple/add/")
    page.locator("input[type=file]").first.set_input_files(path)
    expect(page.get_by_text("Accepted are").last).to_be_visible()
    expect(page.locator("#upload-list")).to_contain_text("not accepted")


def test_training_officer_sees_only_her_section(page):
    sign_in(page, "training")
    page.goto("/admin/sessions/")
    expect(page.locator("#listing-results")).to_contain_text("Building power")
    page.goto("/admin/stories/")
    expect(page.locator("main")).not_to_contain_text("The hospital price list")
    page.goto("/admin/settings/hub/sitesettings/")
    assert page.url.endswith("/admin/")
