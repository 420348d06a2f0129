"""The same with a keyboard alone."""

import re

from playwright.sync_api import expect

FOCUS = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    name: element.tagName + " " + (element.innerText || element.name || "").trim().slice(0, 40),
    visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    top: box.top + scrollY,
    body: element === document.body,
  };
}"""


def stops(page, most: int = 120) -> list[dict]:
    """Where Tab leads, until it leaves the page."""
    found = []
    for _press in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["body"]:
            break
        found.append(stop)
    return found


def test_focus_is_seen_at_every_stop_and_leaves_the_page(page):
    page.goto("/en/")
    found = stops(page)
    assert 15 < len(found) < 120
    assert [stop["name"] for stop in found if not stop["visible"]] == []


def test_first_stop_skips_to_the_text(page):
    page.goto("/en/toolkit/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_reading_order_is_the_order_of_the_keyboard(page):
    """Below the header nothing jumps back up by more than one line of links."""
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/en/toolkit/understand-your-context/map-supporters-and-detractors/")
    tops = [stop["top"] for stop in stops(page)]
    jumps = [
        (above, below) for above, below in zip(tops, tops[1:], strict=False) if below < above - 60
    ]
    assert jumps == []


def test_drawer_filter_and_search_by_keyboard(page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/en/toolkit/templates/")
    page.locator("summary", has_text="Filter").focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name=re.compile("^Spreadsheet")).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list-count")).to_contain_text("3 templates")
    page.goto("/en/search/")
    page.locator("input[name=q]").focus()
    page.keyboard.type("coalition")
    page.keyboard.press("Enter")
    expect(page.locator("main mark").first).to_be_visible()


def test_form_by_keyboard(page):
    page.goto("/en/contact/")
    page.get_by_label("The toolkit").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Typed, never clicked.")
    page.locator("form.form input[type=checkbox]").first.focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Send").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Your message has arrived")
