"""The bodies of pages in tests: as HTML, as words, and as an editor's form cleans them."""

from bs4 import BeautifulSoup


def soup(html) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def body_of(client, page) -> BeautifulSoup:
    """The body of a standard page, without what the page itself puts around it."""
    return soup(client.get(page.url).content).select_one("main .flow")


def words(html) -> str:
    return " ".join(soup(html).get_text(" ").split())


def cleaned(block, value: dict, **changes):
    return block.clean(block.to_python(value | changes))


def faq(question: str) -> dict:
    return {"question": question, "answer": "<p>No.</p>", "evidence": ""}
