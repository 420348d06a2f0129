"""axe finds nothing, and nothing is cut off, on any page, narrow or wide, light or dark."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import CLOSES

MORE = [
    "/en/search/",
    "/en/search/?q=supplier",
    "/en/search/?q=supplier&kind=nonsense",
    "/en/search/?q=zzxxyyqq",
    "/en/nothing/here/",
    "/en/toolkit/templates/?type=text",
    "/en/toolkit/templates/?type=pdf&step=4",
    "/en/funding/?check=on",
    "/dev/mail/",
]
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Links in running text are exempt (WCAG 2.5.8), and what nobody sees; everything that stands alone is not.
SMALL_TARGETS = """() => [...document.querySelectorAll("button, .button, .onward, summary, nav a, input")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.type !== "hidden")
  .filter((element) => !element.closest("[aria-hidden=true]"))
  .map((element) => [element.outerHTML.slice(0, 90), element.closest("label") ?? element])
  .map(([html, element]) => [html, element.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
  .map(([html]) => html)"""


def barriers(page, width: int) -> list[str]:
    """What is wrong with the page that is open, in a window of so many pixels."""
    violations = Axe().run(page, options=OPTIONS).response["violations"]
    problems = [
        f"{violation['id']}: {node['html'][:150]}"
        for violation in violations
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        problems.append("wider than the window")
    return problems + [f"small target: {html}" for html in page.evaluate(SMALL_TARGETS)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_has_a_barrier(browser, hub, addresses, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, found = context.new_page(), {}
    for address in [*addresses, *MORE]:
        page.goto(hub + address)
        if problems := barriers(page, width):
            found[address] = problems
    context.close()
    assert found == {}


@pytest.fixture(scope="session")
def private(browser, hub) -> dict[str, str]:
    """The paths of what is behind the links of a draft and of a request, by their names."""
    context = browser.new_context()
    page = context.new_page()

    def press(do: str, done: str):
        page.wait_for_timeout(2500)
        page.locator(f".actions [value={do}]").click()
        page.wait_for_url(f"**/request/*~*/?done={done}**")
        return re.search(r"/request/[^/]+/", page.url)[0]

    page.goto(f"{hub}/en/funding/request/")
    plan = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"A plan."}
    page.locator("[name=hub-files]").set_input_files(plan)
    found = {"draft": press("save", "saved")}
    page.goto(f"{hub}/en/funding/request/")
    press("save", "saved")
    for field in page.locator("textarea").all():
        field.fill("Two briefings and a hearing.")
    page.locator("[name=hub-closes]").fill(CLOSES)
    page.locator("[name=hub-amount]").fill("3,800")
    page.locator("[name=hub-country]").select_option("KE")
    page.locator("[name=hub-email]").fill("private@example.org")
    page.locator("[name=hub-files]").set_input_files(plan)
    page.locator("[name=hub-consent]").check()
    sent = press("send", "sent")
    context.close()
    return found | {
        "preview": f"{found['draft']}preview/",
        "discard": f"{found['draft']}discard/",
        "sent": sent,
        "withdraw": f"{sent}withdraw/",
        "refused": "/request/nonsense/",
        "form": "/funding/request/",
        "past grants": "/funding/past-grants/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("ar", 320), ("en", 1280)])
def test_pages_of_a_request_have_no_barrier(browser, hub, private, language, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, found = context.new_page(), {}
    for name, path in private.items():
        page.goto(f"{hub}/{language}{path}")
        if problems := barriers(page, width):
            found[name] = problems
    context.close()
    assert found == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_form_with_errors_and_thanks_have_no_barrier(page, hub, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{hub}/en/contact/")
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert Axe().run(page, options=OPTIONS).response["violations"] == []
