"""JSON-LD for search engines, in the vocabulary of schema.org.

A page type that is more than a web page says so in ``structured_data()``, a dict without
``@context``; this module adds what is the same for all. Addresses are always absolute.
"""

from html import unescape

from django.utils.html import strip_tags

from hub.addresses import absolute


def graph(page, breadcrumbs=()) -> dict:
    """The page's own node and its breadcrumb, as one graph. What is None or "" is left out."""
    own, *others = page.structured_data() if hasattr(page, "structured_data") else [{}]
    node = {
        "@type": "WebPage",
        "@id": absolute(page.url),
        "url": absolute(page.url),
        "name": page.title,
        "inLanguage": page.locale.language_code,
        "description": page.summary,
        "dateModified": page.last_published_at and page.last_published_at.isoformat(),
    } | own
    nodes = [{name: value for name, value in node.items() if value not in (None, "")}, *others]
    if breadcrumbs:
        nodes.append(
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": position,
                        "name": step["title"],
                        "item": absolute(step["url"]),
                    }
                    for position, step in enumerate(
                        [*breadcrumbs, {"title": page.title, "url": page.url}], start=1
                    )
                ],
            }
        )
    return {"@context": "https://schema.org", "@graph": nodes}


def faq_page(page, faqs) -> dict:
    """The questions of a page, each with its answer as plain text."""
    return {
        "@type": "FAQPage",
        "@id": absolute(f"{page.url}#faq"),
        "mainEntity": [
            {
                "@type": "Question",
                "name": faq["question"],
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": _plain(faq["answer"].source),
                },
            }
            for faq in faqs
        ],
    }


def _plain(html: str) -> str:
    """The words of rich text: one line, and "&" for "&amp;", because JSON is not HTML."""
    return " ".join(unescape(strip_tags(html.replace("><", "> <"))).split())


def article(page, published) -> dict:
    """What makes a page an article. ``published`` is a date or a datetime."""
    return {
        "@type": "Article",
        "headline": page.title[:110],
        "datePublished": published.isoformat() if published else None,
        "isAccessibleForFree": True,
    }
