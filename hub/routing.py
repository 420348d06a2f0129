"""From an address to its page, in two queries however deep the page lies.

Stock Wagtail takes two queries a level, and four before it starts; it also serves the source
language under the address of a language that has no home page. Both are answered by filling in
what Wagtail remembers of a request before its own view asks for it; tests/test_routing.py would
tell if an upgrade stopped looking there.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.views.decorators.csrf import csrf_exempt
from wagtail import views as wagtail_views
from wagtail.models import Page, Site

from hub.caching import remember
from hub.translation import demand


@dataclass(frozen=True)
class Root:
    """The home page of a language: where its tree starts."""

    url_path: str
    depth: int
    live: bool


# Public forms carry their own signed token (hub.forms.tokens), so that no public page needs a
# cookie; Django's cookie-bound check would refuse them all.
@csrf_exempt
def serve(request, path):
    """Wagtail's view for every page, with the page already found."""
    request._wagtail_site = remember("site", default_site)
    route = request._wagtail_route_for_request = find_route(request, path)
    response = wagtail_views.serve(request, path)
    if route and is_fallback(route.page, request.LANGUAGE_CODE):
        demand.count(request, response, route.page)
    return response


def default_site() -> Site | None:
    return Site.objects.filter(is_default_site=True).select_related("root_page").first()


def home_pages() -> dict[str, Root]:
    """The home page of each language, by language code."""
    site = default_site()
    if site is None:
        return {}
    homes = Page.objects.filter(translation_key=site.root_page.translation_key)
    return {
        home.locale.language_code: Root(home.url_path, home.depth, home.live)
        for home in homes.select_related("locale")
    }


def is_fallback(page: Page, language: str) -> bool:
    """Whether ``page`` is shown to readers of ``language`` for want of a translation."""
    return page.locale.language_code != language


def find_route(request, path: str):
    """The page of ``path`` below the home page of the request's language, as Wagtail's RouteResult.

    Where that language has no live page, the one of the source language at the same path, which
    then says what language it is in: slugs are the same in all languages. None if there is no such
    page: Wagtail's view answers that with 404. A language whose home page is not live has no pages.
    """
    roots = remember("home_pages", home_pages)
    own, source = roots.get(request.LANGUAGE_CODE), roots.get(settings.LANGUAGE_CODE)
    if own is None:
        return None
    trees = [own, source] if source and source != own and own.live else [own]
    components = [component for component in path.split("/") if component]
    candidates = list(
        Page.objects.filter(
            url_path__in=[address for tree in trees for address in _addresses(tree, components)]
        )
        .select_related("locale")
        .only("url_path", "depth", "path", "content_type", "locale")
        .order_by("-depth")
    )
    for tree in trees:
        found = next((page for page in candidates if page.url_path.startswith(tree.url_path)), None)
        if found is None:
            continue
        page = found.specific
        page.locale = found.locale
        try:
            return page.route(request, components[found.depth - tree.depth :])
        except Http404:
            continue
    return None


def _addresses(tree: Root, components: list[str]) -> list[str]:
    return [tree.url_path] + [
        f"{tree.url_path}{'/'.join(components[:length])}/"
        for length in range(1, len(components) + 1)
    ]
