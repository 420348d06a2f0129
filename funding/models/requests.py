"""A request for a grant: from the first word of a draft to the report on what came of it."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import ModelLogEntry

from funding import questions
from funding.models.criteria import CriteriaVersion
from hub.mail.addresses import address_key
from hub.models import Attachment, OutgoingMail, Submission
from hub.models.forms import SearchTextQuerySet
from hub.stemming import fold


class RequestStatus(models.TextChoices):
    """Where a request stands. What may follow on what, and by whose hand, is in funding.states."""

    DRAFT = "draft", pgettext_lazy("grant request", "Draft")
    SENT = "sent", pgettext_lazy("grant request", "Sent")
    READING = "reading", pgettext_lazy("grant request", "Being read")
    QUESTION = "question", pgettext_lazy("grant request", "Waits for an answer")
    AWARDED = "awarded", pgettext_lazy("grant request", "Awarded")
    DECLINED = "declined", pgettext_lazy("grant request", "Declined")
    REFERRED = "referred", pgettext_lazy("grant request", "Referred")
    PAID = "paid", pgettext_lazy("grant request", "Paid")
    REPORTED = "reported", pgettext_lazy("grant request", "Reported")
    WITHDRAWN = "withdrawn", pgettext_lazy("grant request", "Withdrawn")


# Those somebody has to decide.
UNDECIDED = frozenset({RequestStatus.SENT, RequestStatus.READING, RequestStatus.QUESTION})
GRANTED = frozenset({RequestStatus.AWARDED, RequestStatus.PAID, RequestStatus.REPORTED})

# A window that closes within so many days is closing soon.
SOON_DAYS = 7

CHANGE, REVIEW = "funding.change_grantrequest", "funding.review_grantrequest"


class GrantRequestQuerySet(SearchTextQuerySet):
    def sent(self):
        """Those that were sent: a draft is nobody's business but its writer's."""
        return self.exclude(status=RequestStatus.DRAFT)

    def undecided(self):
        return self.filter(status__in=UNDECIDED)

    def late(self):
        """Those that should have been decided by now, as GrantRequest.is_late says of one."""
        return self.undecided().filter(target_on__lt=timezone.localdate())

    def visible_to(self, user):
        """Those whose content a member of staff may read.

        Officers read all but confidential ones, which are for those alone who are assigned; reviewers
        what they were asked to review. Nobody, whatever their rights, reads one in which they have
        declared a conflict of interest.
        """
        assigned = Q(pk__in=_reviews_of(user))
        if user.has_perm(CHANGE):
            assigned |= Q(is_confidential=False) | Q(assignee=user)
        elif not user.has_perm(REVIEW):
            return self.none()
        return self._without_conflict(user).filter(assigned)

    def listed_to(self, user):
        """Those in an officer's queue: also confidential ones that nobody has taken yet, bare."""
        if not user.has_perm(CHANGE):
            return self.visible_to(user)
        listed = Q(pk__in=self.visible_to(user).values("pk")) | Q(assignee=None)
        if user.is_superuser:
            # Somebody has to be able to pass on what lies with a colleague who has left.
            listed |= Q(is_confidential=True)
        return self._without_conflict(user).filter(listed)

    def _without_conflict(self, user):
        return self.sent().filter(anonymised_at=None).exclude(pk__in=_conflicts_of(user))

    def closing_soon(self):
        """Those of whose windows little is left, as GrantRequest.closes_soon says of one; none of which
        is closed already."""
        today = timezone.localdate()
        return self.undecided().filter(
            window_closes__range=(today, today + timedelta(days=SOON_DAYS))
        )

    def about(self, address):
        """Also drafts that nobody has sent, by the address that is typed in them so far."""
        key, email = address_key(address), f"typed__{questions.EMAIL}"
        local = key.rpartition("@")[0]
        drafts = self.filter(status=RequestStatus.DRAFT, **{f"{email}__istartswith": local})
        typed = drafts.order_by().values_list("pk", email)
        alike = [pk for pk, written in typed if address_key(written) == key]
        return self.filter(Q(pk__in=alike) | Q(pk__in=self.of_address(address).values("pk")))

    def kept_from(self, user):
        """Whoever may not read a request is not shown it as personal data, or in a mail, either.

        Somebody has to be able to erase confidential ones: administrators see all but those in which
        they have a conflict of interest.
        """
        if user.is_superuser:
            return self.filter(pk__in=_conflicts_of(user))
        return self.exclude(pk__in=self.model.objects.visible_to(user).values("pk"))

    def in_reading_order(self):
        """By the days left before their windows close; of the same day, the oldest first."""
        return self.order_by(models.F("window_closes").asc(nulls_last=True), "sent_at", "pk")

    @transaction.atomic
    def erase(self):
        """Removes drafts, and empties what was sent: dates, amounts and outcomes are kept.

        The figures of the fund count them; nothing is left of who asked, or for what.
        """
        held = self._locked()
        drafts = [request.pk for request in held if request.is_draft]
        self.model.objects.filter(pk__in=drafts).delete()
        _empty([request.pk for request in held if not request.is_draft])

    @transaction.atomic
    def anonymise(self):
        """Takes out whatever is about a person, with files, messages, opinions and mails."""
        _empty([request.pk for request in self._locked()])

    def _locked(self) -> list:
        """Those that still hold something, which gets no words and no files from now on. Two queries.

        Steps lock the request itself, files what they were sent with; in this order, as sending does.
        """
        held = self.model.objects.filter(pk__in=self.order_by().values("pk"), anonymised_at=None)
        locked = list(held.select_for_update(of=("self",)).order_by("pk"))
        keys = [request.pk for request in locked]
        list(Submission.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        return locked


def _empty(keys: list[int]):
    """Takes out of requests whatever is about a person."""
    OutgoingMail.objects.filter(submission__in=keys).delete()
    Attachment.objects.filter(submission__in=keys).delete()
    _empty_what_refers_to(keys)
    GrantRequest.objects.filter(pk__in=keys).update(
        form_data={},
        typed={},
        set_aside=[],
        address="",
        consent_text="",
        search_text="",
        link_key="",
        payment_note="",
        public_name="",
        may_be_named=None,
        anonymised_at=timezone.now(),
    )


def _empty_what_refers_to(keys: list[int]):
    """Takes the words out of what the desk keeps about requests; of decisions, the figures stay."""
    # Inline: they refer to requests.
    from funding.models.desk import Conflict, Decision, OutcomeReport, RequestMessage, Review

    for model in (Conflict, OutcomeReport, RequestMessage, Review):
        model.objects.filter(request__in=keys).delete()
    Decision.objects.filter(request__in=keys).update(subject="", letter="", conditions="")
    # The log says who did what for as long as it is kept; why, it says in somebody's words.
    ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(GrantRequest),
        object_id__in=[str(key) for key in keys],
        action="funding.withdrawn",
    ).update(data={})


