"""Pages with a form: what they answer to a browser. The rules are in the modules beside this one."""

from datetime import date
from http import HTTPMethod
from typing import NamedTuple

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.http import HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.forms import WagtailAdminFormPageForm
from wagtail.contrib.forms.models import FormMixin

from hub import private_files
from hub.forms import answers, guard, tokens
from hub.forms.accept import accept
from hub.forms.builder import CONSENT, ConsentField, FormBuilder, HubForm
from hub.models.forms import Submission, is_source_page

ALREADY_SENT = _(
    "This form was sent before, with other answers (reference %(reference)s). If this is another "
    "message, send it again now."
)
TOO_LARGE = _(
    "This is more than the form can take. Go back in your browser, where what you wrote still is, "
    "and make it shorter."
)
TOO_MUCH_IN_FILES = _(
    "These files are more than the form can take. Go back in your browser, where what you wrote still "
    "is, and choose fewer or smaller ones."
)
CUT_OFF = _(
    "Only a part of this arrived, because the connection was cut. Go back in your browser, where what "
    "you wrote still is, and send it again."
)
# Twice the files that are taken: those beyond are refused one by one, and the answers come back.
MAX_BODY_BYTES = 2 * private_files.MAX_FILES * private_files.MAX_BYTES


class Unreadable(NamedTuple):
    """Why what was sent could not be read."""

    status: int
    sentence: str


def unreadable(request) -> Unreadable | None:
    """What is wrong with the body of a POST before any form looks at it; None if it can be read.

    Then ``request.POST`` is empty: nothing of what was typed can be shown again.
    """
    if _announced(request) > MAX_BODY_BYTES:
        return Unreadable(413, TOO_MUCH_IN_FILES)
    try:
        is_cut_off = _is_cut_off(request)
    except (RequestDataTooBig, TooManyFieldsSent):
        return Unreadable(413, TOO_LARGE)
    except TooManyFilesSent:
        return Unreadable(413, TOO_MUCH_IN_FILES)
    except (MultiPartParserError, UnreadablePostError):
        is_cut_off = True
    return Unreadable(400, CUT_OFF) if is_cut_off else None


def _is_cut_off(request) -> bool:
    """Reads the body, and says whether it ended before it should have.

    Gunicorn gives what arrived before the connection was cut, and Django takes that for the whole.
    """
    request.POST  # noqa: B018 - this reads it
    if request.content_type == "multipart/form-data":
        arrived = request._stream._pos  # Django keeps no other count
    else:
        arrived = len(request.body)
    return arrived < _announced(request)


