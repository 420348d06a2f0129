"""A hub to search in tests, and what people may type."""

from wagtail.models import Locale, Page, Site

from home.models import HomePage, StandardPage

HOSTILE = [
    "-",
    '"',
    '""',
    '"unclosed phrase',
    "*",
    "contract*",
    "NEAR(contract, 2)",
    "contract NEAR slow",
    "-contract",
    "title:contract",
    "{title}: contract",
    "^contract",
    "AND",
    "OR NOT",
    "(((((",
    "contract \x00 slow",
    "\x00",
    "a\\'; DROP TABLE wagtailcore_page; --",
    "%s %d %(x)s %",
    "…!?.,;:",
    "🙂 🏳️‍🌈",
    "\u200f\u202eالعقود\u202c",
    "\ufffd\ufeff",
    "ﷺ",
    "\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "contract " * 5000,
    "x" * 100_000,
    " ".join(f"word{number}" for number in range(3000)),
]


def make_home(language: str) -> HomePage:
    locale, _created = Locale.objects.get_or_create(language_code=language)
    page = HomePage(title="Plain Tender", slug=language, statement="Make the case.", locale=locale)
    source = HomePage.objects.first()
    if source:
        page.translation_key = source.translation_key
    Page.get_first_root_node().add_child(instance=page)
    if not source:
        Site.objects.update_or_create(
            is_default_site=True, defaults={"root_page": page, "hostname": "testserver"}
        )
    return page


def add(parent, title: str, summary: str = "", page_type=StandardPage, **fields):
    """A live page; its slug is its place, so that no title clashes with another."""
    parent.refresh_from_db()
    page = page_type(
        title=title, slug=f"p{parent.numchild}", summary=summary, locale=parent.locale, **fields
    )
    return parent.add_child(instance=page)


def text(*paragraphs: str) -> list:
    return [("rich_text", f"<p>{paragraph}</p>") for paragraph in paragraphs]
