"""What the team asks somebody about their request, and what they answer.

``key`` is the idempotency key of the form: a text that is sent twice is kept, and told of, once. The
functions raise states.Refused, whose message is a sentence for whoever asked.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from funding import states
from funding.models import GrantRequest, RequestMessage, RequestPage
from funding.states import Actor
from hub.mail import outbox
from hub.mail.addresses import address_key, address_list
from hub.models import OutgoingMail, User

SENT_ALREADY = _(
    "Another text was sent from this form before. If this is a further one, send it again now."
)


@transaction.atomic
def ask(request: GrantRequest, text: str, *, user: User, key: str) -> RequestMessage:
    """Asks the applicant for more; the request waits for them from then on."""
    if stored := _stored(request, text, key):
        return stored
    if request.status == states.QUESTION:
        # One more thing, before the first was answered.
        states.check_officer(request, user)
    else:
        states.move(request, states.QUESTION, actor=Actor.OFFICER, user=user)
    question = _keep(request, RequestMessage.Kind.QUESTION, text, key, author=user)
    outbox.enqueue_later(
        f"funding.question:{question.pk}",
        occasion="funding.question",
        submission=request,
        details={"message": question.pk},
    )
    return question


@transaction.atomic
def answer(request: GrantRequest, text: str, *, key: str) -> RequestMessage:
    """Keeps what the applicant answers, who may also write unasked, and tells those who work on it."""
    # Locked: what is decided, or erased, in this moment would keep words that nobody is told of.
    current = GrantRequest.objects.select_for_update(of=("self",)).filter(pk=request.pk).first()
    if stored := _stored(request, text, key):
        return stored
    if current is None or not current.takes_messages:
        raise states.Refused(states.NOT_POSSIBLE)
    if current.status == states.QUESTION:
        states.move(request, states.READING, actor=Actor.APPLICANT)
    given = _keep(request, RequestMessage.Kind.ANSWER, text, key)
    OutgoingMail.objects.bulk_create(
        outbox.unwritten(
            f"funding.answered:{given.pk}:{number}", "funding.answered", request, to=address
        )
        for number, address in enumerate(team_of(request), start=1)
    )
    return given


def team_of(request: GrantRequest) -> list[str]:
    """The addresses of those who work on a request: its assignee, else whoever is told of new ones.

    Never of somebody with a conflict of interest: applicants' own mails go there, too.
    """
    assignee = request.assignee
    if assignee and assignee.is_active and assignee.email:
        return [assignee.email]
    page = RequestPage.objects.filter(pk=request.page_id).only("to_addresses").first()
    told = address_list(page.to_addresses) if page else []
    conflicted = request.conflicts.values_list("user__email", flat=True)
    hidden_from = {address_key(email) for email in conflicted}
    return [address for address in told if address_key(address) not in hidden_from]


def _stored(request: GrantRequest, text: str, key: str) -> RequestMessage | None:
    stored = RequestMessage.objects.filter(key=key).first()
    if stored and (stored.request_id, stored.text) != (request.pk, text):
        raise states.Refused(SENT_ALREADY)
    return stored


def _keep(request, kind, text, key, author=None) -> RequestMessage:
    try:
        with transaction.atomic():
            return RequestMessage.objects.create(
                request=request, kind=kind, text=text, key=key, author=author
            )
    except IntegrityError as error:  # the same form, at this very moment
        raise states.Refused(SENT_ALREADY) from error
