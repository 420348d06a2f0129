"""A request that was sent, behind its private link: where it stands, and what the applicant adds."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from funding import decisions, dialogue, drafts, questions, self_service, states
from funding.states import Actor, Refused
from funding.views import drafting
from funding.views.link import about, address, behind_link
from hub import private_files
from hub.forms import answers, guard, private_pages
from hub.forms.pages import unreadable

DONE = {
    "sent": _("Your request is with the team. A mail with the reference is on its way."),
    "answered": _("What you wrote is with the team."),
    "added": _("Your files are with the team."),
    "reported": _("Your report is with the team. Thank you."),
    "named": _("What you said about your name is kept. You can change it here at any time."),
}
TOO_LATE = _(
    "This request was sent from another browser in the meantime. What you wrote here and was not sent "
    "is below: copy it, and write to the team with it."
)


@behind_link(*private_pages.WRITE)
def request(request, standing):
    if standing.request.is_draft:
        return drafting.open_draft(request, standing)
    if request.method == "POST":
        return came_too_late(request, standing)
    return stand(request, standing)


def stand(request, standing, status=200, *, problem="", **forms):
    """How things stand, with the reason above why something was not done, and the form it was in."""
    sent = standing.request
    context = about(standing) | {
        "problem": problem,
        "done": DONE.get(request.GET.get("done"), ""),
        "groups": standing.written(sent.form_data),
        "answer_form": self_service.AnswerForm(sent) if standing.may_write else None,
        "files_form": self_service.FilesForm(sent) if standing.may_add_files else None,
        "naming_form": self_service.NamingForm(sent) if sent.is_granted else None,
        **forms,
    }
    return private_pages.page(request, "funding/request_standing.html", context, status)


def came_too_late(request, standing):
    """A draft's form that arrives when the request was sent.

    The same once more, as by a double click, is nothing to speak of.
    """
    if problem := unreadable(request):
        return stand(request, standing, problem.status, problem=problem.sentence)
    sent = standing.request
    form = standing.bound(request.POST)
    if form.is_valid() and answers.stored(form) == sent.form_data:
        return HttpResponseRedirect(address(standing, done="sent"))
    try:
        given = drafts.typed(standing.form_class, request.POST)
    except ValidationError as refusal:
        return stand(request, standing, 409, problem=refusal.message)
    unsent = {name: value for name, value in given.items() if value != sent.form_data.get(name)}
    return stand(request, standing, 409, problem=TOO_LATE, unsent=standing.written(unsent))


@behind_link(*private_pages.WRITE)
def message(request, standing):
    def take(form):
        dialogue.answer(standing.request, form.cleaned_data["text"], key=form.token_key)

    return _take(request, standing, self_service.AnswerForm, "answer_form", take, "answered")


@behind_link(*private_pages.WRITE)
def files(request, standing):
    def take(form):
        if not standing.request.is_undecided:
            raise Refused(self_service.NO_FILES_NOW)
        problems = private_files.keep_all(standing.request, form.cleaned_data[questions.FILES])
        standing.forget_files()
        if problems:
            raise Refused({questions.FILES: problems})

    return _take(request, standing, self_service.FilesForm, "files_form", take, "added")


@behind_link(*private_pages.WRITE)
def name(request, standing):
    def take(form):
        self_service.name_in_public(standing.request, form)

    return _take(request, standing, self_service.NamingForm, "naming_form", take, "named")


def _take(request, standing, form_class, form_name, take, done):
    """Takes what was sent with one of the forms of the page, or shows it there with what is wrong."""
    if request.method != "POST" or standing.request.is_draft:
        return HttpResponseRedirect(address(standing))
    if problem := unreadable(request):
        return stand(request, standing, problem.status, problem=problem.sentence)
    form = form_class(standing.request, request.POST, request.FILES)
    status = 422
    if guard.too_many(request, form.page):
        form.add_error(None, guard.TOO_MANY)
        status = 429
    elif form.is_valid():
        try:
            take(form)
            return HttpResponseRedirect(address(standing, done=done))
        except Refused as refusal:
            form.add_error(None, refusal)
            # What was sent from this form before is no reason to refuse what is sent now.
            form.renew_token()
            status = 409
    return stand(request, standing, status, **{form_name: form, "form": form})


@behind_link(*private_pages.READ)
def file(request, standing, number):
    """One of the request's own files, as a download."""
    attachment = next((found for found in standing.files if found.pk == number), None)
    if attachment is None:
        raise Http404
    try:
        return private_files.response_for(attachment)
    except private_files.Withheld as refusal:
        if standing.request.is_draft:
            form = drafting.form_of(standing)
            return drafting.show(request, standing, form, refusal.status, problem=refusal.message)
        return stand(request, standing, refusal.status, problem=refusal.message)


@behind_link(*private_pages.WRITE)
def withdraw(request, standing):
    sent = standing.request
    if sent.is_draft or sent.status == states.WITHDRAWN:
        return HttpResponseRedirect(address(standing))
    if not standing.may_withdraw:
        return stand(request, standing, 409, problem=states.NOT_POSSIBLE)

    def ask():
        context = about(standing) | {"step": "withdraw"}
        return private_pages.page(request, "funding/request_confirm.html", context)

    def take():
        decisions.withdraw(sent, actor=Actor.APPLICANT)
        return address(standing)

    def refuse(sentence, status):
        sent.refresh_from_db()
        return stand(request, standing, status, problem=sentence)

    return private_pages.take_step(request, standing.page, ask, take, refuse)
