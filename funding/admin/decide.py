"""Deciding a request: the outcome, the letter it begins as, what it looks like, and the decision."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from funding import decisions, states
from funding.admin.desk import FormStepView, TimelyView
from funding.admin.forms import LetterForm, OutcomeForm, PaymentForm, PurposeForm
from funding.criteria import in_language
from funding.models import Decision
from funding.states import Actor, Refused
from hub import languages
from hub.countries import country_name
from hub.forms.amounts import amount_in_words

HEADINGS = {
    Decision.Kind.AWARD: gettext_lazy("Award a grant"),
    Decision.Kind.DECLINE: gettext_lazy("Decline"),
    Decision.Kind.REFER: gettext_lazy("Refer to something else"),
}


class DecideView(TimelyView, TemplateView):
    """One page with two forms: what is decided, and the letter.

    The letter is suggested from the criteria in the applicant's language, can be edited and looked at,
    and goes out only with the button that decides.
    """

    template_name = "funding/admin/decide.html"

    @property
    def kind(self) -> Decision.Kind:
        try:
            return Decision.Kind(self.kwargs["kind"])
        except ValueError as error:
            raise Http404 from error

    def get_page_title(self):
        return HEADINGS[self.kind]

    def outcome_form(self, data=None) -> OutcomeForm:
        return OutcomeForm(
            data,
            kind=self.kind,
            request=self.grant_request,
            criteria=in_language(self.grant_request.criteria, get_language()),
        )

    def refusal(self):
        return states.why_not(self.grant_request, self.kind, Actor.OFFICER)

    def post(self, request, *args, **kwargs):
        outcome_form, letter_form = self.outcome_form(request.POST), LetterForm(request.POST)
        if not outcome_form.is_valid():
            if "letter" not in request.POST:
                letter_form = None
            return self.shown(422, outcome_form=outcome_form, letter_form=letter_form)
        action = request.POST.get("action")
        if action == "suggest" or "letter" not in request.POST:
            return self.suggested(outcome_form)
        if not letter_form.is_valid():
            return self.shown(422, outcome_form=outcome_form, letter_form=letter_form)
        if action == "decide":
            return self.decide(outcome_form, letter_form)
        return self.shown(
            outcome_form=outcome_form, letter_form=letter_form, preview=self.preview(letter_form)
        )

    def suggested(self, outcome_form):
        subject, letter = decisions.letter_for(self.grant_request, outcome_form.outcome)
        form = LetterForm(initial={"subject": subject, "letter": letter})
        return self.shown(outcome_form=outcome_form, letter_form=form)

    def preview(self, letter_form):
        # Inline: what writes mails is found by the worker, and needs this app to be ready.
        from funding.mails import preview_of

        given = letter_form.cleaned_data
        return preview_of(self.grant_request, given["subject"], given["letter"])

    def decide(self, outcome_form, letter_form):
        try:
            decisions.decide(
                self.grant_request,
                outcome_form.outcome,
                subject=letter_form.cleaned_data["subject"],
                letter=letter_form.cleaned_data["letter"],
                user=self.request.user,
            )
        except Refused as refusal:
            outcome_form.add_error(None, refusal)
            return self.shown(422, outcome_form=outcome_form, letter_form=letter_form)
        messages.success(self.request, _("It is decided. The letter goes out within a minute."))
        return redirect(self.request_url)

    def shown(self, status=200, **context):
        return self.render_to_response(self.get_context_data(**context), status=status)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("outcome_form", self.outcome_form())
        language = self.grant_request.locale.language_code
        return super().get_context_data(**kwargs) | {
            "applicant_language": languages.own_name(language),
            "letter_language": language,
            "letter_direction": languages.direction(language),
            "media": kwargs["outcome_form"].media,
        }


class PurposeView(FormStepView):
    """What everybody can read of a grant: its purpose in every language, and what stands beside it."""

    page_title = gettext_lazy("What is public")
    form_class = PurposeForm
    template_name = "funding/admin/purpose.html"
    button = gettext_lazy("Publish it")
    done = gettext_lazy("The page of past grants says so now.")

    def refusal(self):
        return "" if self.award else decisions.NOT_PUBLIC

    @cached_property
    def award(self) -> Decision | None:
        return decisions.award_of(self.grant_request)

    def get_initial(self):
        return self.award.purposes if self.award else {}

    def act(self, form):
        decisions.tell_purpose(self.grant_request, form.cleaned_data, user=self.request.user)

    def get_context_data(self, **kwargs):
        country, award = self.grant_request.country, self.award
        return super().get_context_data(**kwargs) | {
            "award": award,
            "amount": amount_in_words(award.amount, award.currency) if award else "",
            "country": country_name(country) if country else "",
        }


class PaymentView(FormStepView):
    page_title = gettext_lazy("Note the payment")
    form_class = PaymentForm
    button = gettext_lazy("Note it")
    done = gettext_lazy("The payment is noted, and the grantee is told.")

    def refusal(self):
        return states.why_not(self.grant_request, states.PAID, Actor.OFFICER)

    def act(self, form):
        given = form.cleaned_data
        decisions.note_payment(
            self.grant_request, given["paid_on"], given["payment_note"], user=self.request.user
        )
