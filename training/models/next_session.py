"""The page on which one asks to hear of the next session."""

from django.db import models
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from hub.forms import builder
from hub.forms.about import ABOUT, page_at
from hub.forms.simple import AboutMixin, SimpleFormPage
from hub.mail.addresses import address_key
from hub.models import Submission
from hub.models.forms import SubmissionQuerySet
from training import news, questions
from training.models.sessions import SessionPage


class NextSessionPage(AboutMixin, SimpleFormPage):
    """Asks for an address to which the hub writes once, when a session fits.

    Asked from a session's page (``?about=``), it means one of that format or on one of its topics.
    ``?stop=`` with the signed text from a mail takes the wish back.
    """

    parent_page_types = ["training.TrainingIndexPage"]
    subpage_types = []
    max_count_per_parent = 1
    kind = "training"
    kind_name = _("Tell me about the next one")
    page_description = _("People leave an address and get one mail, when a session is announced.")

    class Meta:
        verbose_name = _("“Tell me about the next one” page")

    def get_form_fields(self):
        return []

    def own_form_fields(self):
        email = builder.email_field(
            label=_("Email"), help_text=_("We write to it once, and then delete it.")
        )
        return {**super().own_form_fields(), questions.EMAIL: email}

    @property
    def consent_words(self):
        if self.consent_text:
            return self.consent_text
        return _(
            "The team may keep my address in order to tell me of the next session. It is deleted once "
            "I have been told, and after %(months)d months at the latest."
        ) % {"months": self.retention_months}

    def get_submission_class(self):
        return Interest

    def prepare(self, submission, form):
        about = page_at(form.cleaned_data[ABOUT])
        if about and about.specific_class is SessionPage:
            submission.session_key = about.translation_key

    def complete(self, submission, form):
        news.acknowledge(submission)

    def serve(self, request, *args, **kwargs):
        if "stop" in request.GET:
            return self.serve_stop(request)
        return super().serve(request, *args, **kwargs)

    def serve_stop(self, request):
        """Opening the link changes nothing: programs that check mails open links, too."""
        reference = news.reference_in(request.GET["stop"])
        if reference and request.method == "POST":
            news.stop(reference)
        wish = Interest.objects.filter(reference=reference).first() if reference else None
        stopping = "unknown" if not reference else "ask" if wish else "done"
        context = self.get_context(request) | {"stopping": stopping}
        response = TemplateResponse(
            request, self.get_template(request), context, status=200 if reference else 404
        )
        add_never_cache_headers(response)
        return response


class InterestQuerySet(SubmissionQuerySet):
    def open(self):
        """Those who have not been told, first come first."""
        return self.filter(told_at=None).order_by("submit_time", "pk")


class Interest(Submission):
    """The wish to hear of the next session, once.

    ``session_key`` is the translation key of the session whose page it was asked from; without one,
    any session will do.
    """

    session_key = models.UUIDField(null=True, editable=False)
    address_key = models.CharField(max_length=254, editable=False, db_index=True)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-submit_time", "-pk"]
        verbose_name = _("wish to hear of the next session")
        verbose_name_plural = _("wishes to hear of the next session")

    def save(self, *args, **kwargs):
        self.address_key = address_key(self.address)
        super().save(*args, **kwargs)
