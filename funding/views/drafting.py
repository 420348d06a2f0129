"""A draft behind its private link: written on, looked at, sent.

What is typed is kept whichever button is pressed. A second browser's words are set aside, and shown
beneath what differs from them, until somebody has saved with both before them.
"""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from funding import drafts, questions, states
from funding.models import GrantRequest
from funding.self_service import Standing
from funding.views.link import about, address, behind_link
from hub import private_files
from hub.addresses import absolute
from hub.forms import answers, builder, guard, private_pages
from hub.forms.pages import unreadable

SEND, SAVE, PREVIEW, MAIL = "send", "save", "preview", "mail"
# As one types: answered in JSON, and nothing that was set aside counts as seen.
KEEP = "keep"

DONE = {
    "saved": _("Your draft is saved. Come back to it with the private link below."),
    "removed": _("The file is removed, and your draft is saved."),
    "mailed": _("Your draft is saved, and a mail with the private link is on its way."),
}
NOT_SAVED = _("Not saved yet")
CONFLICT = _(
    "This draft was changed in another browser since you opened it here. Your words are in the form, "
    "and what stands in the other is beneath each answer that differs. Save again to keep the form as "
    "it is now."
)
SET_ASIDE = _(
    "Words from another browser were set aside. They stand beneath the answers that differ. Take over "
    "what you need and save: then they go."
)
CHANGED_MEANWHILE = _(
    "This draft was changed in another browser since you looked at it. Read it again, then send it."
)
IN_ANOTHER = _("In another browser:")
MOST_REVISIONS = 2**31 - 1  # what the column holds
# What the page on which a draft is looked at sends itself; the answers are the draft's.
UNTYPED = (builder.CONSENT, builder.TOKEN, guard.HONEYPOT)
# Of files that were not kept, so many are named.
NAMED_FILES = 5


class Pressed(forms.Form):
    """The button that was pressed, and which state of the draft was before whoever pressed it."""

    prefix = "hub"

    do = forms.ChoiceField(
        choices=[(name, name) for name in (SEND, SAVE, PREVIEW, MAIL, KEEP)], required=False
    )
    remove = forms.IntegerField(required=False)
    revision = forms.IntegerField(required=False, max_value=MOST_REVISIONS)
    seen = forms.CharField(required=False)

    @classmethod
    def read(cls, data) -> dict:
        pressed = cls(data)
        pressed.full_clean()
        return pressed.cleaned_data


@dataclass(frozen=True)
class Other:
    """What stands in an answer elsewhere."""

    whence: str
    words: str


def is_for_draft(request) -> bool:
    """Whether what came from an open form is to be kept first."""
    pressed = Pressed.read(request.POST)
    has_files = bool(request.FILES.getlist(questions.FILES))
    return pressed.get("do") in {SAVE, PREVIEW} or has_files


def begin(request, page, form):
    """Answers an open form that is to become a draft: saved, looked at, or sent with files.

    ``form`` is bound, and was let in by the guard. None when it cannot be taken; it then says why.
    """
    form.forgive_answers()
    if form.errors:
        return None
    try:
        given = drafts.typed(type(form), request.POST)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None
    draft = drafts.begin(page, given, form.token_key)
    if not draft.is_draft:
        form.add_error(None, page.already_sent % {"reference": draft.reference})
        form.renew_token()
        return None
    standing = Standing(draft, page.locale.language_code)
    return _go_on(request, standing, drafts.Saved(draft), given)


def receive(request, standing: Standing):
    """Answers whatever is sent from the page of a draft."""
    if problem := unreadable(request):
        form = form_of(standing)
        return show(request, standing, form, problem.status, problem=problem.sentence)
    draft, pressed = standing.request, Pressed.read(request.POST)
    try:
        given = drafts.typed(standing.form_class, request.POST)
        seen = pressed.get("do") != KEEP and pressed.get("seen") == drafts.last_set_aside(draft)
        saved = drafts.save(draft, given, pressed.get("revision") or 0, resolves=seen)
    except states.Refused as refusal:
        return _went_meanwhile(request, standing, refusal)
    except ValidationError as refusal:
        form = _forgiven(standing, request.POST)
        form.add_error(None, refusal)
        return show(request, standing, form, 422)
    standing.request = saved.draft
    return _go_on(request, standing, saved, given)


