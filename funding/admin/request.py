"""One request: what was asked for, what was said about it, and what can be done with it."""

from functools import partial

from django.db.models import Max
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views.generic import TemplateView

from funding import questions, reviews, states
from funding.admin.actions import actions_for
from funding.admin.desk import RequestView
from funding.admin.forms import AssignForm, ReviewerForm
from funding.admin.history import mail_label, note_view
from funding.assignment import OPEN, may_give
from funding.criteria import in_language
from funding.models import CriteriaVersion, Decision, Review
from funding.states import Actor
from hub import languages
from hub.admin.history import history_of
from hub.admin.mail import mails_about
from hub.countries import country_name
from hub.forms import answers
from hub.forms.amounts import amount_in_words
from hub.staff import name_of


class GrantRequestView(RequestView, TemplateView):
    """What anybody who may read the request sees of it, and what an officer needs to work on it.

    Opening it is written down.
    """

    permission_required = "view"
    template_name = "funding/admin/request.html"

    def get_page_title(self):
        return self.grant_request.reference

    def get_page_subtitle(self):
        return ""

    def get_breadcrumbs_items(self):
        *above, _request, here = super().get_breadcrumbs_items()
        return [*above, here]

    def get(self, request, *args, **kwargs):
        note_view(self.grant_request, request.user)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        request, user = self.grant_request, self.request.user
        is_officer = self.user_has_permission("change")
        code = request.locale.language_code
        return (
            super().get_context_data(**kwargs)
            | {
                "is_officer": is_officer,
                "answers": answers.of_submission(request),
                "attachments": request.attachments.all(),
                "dialogue": request.messages.select_related("author"),
                "language": languages.own_name(code),
                "language_code": code,
                "country": country_name(request.country) if request.country else "",
                "amount": ""
                if request.amount is None
                else amount_in_words(request.amount, request.currency),
                "assignee_name": name_of(request.assignee) if request.assignee else "",
                "actions": actions_for(request, user),
            }
            | self.criteria()
            | self.opinions()
            | self.decided()
            | (self.work() if is_officer else {})
        )

    @cached_property
    def version_here(self) -> CriteriaVersion:
        """The version the request is judged by, in the language of whoever reads."""
        return in_language(self.grant_request.criteria, get_language())

    def criteria(self) -> dict:
        """What the request is judged by, whatever the fund asks for since. Two queries at most."""
        version = self.grant_request.criteria
        latest = CriteriaVersion.objects.filter(fund_key=version.fund_key).aggregate(Max("number"))
        return {
            "version": version,
            "version_here": self.version_here,
            "latest_number": latest["number__max"],
        }

    def opinions(self) -> dict:
        """The reviews that whoever reads may see, beside each other. One query."""
        seen = reviews.shown_to(self.grant_request, self.request.user)
        given = reviews.with_names(review for review in seen if review.is_given)
        points = reviews.points_by_criterion(self.version_here, given)
        return {
            "opinions": given,
            "points": points,
            "most_points": len(points) * max(Review.Points.values),
        }

    def decided(self) -> dict:
        """The decision, once there is one. One query."""
        decisions = Decision.objects.select_related("decided_by", "referred_to")
        decision = decisions.filter(request=self.grant_request).first()
        if decision is None:
            return {}
        return {
            "decision": decision,
            "decided_by": name_of(decision.decided_by) if decision.decided_by else "",
            "decision_amount": amount_in_words(decision.amount, decision.currency)
            if decision.amount
            else "",
            "reasons": self.version_here.by_key(decision.reasons),
        }

    def work(self) -> dict:
        """What can be done with the request, and what was done."""
        request, user = self.grant_request, self.request.user
        is_open = request.status in OPEN
        asked = reviews.with_names(request.reviews.select_related("reviewer"))
        return {
            "asked": asked,
            "may_take": is_open and request.assignee_id is None,
            "may_start": request.status == states.SENT and request.assignee_id == user.pk,
            "may_get_link": bool(request.address),
            "may_withdraw": states.may(request, states.WITHDRAWN, Actor.OFFICER),
            "may_change_confidence": may_give(request, user),
            "may_open": not request.form_data.get(questions.CONFIDENTIAL),
            "assign_form": AssignForm(grant_request=request)
            if is_open and may_give(request, user)
            else None,
            "reviewer_form": ReviewerForm(grant_request=request)
            if request.is_undecided and len(asked) < reviews.REVIEWERS
            else None,
            "mails": mails_about(
                request, "grant_requests:mail_again", partial(mail_label, request)
            ),
            "history": history_of(request),
        }
