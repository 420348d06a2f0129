"""What a person may do with their registration, and the changes of its details.

Seats are changed in training.seats alone.
"""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from hub.forms import private_pages
from hub.forms.answers import as_written
from hub.forms.builder import FormBuilder, HubForm, email_field
from hub.forms.links import renew
from hub.mail import outbox
from hub.mail.addresses import address_key
from training import evaluation, links, questions, seats
from training.models import Registration, SessionPage
from training.seats import ATTENDED, CONFIRMED, OFFERED, WAITING, Refused

ADDRESS_IN_USE = _("This address is in use for this session already. Give another one.")
CANCELLED_SESSION = _("This session has been cancelled, so there is nothing to change any more.")
NOT_ATTENDED = _(
    "There is a certificate for those who are noted as having attended. If you did, write to us."
)
NO_CALENDAR = _(
    "There is a calendar entry for those who have a seat in a session that takes place."
)


class Standing:
    """What a person may do with a registration now. The page's questions cost a query."""

    def __init__(self, registration: Registration, language: str):
        self.registration = registration
        self.roster = registration.roster
        self.language = language

    @cached_property
    def session(self) -> SessionPage:
        """The session's page as readers of the language are shown it. One query."""
        return self.roster.page_for(self.language)

    @property
    def refusal(self):
        """Why nothing can be changed any more, as a sentence; "" when something can."""
        if self.registration.status not in {CONFIRMED, WAITING, OFFERED}:
            return seats.NOT_POSSIBLE
        if self.roster.is_cancelled:
            return CANCELLED_SESSION
        return seats.STARTED if self.roster.starts_at <= timezone.now() else ""

    @property
    def may_change(self) -> bool:
        return not self.refusal

    @property
    def may_accept(self) -> bool:
        return (
            self.may_change
            and self.registration.status == OFFERED
            and self.registration.offer_expires_at > timezone.now()
        )

    @property
    def may_join(self) -> bool:
        """Whether the way in is shown: to those with a seat, until the session is over."""
        return (
            self.registration.status == CONFIRMED
            and not self.roster.is_cancelled
            and not self.roster.is_over
        )

    @property
    def may_evaluate(self) -> bool:
        return not evaluation.refusal(self.registration)

    @property
    def has_certificate(self) -> bool:
        return self.registration.status == ATTENDED

    @cached_property
    def place_in_line(self) -> int | None:
        """1 is next; None for those who do not wait. One query."""
        return self.registration.place_in_line()

    @cached_property
    def form_class(self) -> type[HubForm]:
        """The questions of the session's page, without the consent that was given."""
        builder = FormBuilder(self.session.get_form_fields(), questions.fixed_fields())
        return builder.get_form_class()

    def answers(self) -> list[tuple[str, str]]:
        return as_written(self.form_class, self.registration.form_data)


class LinkForm(private_pages.LinkForm):
    desk = private_pages.Desk("training.link")

    email = email_field(label=_("Email"), help_text=_("The address you registered with."))


def accept(registration: Registration):
    """Takes the seat that is offered. Raises Refused when it is not, or no longer."""
    if registration.status != OFFERED:
        raise Refused(seats.NOT_POSSIBLE)
    if registration.roster.is_cancelled:
        raise Refused(CANCELLED_SESSION)
    seats.change(registration, CONFIRMED)


@transaction.atomic
def change_details(registration: Registration, given: dict, labels: list[str]) -> bool:
    """Keeps other answers; whether the address is another one, to which a new link goes.

    ``labels`` are those of the questions answered otherwise, for the log. Links that were sent to
    the former address do nothing any more, and a note goes there in case somebody else did this.
    Raises Refused when the session has begun, or the address is registered for it already.
    """
    roster = seats.lock(registration.roster_id)
    current = Registration.objects.select_related("roster").get(pk=registration.pk)
    current.roster = roster
    if why := Standing(current, settings.LANGUAGE_CODE).refusal:
        raise Refused(why)
    former, address = current.address, given[questions.EMAIL]
    moves = address_key(address) != current.address_key
    # Answers to questions that were taken out since stay.
    current.form_data = current.form_data | given
    current.address = address
    try:
        with transaction.atomic():
            current.save(update_fields=["form_data", "address", "address_key", "search_text"])
    except IntegrityError as error:
        raise Refused({questions.EMAIL: ADDRESS_IN_USE}) from error
    if labels:
        log(current, "training.edited", data={"fields": labels})
    if moves:
        renew(current)
        links.send(current)
        outbox.enqueue_later(
            f"training.moved_address:{current.reference}:{current.link_key}",
            occasion="training.moved_address",
            submission=current,
            to=former,
        )
    return moves


def changed_labels(form: HubForm, former: dict, given: dict) -> list[str]:
    """The labels of the questions answered otherwise, as staff read them."""
    with translation.override(settings.LANGUAGE_CODE):
        return [
            str(field.label)
            for name, field in form.fields.items()
            if (former.get(name) or "") != (given.get(name) or "")
        ]
