"""The pages behind the link to a registration.

The token in the address is the credential: there is no session and no cookie that another site's
form could make use of, so Django's check of where a form comes from has nothing to protect, and
would refuse everybody. Programs that look through mail open links: GET changes nothing.
"""

from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, translate_url
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.forms import answers, guard
from hub.forms.pages import TOO_LARGE
from hub.languages import offered_languages
from training import evaluation, links, seats, self_service
from training.calendar import calendar_file
from training.seats import CANCELLED, CONFIRMED, DECLINED, Refused
from training.self_service import Standing

# What ``?done=`` of an address stands for.
DONE = {
    "changed": _("Your changes are kept."),
    "evaluated": _("Thank you. What you said is kept without your name."),
    "asked": _(
        "If this address is registered for a session, a mail with the link is on its way. "
        "Nothing within an hour? Look among unwanted mail."
    ),
    "moved": _(
        "Your changes are kept. A mail with a new link is on its way to your new address; the link "
        "of before does not work any more."
    ),
}


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


def behind_link(*methods: str):
    """A view of the Standing of whoever has the link; every other link gets the same answer."""

    def decorate(view):
        @secret
        @require_http_methods(methods)
        @wraps(view)
        def answer(request, token):
            found = links.registration_for(token)
            if found is None:
                return _link_refused(request)
            return view(request, Standing(found, get_language()))

        return answer

    return decorate


READ = ("GET", "HEAD")
WRITE = (*READ, "POST")


@behind_link(*READ)
def registration(request, standing):
    return _stand(request, standing)


@behind_link(*WRITE)
def accept(request, standing):
    return _step(request, standing, "accept", self_service.accept, {CONFIRMED})


@behind_link(*WRITE)
def withdraw(request, standing):
    return _step(request, standing, "withdraw", seats.withdraw, {CANCELLED, DECLINED})


@behind_link(*WRITE)
def edit(request, standing):
    if request.method != "POST" and standing.refusal:
        return _stand(request, standing, standing.refusal, 409)
    former = standing.registration.form_data

    def make(data):
        return standing.form_class(data, initial=former, page=standing.session)

    def take(form):
        given = answers.stored(form)
        labels = self_service.changed_labels(form, former, given)
        if self_service.change_details(standing.registration, given, labels):
            return f"{reverse('registration_link')}?done=moved"
        return _address(standing, done="changed")

    return _form(request, "training/registration_edit.html", _about(standing), make, take)


@behind_link(*READ)
def calendar(request, standing):
    if not standing.may_join:
        return _stand(request, standing, self_service.NO_CALENDAR, 403)
    response = HttpResponse(
        calendar_file(standing.registration), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = (
        f'attachment; filename="{standing.registration.reference}.ics"'
    )
    return response


@behind_link(*READ)
def certificate(request, standing):
    if not standing.has_certificate:
        return _stand(request, standing, self_service.NOT_ATTENDED, 403)
    hours, minutes = divmod(standing.session.minutes, 60)
    context = _about(standing) | {"hours": hours, "minutes": minutes}
    return _page(request, "training/registration_certificate.html", context)


@behind_link(*WRITE)
def evaluate(request, standing):
    if standing.registration.evaluated_at:  # a double click, or the link of the mail once more
        return HttpResponseRedirect(_address(standing, done="evaluated"))
    if refusal := evaluation.refusal(standing.registration):
        return _stand(request, standing, refusal, 403)

    def make(data):
        return evaluation.EvaluationForm(data, page=standing.session)

    def take(form):
        evaluation.give(standing.registration, answers.stored(form))
        return _address(standing, done="evaluated")

    return _form(request, "training/registration_evaluation.html", _about(standing), make, take)


@secret
@require_http_methods(WRITE)
def ask_for_link(request):
    """Mails the links of an address to it; the answer is the same whether there are any."""

    def take(form):
        links.send_all(form.cleaned_data["email"])
        return f"{request.path}?done=asked"

    context = {"done": DONE.get(request.GET.get("done"), "")}
    return _form(request, "training/registration_link.html", context, self_service.LinkForm, take)


def _link_refused(request):
    """The one answer to a link that is forged, altered, renewed, or whose registration is gone."""
    context = {
        "is_refused": True,
        "form": self_service.LinkForm(),
        "form_action": reverse("registration_link"),
    }
    return _page(request, "training/registration_link.html", context, 404)


def _step(request, standing, name, verb, reached):
    """Asks whether a step is meant, and takes it when that is answered.

    A second click finds the step taken, and is shown so; what became impossible meanwhile is
    answered with a sentence above how things stand now.
    """
    if standing.registration.status in reached:
        return HttpResponseRedirect(_address(standing))
    if standing.refusal:
        return _stand(request, standing, standing.refusal, 409)
    if request.method != "POST":
        context = _about(standing) | {"step": name}
        return _page(request, "training/registration_confirm.html", context)
    if guard.too_many(request, standing.session):
        return _stand(request, standing, guard.TOO_MANY, 429)
    try:
        verb(standing.registration)
    except Refused as refusal:
        now = links.registration_for(links.token_for(standing.registration))
        if now is None:
            return _link_refused(request)
        return _stand(request, Standing(now, standing.language), refusal.message, 409)
    return HttpResponseRedirect(_address(standing))


def _form(request, template, context, make, take):
    """Shows a form; or takes what was sent with it, and shows it again with what is wrong.

    ``make(data)`` gives the form. ``take(form)`` keeps the answers of a valid one and gives the
    address to go on to, or raises Refused.
    """
    if request.method != "POST":
        return _page(request, template, context | {"form": make(None)})
    try:
        form = make(request.POST)
    except RequestDataTooBig:
        context |= {"form": make(None), "form_problem": TOO_LARGE}
        return _page(request, template, context, 413)
    status = 422
    if guard.too_many(request, form.page):
        form.add_error(None, guard.TOO_MANY)
        status = 429
    elif form.is_valid():
        try:
            return HttpResponseRedirect(take(form))
        except Refused as refusal:
            form.add_error(None, refusal)
    return _page(request, template, context | {"form": form}, status)


def _stand(request, standing, problem="", status=200):
    """How things stand, with the reason above why something was not done."""
    done = DONE.get(request.GET.get("done"), "")
    context = _about(standing) | {"problem": problem, "done": done}
    return _page(request, "training/registration.html", context, status)


def _about(standing) -> dict:
    return {
        "standing": standing,
        "registration": standing.registration,
        "roster": standing.roster,
        "session": standing.session,
        "token": links.token_for(standing.registration),
    }


def _page(request, template, context, status=200):
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


def _address(standing, done: str = "") -> str:
    address = reverse("registration", args=[links.token_for(standing.registration)])
    return f"{address}?done={done}" if done else address
