"""From an address to its page, in two queries however deep the page lies.

Stock Wagtail takes two queries a level, and four before it starts; it also serves the source
language under the address of a language that has no home page. Both are answered by filling in
what Wagtail remembers of a request before its own view asks for it; tests/test_routing.py would
tell if an upgrade stopped looking there.
"""

from dataclasses import dataclass

from django.http import Http404
from django.views.decorators.csrf import csrf_exempt
from wagtail import views as wagtail_views
from wagtail.models import Page, Site

from hub.caching import remember


@dataclass(frozen=True)
class Root:
    """The home page of a language: where its tree starts."""

    url_path: str
    depth: int


# Public forms carry their own signed token (hub.forms.tokens), so that no public page needs a
# cookie; Django's cookie-bound check would refuse them all.
@csrf_exempt
def serve(request, path):
    """Wagtail's view for every page, with the page already found."""
    request._wagtail_site = remember("site", default_site)
    request._wagtail_route_for_request = find_route(request, path)
    return wagtail_views.serve(request, path)


def default_site() -> Site | None:
    return Site.objects.filter(is_default_site=True).select_related("root_page").first()


def home_pages() -> dict[str, Root]:
    """The home page of each language, by language code."""
    site = default_site()
    if site is None:
        return {}
    homes = Page.objects.filter(translation_key=site.root_page.translation_key)
    return {
        home.locale.language_code: Root(home.url_path, home.depth)
        for home in homes.select_related("locale")
    }


def find_route(request, path: str):
    """The page of ``path`` below the home page of the request's language, as Wagtail's RouteResult.

    None if there is no such page: Wagtail's view answers that with 404.
    """
    root = remember("home_pages", home_pages).get(request.LANGUAGE_CODE)
    if root is None:
        return None
    components = [component for component in path.split("/") if component]
    paths = [root.url_path] + [
        f"{root.url_path}{'/'.join(components[:length])}/"
        for length in range(1, len(components) + 1)
    ]
    found = (
        Page.objects.filter(url_path__in=paths).select_related("locale").order_by("-depth").first()
    )
    if found is None:
        return None
    page = found.specific
    page.locale = found.locale
    try:
        return page.route(request, components[found.depth - root.depth :])
    except Http404:
        return None
