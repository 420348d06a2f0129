"""Addresses that are not pages."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import get_template
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.languages import best_language, direction


@require_safe
def choose_language(request):
    """``/`` leads to the home page in the reader's best language among those the hub has."""
    response = HttpResponseRedirect(f"/{best_language(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*/search/",
        "",
        f"Sitemap: {settings.HUB_BASE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")


def not_found(request, exception=None):
    return TemplateResponse(request, "404.html", status=404)


def server_error(request):
    """The 500 page: no database, no cache, no context processors, whatever it is that broke."""
    try:
        stylesheet = static("hub/hub.css")
    except ValueError:  # the list of static files may be what broke
        stylesheet = ""
    language = get_language() or settings.LANGUAGE_CODE
    context = {"stylesheet": stylesheet, "language": language, "direction": direction(language)}
    return HttpResponse(get_template("500.html").render(context), status=500)


def too_many_logins(request, credentials=None, *args, **kwargs):
    return HttpResponse(
        _(
            "Too many failed logins. Wait a quarter of an hour and try again, or ask an administrator."
        ),
        status=429,
        content_type="text/plain; charset=utf-8",
    )
