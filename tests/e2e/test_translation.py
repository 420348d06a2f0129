"""From a change in the source to readers of another language, as each person meets it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.test_accessibility import OPTIONS
from tests.e2e.test_editor import open_listed, sign_in

CHAPTER = "toolkit/act-and-adapt/hold-the-gain/"
TITLE = "Hold the gain for good"


@pytest.fixture
def person(browser, hub):
    """Opens a window in which somebody is signed in; "" for a reader."""
    contexts = []

    def open_window(name: str = "", width: int = 1280):
        context = browser.new_context(base_url=hub, viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        if name:
            sign_in(page, name)
        return page

    yield open_window
    for context in contexts:
        context.close()


def publish(page, button: str):
    page.wait_for_timeout(1000)
    page.wait_for_load_state("networkidle")
    actions = page.get_by_role("navigation", name="Actions (footer)")
    actions.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def change_title(page, title: str, button: str):
    open_listed(page, "chapters", "Hold the gain")
    page.locator("#id_title").fill(title)
    publish(page, button)
    expect(page.locator(".messages")).to_contain_text("published")


def open_from_queue(page, title: str):
    page.goto("/admin/translation/")
    page.get_by_role("link", name=title).first.click()
    expect(
        page.get_by_role("heading", name=title, level=2)
        .or_(page.locator("h1, h2").filter(has_text=title))
        .first
    ).to_be_visible()


def test_change_travels_from_editor_to_reader(person):
    editor = person("editor")
    change_title(editor, TITLE, "Publish")

    reader = person()
    reader.goto(f"/es/{CHAPTER}")
    assert "El original cambió en" in reader.locator(".notice--outdated").inner_text()
    former = reader.locator("h1").inner_text()
    note = reader.locator(".notice--outdated details")
    note.locator("summary").click()
    expect(note.locator("[lang=en]")).to_have_text(TITLE)

    translator = person("translator-es")
    open_from_queue(translator, TITLE)
    row = translator.locator(".hub-passage")
    expect(row).to_have_count(1)
    expect(row.locator("ins")).to_have_text("for good")
    text = row.locator("textarea").first
    expect(text).to_have_value(former)
    assert (text.get_attribute("lang"), text.get_attribute("dir")) == ("es", "ltr")
    text.fill("Conservar lo logrado para siempre")
    text.blur()
    expect(translator.locator("[data-status]")).to_have_text("Kept")
    expect(translator.locator("[data-percent]")).to_have_text("100")
    expect(translator.get_by_role("button", name="Publish")).to_have_count(0)
    translator.get_by_role("button", name="Send for review").click()
    expect(translator.locator(".messages")).to_contain_text("Sent for review")

    reviewer = person("reviewer-es")
    reviewer.goto("/admin/translation/")
    reviewer.get_by_role("link", name=TITLE).click()
    reviewer.get_by_role("button", name="Publish").click()
    expect(reviewer.locator(".messages")).to_contain_text("Published")

    reader.goto(f"/es/{CHAPTER}")
    expect(reader.locator("h1")).to_contain_text("Conservar lo logrado para siempre")
    expect(reader.locator(".notice--outdated")).to_have_count(0)
    reader.goto(f"/fr/{CHAPTER}")
    expect(reader.locator(".notice--outdated")).to_have_count(1)


def test_change_that_needs_no_translation_marks_nothing(person):
    editor = person("editor")
    open_listed(editor, "stories", "The hospital price list")
    editor.locator("#id_title").fill("The hospital price list.")
    publish(editor, "Publish: nothing to translate")
    reader = person()
    reader.goto("/es/stories/the-hospital-price-list/")
    expect(reader.locator(".notice--outdated")).to_have_count(0)
    translator = person("translator-es")
    translator.goto("/admin/translation/")
    expect(translator.get_by_role("link", name="The hospital price list")).to_have_count(0)


def test_reader_of_arabic_is_told_what_is_not_in_arabic(person):
    reader = person(width=320)
    reader.goto("/ar/stories/the-clerk-who-wanted-it-open/")
    html = reader.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("ar", "rtl")
    main = reader.locator("main")
    assert (main.get_attribute("lang"), main.get_attribute("dir")) == ("en", "ltr")
    notice = reader.locator(".notice--fallback")
    assert (notice.get_attribute("lang"), notice.get_attribute("dir")) == ("ar", "rtl")
    canonical = reader.locator("link[rel=canonical]").get_attribute("href")
    assert canonical.endswith("/en/stories/the-clerk-who-wanted-it-open/")
    reader.locator(".masthead nav a").first.click()
    expect(reader).to_have_url(re.compile(r"/ar/toolkit/$"))
    expect(reader.locator(".notice--fallback")).to_have_count(0)


def test_words_typed_without_a_connection_are_not_lost(person):
    translator = person("translator-fr")
    translator.goto("/admin/translation/pages/")
    translator.locator(".hub-matrix a").nth(3).click()
    text = translator.locator(".hub-passage textarea").first
    kept = text.input_value()
    translator.context.set_offline(True)
    text.fill(f"{kept} encore")
    text.blur()
    expect(translator.locator("[data-status]")).to_contain_text("No connection")
    expect(text).to_have_value(f"{kept} encore")
    translator.context.set_offline(False)
    translator.get_by_role("button", name="Keep what I wrote").click()
    expect(translator.locator(".messages")).to_contain_text("1 texts kept")
    expect(translator.locator(".hub-passage textarea").first).to_have_value(f"{kept} encore")


@pytest.mark.parametrize("width", [400, 1280])
def test_desk_and_editor_have_no_barrier(person, width):
    translator = person("translator-ar", width=width)
    for address in ("/admin/translation/", "/admin/translation/pages/"):
        translator.goto(address)
        assert Axe().run(translator, context="#main", options=OPTIONS).response["violations"] == []
    translator.locator(".hub-matrix a").first.click()
    assert translator.locator(".hub-passage textarea").first.get_attribute("dir") == "rtl"
    assert Axe().run(translator, context="#main", options=OPTIONS).response["violations"] == []


LANGUAGES = [("ar", 320, "light"), ("ar", 1280, "dark"), ("es", 320, "dark"), ("fr", 1280, "light")]
FALLBACKS = [
    "/ar/stories/",
    "/ar/stories/the-clerk-who-wanted-it-open/",
    "/ar/toolkit/templates/campaign-plan/",
    "/ar/nothing/",
    "/ar/search/?q=%D8%B9%D9%82%D8%AF",
]


@pytest.mark.parametrize(("language", "width", "scheme"), LANGUAGES)
def test_no_translated_page_has_a_barrier(browser, hub, language, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, axe, found = context.new_page(), Axe(), {}
    page.goto(f"{hub}/sitemap-{language}.xml")
    addresses = re.findall(r"<loc>([^<]+)</loc>", page.content())
    assert len(addresses) >= 10
    more = [hub + address for address in FALLBACKS] if language == "ar" else []
    for address in [*addresses, *more]:
        page.goto(address)
        problems = [
            f"{violation['id']}: {node['html'][:150]}"
            for violation in axe.run(page, options=OPTIONS).response["violations"]
            for node in violation["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            problems.append("wider than the window")
        if problems:
            found[address.removeprefix(hub)] = problems
    context.close()
    assert found == {}