def _announced(request) -> int:
    """How many bytes the body should have; 0 if the browser did not say."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() else 0


class FormPageAdminForm(WagtailAdminFormPageForm):
    """The editor's form of a form page: what the source's choices are stored as follows them."""

    def clean(self):
        cleaned_data = super().clean()
        questions = self.formsets.get("form_fields")
        if questions and is_source_page(self.instance):
            for question in questions.forms:
                question.instance.choice_values = question.instance.choices
        return cleaned_data


class FormPageMixin(FormMixin):
    """A page whose template shows a form, and afterwards, at the same address, the thanks.

    Sending is answered with a redirect to ``?sent=<signed reference>``, so that reloading sends
    nothing twice. A form that could not be taken comes back with all that was typed, with status
    422 (413 if too large to be read, 429 if too many came): only then is a 200 a promise to
    monitoring and scripts that the form was shown as asked. No cookie is set or needed.

    A page type adds ``form_fields`` (see HubFormField) and may override the methods up to
    ``complete``. Its template gets ``form`` and shows it with forms/error_summary.html, before all
    other text, and forms/form.html; after sending it gets ``submission`` instead.
    """

    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS, HTTPMethod.POST]
    form_builder = FormBuilder
    # What the form is built on, where the type of page checks more than one answer at a time.
    form_base = HubForm
    base_form_class = FormPageAdminForm
    # The fields whose words a visitor gets after sending, or agrees to: a release checks them.
    texts_for_senders: tuple[str, ...] = ()
    # What the visitor must agree to; "" asks for nothing.
    consent_text = ""
    retention_months = 12
    # Said of a form that comes back with other answers; knows the ``reference`` of the first.
    already_sent = ALREADY_SENT
    # The id of the part of the page that the form is in, if it is far down.
    form_anchor = ""
    # Whether there is a form although nothing can be sent: one that can be kept and sent later.
    shows_refused_form = False

    @property
    def consent_words(self) -> str:
        """``consent_text``, or what stands in for it, in the language of the form."""
        return self.consent_text

    def own_form_fields(self) -> dict:
        """Fields, by name, that this type of page asks for before the editor's questions."""
        return {}

    def last_form_fields(self) -> dict:
        """Fields, by name, that come after the editor's questions."""
        return {CONSENT: ConsentField(self.consent_words)} if self.consent_words else {}

    def refusal(self) -> str:
        """Why nothing can be sent now, as a sentence; "" when it can. Then no form is shown."""
        return ""

    def initial_answers(self, request) -> dict:
        """What the form is filled in with when it is first shown."""
        return {}

    def describe(self, form) -> dict:
        """What the template is told besides the form."""
        return {}

    def retained_until(self) -> date:
        """The last day on which something sent today is kept."""
        return months_later(timezone.localdate(), self.retention_months)

    def prepare(self, submission: Submission, form: HubForm):
        """What must be known of a submission before it is written, in the same transaction: a seat.

        A ValidationError, here or in ``complete``, undoes it all and is shown above the form.
        """

    def complete(self, submission: Submission, form: HubForm):
        """What follows from a submission, in the same transaction: mails."""

    def get_form_class(self):
        builder = self.form_builder(
            self.get_form_fields(), self.own_form_fields(), self.last_form_fields(), self.form_base
        )
        return builder.get_form_class()

    def get_submission_class(self):
        return Submission

    def get_submissions_list_view_class(self):
        # Inline: models must not import the admin while they are being loaded.
        from hub.admin.submissions import SubmissionsListView

        return SubmissionsListView

    def get_data_fields(self):
        return [
            ("hub-reference", _("Reference")),
            ("submit_time", _("Sent")),
            ("hub-language", _("Language")),
            *((name, field.label) for name, field in self.own_form_fields().items()),
            *((field.clean_name, field.label) for field in self.get_form_fields()),
        ]

    def serve(self, request, *args, **kwargs):
        if request.method == "POST":
            return self._receive(request)
        if submission := self.just_sent(request):
            return self.render_landing_page(request, submission)
        if self.refusal() and not self.shows_refused_form:
            return TemplateResponse(
                request, self.get_template(request), self.get_context(request) | {"form": None}
            )
        response = self._render_form(request, self._new_form(request))
        # Its token is for one visitor only, so no cache may hand it to the next. Not "no-store":
        # browsers would then forget what was typed on the way back.
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def render_landing_page(self, request, form_submission=None, *args, **kwargs):
        if form_submission is None:  # Wagtail's preview
            form_submission = Submission(page=self, submit_time=timezone.now())
        context = self.get_context(request) | {"submission": form_submission}
        response = TemplateResponse(request, self.get_template(request), context)
        add_never_cache_headers(response)
        return response

    def _new_form(self, request):
        return self.get_form(page=self, initial=self.initial_answers(request))

    def _receive(self, request):
        if problem := unreadable(request):
            return self._render_form(request, self._new_form(request), *problem)
        form = self.get_form(request.POST, request.FILES, page=self)
        if guard.too_many(request, self):
            form.add_error(None, guard.TOO_MANY)
            return self._render_form(request, form, 429)
        return self.take(request, form)

    def take(self, request, form):
        """Answers a form that could be read. A page whose form has more than one button overrides it."""
        if refusal := self.refusal():
            form.add_error(None, refusal)
        elif form.is_valid() and (submission := self.accept_form(form)):
            return HttpResponseRedirect(self._thanks_url(request, submission))
        return self._render_form(request, form, 422)

    def accept_form(self, form) -> Submission | None:
        """The submission; or None, with the reason among the form's errors."""
        try:
            submission = accept(
                self,
                form,
                prepare=lambda new: self.prepare(new, form),
                complete=lambda stored: self.complete(stored, form),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return None
        if submission.form_data == answers.stored(form):
            return submission
        # Sent, changed (the browser's Back), and sent again: neither lost nor taken unasked.
        form.add_error(None, self.already_sent % {"reference": submission.reference})
        form.renew_token()
        return None

    def just_sent(self, request) -> Submission | None:
        """What the address of a thanks page stands for; None of any other address."""
        reference = tokens.read_sent(request.GET.get("sent", ""))
        if reference is None:
            return None
        sent = self.get_submission_class()._default_manager
        return sent.for_form(self).filter(reference=reference).first()

    def what_was_sent(self, submission: Submission) -> str:
        """What the address of the thanks page carries, signed: nothing about a person."""
        return submission.reference

    def _thanks_url(self, request, submission) -> str:
        sent = tokens.sign_sent(self.what_was_sent(submission))
        anchor = f"#{self.form_anchor}" if self.form_anchor else ""
        return f"{self.get_url(request) or request.path}?{urlencode({'sent': sent})}{anchor}"

    def _render_form(self, request, form, status=200, problem=""):
        context = self.get_context(request) | self.describe(form)
        context |= {"form": form, "form_problem": problem}
        return TemplateResponse(request, self.get_template(request), context, status=status)


def months_later(day: date, months: int) -> date:
    """The same day of the month ``months`` later, or that month's last day if it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise ValueError(f"There is no day {months} months after {day}.")
