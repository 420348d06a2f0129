"""axe finds nothing, and nothing is cut off, on any page, narrow or wide, light or dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

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
# Links in running text are exempt (WCAG 2.5.8); everything that stands alone is not.
SMALL_TARGETS = """() => [...document.querySelectorAll("button, .button, .onward, summary, nav a, input")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.type !== "hidden")
  .map((element) => [element.outerHTML.slice(0, 90), element.closest("label") ?? element])
  .map(([html, element]) => [html, element.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
  .map(([html]) => html)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_has_a_barrier(browser, hub, addresses, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, axe, found = context.new_page(), Axe(), {}
    for address in [*addresses, *MORE]:
        page.goto(hub + address)
        violations = axe.run(page, options=OPTIONS).response["violations"]
        problems = [
            f"{violation['id']}: {node['html'][:150]}"
            for violation in violations
            for node in violation["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            problems.append("wider than the window")
        problems += [f"small target: {html}" for html in page.evaluate(SMALL_TARGETS)]
        if problems:
            found[address] = problems
    context.close()
    assert found == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_form_with_errors_and_thanks_have_no_barrier(page, hub, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{hub}/en/contact/")
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Send").click()
    assert page.locator(".error-summary").is_visible()
    assert Axe().run(page, options=OPTIONS).response["violations"] == []