def _go_on(request, standing, saved, given):
    """What comes after saving, by the button that was pressed."""
    pressed = Pressed.read(request.POST)
    if pressed.get("do") == KEEP:
        status = 409 if saved.is_conflict else 200
        return JsonResponse({"revision": saved.draft.revision}, status=status)
    problems = _take_files(request, standing)
    if removed := pressed.get("remove"):
        _remove_file(standing, removed)
    if saved.is_conflict:
        form = _forgiven(standing, request.POST)
        return show(request, standing, form, 409, problem=CONFLICT, given=given)
    if problems:
        form = _forgiven(standing, request.POST)
        for problem in problems:
            form.add_error(questions.FILES, problem)
        return show(request, standing, form, 422)
    if removed:
        return HttpResponseRedirect(address(standing, done="removed"))
    buttons = {SAVE: _saved, PREVIEW: _previewed, MAIL: _mailed}
    return buttons.get(pressed.get("do"), _sent)(request, standing)


def _saved(request, standing):
    return HttpResponseRedirect(address(standing, done="saved"))


def _previewed(request, standing):
    return HttpResponseRedirect(address(standing, "request_preview"))


def _mailed(request, standing):
    """Mails the link to the address in the form, if it is one."""
    form = _forgiven(standing, request.POST)
    if guard.too_many(request, standing.page):
        form.add_error(None, guard.TOO_MANY)
        return show(request, standing, form, 429)
    field = form.fields[questions.EMAIL]
    try:
        drafts.mail_link(standing.request, field.clean(standing.request.typed.get(questions.EMAIL)))
    except ValidationError as refusal:
        form.add_error(questions.EMAIL, refusal)
        return show(request, standing, form, 422)
    return HttpResponseRedirect(address(standing, done="mailed"))


def _sent(request, standing):
    given = drafts.typed(standing.form_class, request.POST)
    return _send(request, standing, request.POST, given)


def _send(request, standing, data, given):
    """Sends the draft with the answers in ``data``, or shows them with what keeps it from being sent.

    Words set aside that nobody has seen are shown first: with sending they would go.
    """
    if standing.request.set_aside:
        form = _forgiven(standing, data)
        return show(request, standing, form, 409, problem=SET_ASIDE, given=given)
    form, page = standing.bound(data), standing.page
    status = 422
    if guard.too_many(request, page):
        form.add_error(None, guard.TOO_MANY)
        status = 429
    elif refusal := page.refusal_of_drafts:
        form.add_error(None, refusal)
    elif form.is_valid():
        try:
            drafts.send(standing.request, form, page)
        except states.Refused as refusal:
            return _went_meanwhile(request, standing, refusal)
        return HttpResponseRedirect(address(standing, done="sent"))
    return show(request, standing, form, status)


def _take_files(request, standing) -> list[str]:
    """Keeps the files that came along; sentences about those that were not."""
    uploads = request.FILES.getlist(questions.FILES)
    if not uploads:
        return []
    problems = private_files.keep_all(standing.request, uploads)
    standing.forget_files()
    more = len(problems) - NAMED_FILES
    if more > 0:
        problems[NAMED_FILES:] = [
            ngettext(
                "%(number)d more file was not kept.", "%(number)d more files were not kept.", more
            )
            % {"number": more}
        ]
    return problems


def _remove_file(standing, number: int):
    for attachment in standing.files:
        if attachment.pk == number:
            private_files.remove(attachment)
    standing.forget_files()


def form_of(standing):
    """The form with what the draft holds."""
    return form_with(standing, standing.request.typed)


