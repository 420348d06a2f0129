"""What an officer can do with a request that is not about deciding it."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.log_actions import log

from funding import assignment, decisions, reviews, states
from funding.admin.desk import FormStepView, StepView
from funding.admin.forms import AssignForm, ReviewerForm, WithdrawForm
from funding.models import GrantRequest
from funding.states import Actor, Refused
from hub.forms import links
from hub.mail import outbox
from hub.models import OutgoingMail
from hub.staff import name_of


class TakeView(StepView):
    """The button "I take it", also on bare rows of the queue."""

    done = gettext_lazy("The request is yours.")

    def requests(self):
        return GrantRequest.objects.listed_to(self.request.user)

    def act(self):
        assignment.take(self.grant_request, self.request.user)


class StartView(StepView):
    """The button "Start reading", for what somebody else has assigned."""

    done = gettext_lazy("The applicant can see now that the request is being read.")

    def act(self):
        assignment.start_reading(self.grant_request, self.request.user)


class ConfidentialView(StepView):
    """The two buttons about who may read the request."""

    is_confidential = True

    @property
    def done(self):
        if self.is_confidential:
            return _("The request is confidential: only those who are assigned can read it now.")
        return _("The request is no longer confidential: all funding officers can read it now.")

    def act(self):
        assignment.set_confidential(
            self.grant_request, self.is_confidential, user=self.request.user
        )


class LinkView(StepView):
    """The button "Send a new private link"."""

    done = gettext_lazy("A mail with a new link goes out. The links of before no longer work.")

    def act(self):
        request = self.grant_request
        if not request.address:
            raise Refused(_("There is no address that a link could go to."))
        start = f"funding.link:{request.reference}:"
        if outbox.waiting(start).filter(to=request.address).exists():
            raise Refused(_("A mail with a new link is on its way already."))
        links.renew(request)
        outbox.enqueue_later(
            f"{start}{request.link_key}", occasion="funding.link", submission=request
        )
        log(request, "funding.link", user=self.request.user)


class MailAgainView(StepView):
    """The button "Send again" beside a mail that was given up."""

    done = gettext_lazy("The mail goes out again within a minute.")

    def act(self):
        mails = OutgoingMail.objects.filter(submission=self.grant_request.pk)
        if not outbox.send_again(get_object_or_404(mails, pk=self.kwargs["mail"])):
            raise Refused(_("This mail is not given up: there is nothing to do."))


class ReviewerView(StepView):
    """Asks one of the team for a review."""

    def act(self):
        form = ReviewerForm(self.request.POST, grant_request=self.grant_request)
        if not form.is_valid():
            raise Refused(form.errors["reviewer"][0])
        reviewer = form.cleaned_data["reviewer"]
        reviews.ask(self.grant_request, reviewer, user=self.request.user)
        self.done = _("%(name)s is asked for a review, by mail.") % {"name": name_of(reviewer)}


class AssignView(FormStepView):
    """Gives the request to somebody; administrators pass on confidential ones they cannot read."""

    form_class = AssignForm
    page_title = gettext_lazy("Assign")
    button = gettext_lazy("Give it to this person")

    def requests(self):
        user = self.request.user
        return GrantRequest.objects.listed_to(user) if user.is_superuser else super().requests()

    def get_breadcrumbs_items(self):
        *above, request, here = super().get_breadcrumbs_items()
        return [*above, request if self.is_visible else request | {"url": ""}, here]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"grant_request": self.grant_request}

    def act(self, form):
        assignee = form.cleaned_data["assignee"]
        assignment.assign(self.grant_request, assignee, user=self.request.user)
        self.done = _("The request is with %(name)s now.") % {"name": name_of(assignee)}


class ConflictView(StepView, TemplateView):
    http_method_names = ["get", "post"]
    permission_required = "view"
    page_title = gettext_lazy("Declare a conflict of interest")
    template_name = "funding/admin/conflict.html"
    done = gettext_lazy("Thank you. The request is hidden from you, and others work on it.")

    def act(self):
        assignment.declare_conflict(self.grant_request, self.request.user)


class WithdrawView(FormStepView):
    form_class = WithdrawForm
    page_title = gettext_lazy("Withdraw")
    template_name = "funding/admin/withdraw.html"
    button = gettext_lazy("Withdraw")
    done = gettext_lazy("The request is withdrawn, and the applicant is told so by mail.")

    def refusal(self):
        return states.why_not(self.grant_request, states.WITHDRAWN, Actor.OFFICER)

    def act(self, form):
        decisions.withdraw(
            self.grant_request,
            actor=Actor.OFFICER,
            user=self.request.user,
            why=form.cleaned_data["why"],
        )
