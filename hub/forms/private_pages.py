"""What the pages behind a private link (hub.forms.links) answer to a browser.

The token in the address is the credential: there is no session and no cookie that another site's
form could make use of, so Django's check of where a form comes from has nothing to protect, and
would refuse everybody. Programs that look through mail open links: GET changes nothing.
"""

from dataclasses import dataclass
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, translate_url
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.forms import guard
from hub.forms.builder import HubForm, email_field
from hub.forms.pages import unreadable
from hub.languages import offered_languages

READ = ("GET", "HEAD")
WRITE = (*READ, "POST")


def secret(view):
    """Keeps a page out of caches, search engines and the logs of the sites it links to."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return csrf_exempt(answer)


def behind_link(find, refused, *methods: str):
    """A view of what ``find(token)`` gives; whoever has another link gets ``refused(request)``.

    All links that do not work get the same answer, whatever the reason: ``find`` gives None.
    """

    def decorate(view):
        @secret
        @require_http_methods(methods)
        @wraps(view)
        def answer(request, token, **further):
            found = find(token)
            return refused(request) if found is None else view(request, found, **further)

        return answer

    return decorate


def page(request, template: str, context: dict, status: int = 200):
    """A page that its reader finds again in every language of the hub."""
    here = get_language()
    context |= {
        "same_in_languages": [
            {
                "language": language,
                "address": translate_url(request.path, language.code),
                "current": language.code == here,
            }
            for language in offered_languages()
        ]
    }
    return TemplateResponse(request, template, context, status=status)


def take_form(request, template: str, context: dict, make, take):
    """Shows a form; or takes what was sent with it, and shows it again with what is wrong.

    ``make()`` gives the empty form, ``make(data, files)`` the form with what was sent. ``take(form)``
    keeps the answers of a valid one and gives the address to go on to, or raises a ValidationError.
    """
    if request.method != "POST":
        return page(request, template, context | {"form": make()})
    if problem := unreadable(request):
        context |= {"form": make(), "form_problem": problem.sentence}
        return page(request, template, context, problem.status)
    form, status = make(request.POST, request.FILES), 422
    if guard.too_many(request, form.page):
        form.add_error(None, guard.TOO_MANY)
        status = 429
    elif form.is_valid():
        try:
            return HttpResponseRedirect(take(form))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return page(request, template, context | {"form": form}, status)


def take_step(request, counted_for, ask, take, refuse):
    """Asks whether a step is meant, and takes it when that is answered.

    ``ask()`` gives the page with the question. ``take()`` takes the step and gives the address to go
    on to, or raises a ValidationError with one sentence. ``refuse(sentence, status)`` gives the page
    that says why nothing was done. ``counted_for`` is the page whose forms are counted together.
    """
    if request.method != "POST":
        return ask()
    if guard.too_many(request, counted_for):
        return refuse(guard.TOO_MANY, 429)
    try:
        return HttpResponseRedirect(take())
    except ValidationError as refusal:
        return refuse(refusal.message, 409)


# Having a link sent once more


@dataclass(frozen=True)
class Desk:
    """What a form is signed and counted for, where others have a page. Any name of its own will do."""

    translation_key: str


class LinkForm(HubForm):
    """Asks for the address that links are mailed to. A kind of submission has its own ``desk``."""

    desk: Desk

    email = email_field(label=_("Email"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, page=self.desk, **kwargs)


def ask_for_link(request, template: str, form_class: type[LinkForm], send_all, done: dict):
    """Has the links of an address mailed to it; the answer is the same whether there are any.

    ``template`` extends forms/ask_for_link.html. ``send_all(address)`` sends them. ``done`` holds
    what is said for ``?done=`` of the address; "asked" is where sending leads.
    """

    def take(form):
        send_all(form.cleaned_data["email"])
        return f"{request.path}?done=asked"

    context = {"done": done.get(request.GET.get("done"), "")}
    return take_form(request, template, context, form_class, take)


def link_refused(request, template: str, form_class: type[LinkForm], name: str):
    """The one answer to all links that do not work: the form that asks for a new one.

    ``template`` and ``form_class`` are those of ``ask_for_link``; ``name`` is that of its URL pattern.
    """
    context = {"is_refused": True, "form": form_class(), "form_action": reverse(name)}
    return page(request, template, context, 404)
