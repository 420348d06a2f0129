"""The hub's middleware: which encoding, which language, and which content security policy."""

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation

from hub.languages import best_language, set_reader_language

# Asked by monitoring, which must get its answer when the database cannot say which languages there are.
MONITORED = {"/healthz", "/readyz"}

# Wagtail's admin sets styles from script, embeds previews of public pages and shows pictures it
# has just been given as blob: addresses. Scripts, all the same, only come from the hub.
ADMIN_POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],
}


class EncodingMiddleware:
    """Reads whatever comes as UTF-8, as which every form is sent.

    Django believes the sender, whose encoding may know halves of characters, which no database keeps
    and no answer can hold, or be of no use for text at all.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.encoding:
            request.encoding = "utf-8"
        return self.get_response(request)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy of the settings everywhere but in the admin, which gets its own."""

    def process_response(self, request, response):
        if request.path.startswith(reverse("wagtailadmin_home")):
            policy = {name: list(sources) for name, sources in ADMIN_POLICY.items()}
            policy["img-src"] += [
                source
                for source in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"]
                if source not in policy["img-src"]
            ]
            response._csp_replace = policy
        return super().process_response(request, response)


class LanguageMiddleware(LocaleMiddleware):
    """The language of the address; without one, the reader's best among those the hub has.

    Differs from Django's in two ways: it only ever offers a language that has a home page
    (``LANGUAGES`` holds every language Django knows), and it never redirects an unknown address
    to the same unknown address under a language prefix.
    """

    def process_request(self, request):
        set_reader_language("")
        if request.path_info in MONITORED:
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
            return
        in_address = translation.get_language_from_path(request.path_info)
        set_reader_language(in_address or "")
        translation.activate(in_address or best_language(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request, response):
        set_reader_language("")
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
