"""The pages behind the link to a registration (see hub.forms.private_pages)."""

from functools import partial

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from hub.forms import answers, private_pages
from hub.forms.links import token_for
from hub.forms.private_pages import READ, WRITE, page, secret, take_form, take_step
from training import evaluation, links, seats, self_service
from training.calendar import calendar_file
from training.seats import CANCELLED, CONFIRMED, DECLINED
from training.self_service import LinkForm, Standing

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
LINK_PAGE = "training/registration_link.html"


def _standing(token: str) -> Standing | None:
    found = links.find(token)
    return found and Standing(found, get_language())


def _link_refused(request):
    return private_pages.link_refused(request, LINK_PAGE, LinkForm, "registration_link")


behind_link = partial(private_pages.behind_link, _standing, _link_refused)


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

    def make(*sent):
        return standing.form_class(*sent, initial=former, page=standing.session)

    def take(form):
        given = answers.stored(form)
        labels = self_service.changed_labels(form, former, given)
        if self_service.change_details(standing.registration, given, labels):
            return f"{reverse('registration_link')}?done=moved"
        return _address(standing, done="changed")

    return take_form(request, "training/registration_edit.html", _about(standing), make, take)


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
    return page(request, "training/registration_certificate.html", context)


@behind_link(*WRITE)
def evaluate(request, standing):
    if standing.registration.evaluated_at:  # a double click, or the link of the mail once more
        return HttpResponseRedirect(_address(standing, done="evaluated"))
    if refusal := evaluation.refusal(standing.registration):
        return _stand(request, standing, refusal, 403)

    def make(*sent):
        return evaluation.EvaluationForm(*sent, page=standing.session)

    def take(form):
        evaluation.give(standing.registration, answers.stored(form))
        return _address(standing, done="evaluated")

    return take_form(request, "training/registration_evaluation.html", _about(standing), make, take)


@secret
@require_http_methods(WRITE)
def ask_for_link(request):
    return private_pages.ask_for_link(request, LINK_PAGE, LinkForm, links.send_all, DONE)


def _step(request, standing, name, verb, reached):
    """Takes a step. A second click finds it taken, and is shown so.

    What became impossible meanwhile is answered with a sentence above how things stand now.
    """
    if standing.registration.status in reached:
        return HttpResponseRedirect(_address(standing))
    if standing.refusal:
        return _stand(request, standing, standing.refusal, 409)

    def ask():
        context = _about(standing) | {"step": name}
        return page(request, "training/registration_confirm.html", context)

    def take():
        verb(standing.registration)
        return _address(standing)

    def refuse(sentence, status):
        now = _standing(token_for(standing.registration))
        return _stand(request, now, sentence, status) if now else _link_refused(request)

    return take_step(request, standing.session, ask, take, refuse)


def _stand(request, standing, problem="", status=200):
    """How things stand, with the reason above why something was not done."""
    done = DONE.get(request.GET.get("done"), "")
    context = _about(standing) | {"problem": problem, "done": done}
    return page(request, "training/registration.html", context, status)


def _about(standing) -> dict:
    return {
        "standing": standing,
        "registration": standing.registration,
        "roster": standing.roster,
        "session": standing.session,
        "token": token_for(standing.registration),
    }


def _address(standing, done: str = "") -> str:
    address = reverse("registration", args=[token_for(standing.registration)])
    return f"{address}?done={done}" if done else address