def form_with(standing, typed: dict):
    """The form with what was typed, right or wrong; what is missing is empty, not suggested anew."""
    initial = {name: typed.get(name) for name in standing.form_class.base_fields}
    return standing.form_class(page=standing.page, initial=initial)


def _forgiven(standing, data):
    """The form as it was sent, with nothing said of answers that are unfinished."""
    form = standing.bound(data)
    form.full_clean()
    form.errors.clear()
    return form


def show(request, standing, form, status=200, *, problem="", given=None):
    """The page of a draft with ``form``, whose words are ``given``, else those of the draft."""
    draft = standing.request
    given = draft.typed if given is None else given
    for name, values in drafts.written_elsewhere(draft, given).items():
        if field := form.fields.get(name):
            field.others = [Other(IN_ANOTHER, answers.in_words(field, value)) for value in values]
    form.fields[questions.FILES].kept = standing.files
    context = about(standing) | {
        "form": form,
        "form_action": address(standing),
        "form_problem": problem,
        "problem_heading": NOT_SAVED if problem is CONFLICT else "",
        "set_aside": SET_ASIDE if draft.set_aside and not problem else "",
        "seen": drafts.last_set_aside(draft),
        "link": absolute(address(standing)),
        "done": DONE.get(request.GET.get("done"), ""),
    }
    return private_pages.page(request, "funding/request_draft.html", context, status)


def _went_meanwhile(request, standing, refusal):
    """A draft that was saved, sent, or discarded from another browser while this one was at work."""
    # Inline: the two kinds of page know each other.
    from funding.views.standing import came_too_late

    current = GrantRequest.objects.filter(pk=standing.request.pk).first()
    if current is None:
        form = _forgiven(standing, request.POST)
        form.add_error(None, refusal)
        return show(request, standing, form, 409)
    if current.is_draft:
        given, standing.request = standing.request.typed, current
        # From the page on which it was looked at, the answers do not come along.
        form = form_with(standing, given)
        return show(request, standing, form, 409, problem=CONFLICT, given=given)
    return came_too_late(request, Standing(current, standing.language))


def open_draft(request, standing: Standing):
    if request.method == "POST":
        return receive(request, standing)
    drafts.keep_longer(standing.request, standing.page)
    return show(request, standing, form_of(standing))


@behind_link(*private_pages.WRITE)
def preview(request, standing):
    """The request as the team will read it, with the button that sends it."""
    draft = standing.request
    if not draft.is_draft:
        return HttpResponseRedirect(address(standing))
    problem, status = "", 200
    if request.method == "POST":
        if refused := unreadable(request):
            status, problem = refused
        elif Pressed.read(request.POST).get("revision") == draft.revision:
            asked = {name: request.POST.get(name, "") for name in UNTYPED}
            return _send(request, standing, draft.typed | asked, draft.typed)
        else:
            status, problem = 409, CHANGED_MEANWHILE
    form = form_of(standing)
    context = about(standing) | {
        "form": form,
        "consent": form[builder.CONSENT],
        "groups": standing.written(draft.typed),
        "problem": problem,
    }
    return private_pages.page(request, "funding/request_preview.html", context, status)


@behind_link(*private_pages.WRITE)
def discard(request, standing):
    if not standing.request.is_draft:
        return HttpResponseRedirect(address(standing))

    def ask():
        context = about(standing) | {"step": "discard"}
        return private_pages.page(request, "funding/request_confirm.html", context)

    def take():
        drafts.discard(standing.request)
        return standing.page.get_url(request)

    def refuse(sentence, status):
        # Inline: the two kinds of page know each other.
        from funding.views.standing import stand

        standing.request.refresh_from_db()
        if not standing.request.is_draft:
            return stand(request, standing, status, problem=sentence)
        return show(request, standing, form_of(standing), status, problem=sentence)

    return private_pages.take_step(request, standing.page, ask, take, refuse)