def _conflicts_of(user):
    # Inline: conflicts refer to requests.
    from funding.models.desk import Conflict

    return Conflict.objects.filter(user=user).values("request")


def _reviews_of(user):
    # Inline: reviews refer to requests.
    from funding.models.desk import Review

    return Review.objects.filter(reviewer=user).values("request")


class GrantRequest(Submission):
    """What somebody asks a fund for.

    A draft keeps what was typed, right or wrong, in ``typed``, by the names of the inputs; ``revision``
    counts how often it was saved, and ``set_aside`` are words that were saved from another browser
    meanwhile, each ``{"at": ISO time, "typed": {...}}``. Once it is sent, the answers are in ``form_data``
    and what the desk sorts and counts by is in columns. ``criteria`` is the version that was in force when
    the request was begun: it is judged by that one.
    """

    Status = RequestStatus

    fund_key = models.UUIDField(editable=False)  # the fund's pages' translation_key
    criteria = models.ForeignKey(
        CriteriaVersion,
        verbose_name=_("criteria"),
        on_delete=models.PROTECT,
        related_name="requests",
    )
    status = models.CharField(_("status"), max_length=10, choices=RequestStatus.choices)
    status_since = models.DateTimeField(_("since"), default=timezone.now)
    # The draft
    typed = models.JSONField(default=dict, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    set_aside = models.JSONField(default=list, blank=True, editable=False)
    # What was asked for
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    window_closes = models.DateField(_("window closes"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)  # ISO 3166-1
    is_confidential = models.BooleanField(_("confidential"), default=False)
    search_text = models.TextField(blank=True, editable=False)
    # The desk
    target_on = models.DateField(_("to be decided by"), null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # After a yes
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    payment_note = models.CharField(_("about the payment"), max_length=200, blank=True)
    report_due = models.DateField(_("report due"), null=True, blank=True)
    remind_on = models.DateField(null=True, editable=False)
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)
    may_be_named = models.BooleanField(_("may be named in public"), null=True)
    public_name = models.CharField(_("name in public"), max_length=255, blank=True)
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, blank=True)

    objects = GrantRequestQuerySet.as_manager()

    wagtail_reference_index_ignore = True
    has_own_history = True  # see hub.admin.site_history

    class Meta:
        ordering = ["-submit_time", "-pk"]
        verbose_name = _("grant request")
        verbose_name_plural = _("grant requests")
        permissions = [("review_grantrequest", "Can review the grant requests assigned to them")]
        indexes = [
            models.Index(fields=["status", "window_closes", "sent_at"], name="requests_in_order"),
            models.Index(fields=["fund_key", "status"], name="requests_of_fund"),
        ]

    def save(self, *args, **kwargs):
        if self.status != RequestStatus.DRAFT and not self.anonymised_at:
            self.search_text = fold(
                " ".join([self.organisation, self.goal, self.address, self.reference])
            )
        super().save(*args, **kwargs)

    @property
    def goal(self) -> str:
        return self.form_data.get(questions.GOAL, "")

    @property
    def organisation(self) -> str:
        return self.form_data.get(questions.ORGANISATION, "")

    @property
    def is_draft(self) -> bool:
        return self.status == RequestStatus.DRAFT

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    @property
    def is_granted(self) -> bool:
        return self.status in GRANTED

    @property
    def takes_messages(self) -> bool:
        """Whether the applicant can write: the letter of an award asks how the money can reach them."""
        is_open = self.is_undecided or self.status in (RequestStatus.AWARDED, RequestStatus.PAID)
        return is_open and not self.anonymised_at

    @property
    def days_left(self) -> int | None:
        """Until the window closes; negative when it has. None without a date."""
        return self.window_closes and (self.window_closes - timezone.localdate()).days

    @property
    def closes_soon(self) -> bool:
        """Whether little time is left to decide it, or none."""
        return self.is_undecided and self.days_left is not None and self.days_left <= SOON_DAYS

    @property
    def is_late(self) -> bool:
        """Whether it should have been decided by now."""
        overdue = self.target_on is not None and self.target_on < timezone.localdate()
        return self.is_undecided and overdue

    def held(self):
        report = getattr(self, "report", None)
        decision = getattr(self, "decision", None)
        return super().held() | {
            "status": self.status,
            "status_since": self.status_since,
            "written_so_far": self.typed,
            "set_aside": self.set_aside,
            "messages": [message.held() for message in self.messages.all()],
            "decision": decision and decision.held(),
            "paid_on": self.paid_on,
            "about_the_payment": self.payment_note,
            "may_be_named": self.may_be_named,
            "public_name": self.public_name,
            "report": report and report.held(),
        }
