"""Drafts of requests: kept as they were typed, by whoever has their private link, until they are sent.

Nothing is checked while a draft is written but that it fits, and nothing is lost: of two browsers that
save one draft, the later is told, and its words are kept beside the draft until somebody decides.
"""

import hashlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding import intake, questions, states
from funding.models.requests import GrantRequest, RequestStatus
from hub.forms import answers
from hub.forms.builder import CONSENT, TEXT_LENGTH
from hub.localized import reader_locale
from hub.mail import outbox
from hub.mail.addresses import address_key
from hub.models import Submission

# More than all answers together may hold; what is longer was not typed by a person.
LARGEST = 20 * TEXT_LENGTH
# Of words that were set aside, the latest are kept.
MOST_SET_ASIDE = 5
FIRST_REVISION = 1
TOO_MUCH = _("This is more than a draft can hold. Make it shorter and save it again.")


@dataclass(frozen=True)
class Saved:
    """What became of saving a draft: ``is_conflict`` when another browser had saved it meanwhile."""

    draft: GrantRequest
    is_conflict: bool = False


def typed(form_class, data) -> dict:
    """What was typed, right or wrong, by the names of the inputs that the form has.

    Raises ValidationError when it is more than a draft can hold.
    """
    found = {}
    for name, field in form_class.base_fields.items():
        if name == CONSENT or field.widget.needs_multipart_form:
            continue
        value = field.widget.value_from_datadict(data, {}, name)
        if value not in (None, "", [], False):
            found[name] = value
    if sum(len(str(value)) for value in found.values()) > LARGEST:
        raise ValidationError(TOO_MUCH)
    return _storable(found)


def _storable(found: dict) -> dict:
    """Without NUL, which PostgreSQL refuses; the form speaks of other invisible characters on sending."""
    return {
        name: value.replace("\x00", "") if isinstance(value, str) else value
        for name, value in found.items()
    }


def begin(page, given: dict, key: str) -> GrantRequest:
    """A new draft; what was begun, or sent, with the same form, if that comes again.

    ``key`` is the form's idempotency key. Words that differ from those of a draft that was changed since
    are kept beside it.
    """
    draft = GrantRequest(
        revision=FIRST_REVISION,
        page_id=page.pk,
        locale=reader_locale(page),
        fund_key=page.fund.translation_key,
        criteria=page.criteria,
        status=RequestStatus.DRAFT,
        typed=given,
        form_data={},
        idempotency_key=key,
        retained_until=page.draft_retained_until(),
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        stored = GrantRequest.objects.get(idempotency_key=key)
        return save(stored, given, FIRST_REVISION).draft if stored.is_draft else stored
    return draft


def save(draft: GrantRequest, given: dict, revision: int, *, resolves: bool = False) -> Saved:
    """Keeps ``given`` as the draft, if it is still the ``revision`` that whoever typed had before them.

    If not, the words are kept beside it. ``resolves`` says that what had been set aside was seen, and
    need not be kept any longer. Raises states.Refused when the draft was sent meanwhile. Two queries
    at most.
    """
    now = timezone.now()
    fields = {"typed": given, "revision": revision + 1, "saved_at": now}
    if resolves:
        fields["set_aside"] = []
    unchanged = GrantRequest.objects.filter(
        pk=draft.pk, status=RequestStatus.DRAFT, revision=revision
    )
    if unchanged.update(**fields):
        for name, value in fields.items():
            setattr(draft, name, value)
        return Saved(draft)
    return _set_aside(draft, given)


@transaction.atomic
def _set_aside(draft: GrantRequest, given: dict) -> Saved:
    current = GrantRequest.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if current is None or not current.is_draft:
        raise states.Refused(states.NOT_POSSIBLE)
    known = [entry["typed"] for entry in current.set_aside]
    if given == current.typed:
        return Saved(current)
    if given not in known:
        entry = {"at": timezone.now().isoformat(), "typed": given}
        current.set_aside = [*current.set_aside, entry][-MOST_SET_ASIDE:]
        GrantRequest.objects.filter(pk=current.pk).update(set_aside=current.set_aside)
    return Saved(current, is_conflict=True)


def last_set_aside(draft: GrantRequest) -> str:
    """Stands for all that is set aside now; "" for nothing."""
    return draft.set_aside[-1]["at"] if draft.set_aside else ""


def written_elsewhere(draft: GrantRequest, given: dict) -> dict[str, list]:
    """What the draft, or what is set aside beside it, has where ``given`` says something else.

    By the names of the inputs; each of the texts once.
    """
    found = {}
    for words in [draft.typed, *(entry["typed"] for entry in reversed(draft.set_aside))]:
        for name, value in words.items():
            if value != given.get(name) and value not in found.setdefault(name, []):
                found[name].append(value)
    return {name: values for name, values in found.items() if values}


def keep_longer(draft: GrantRequest, page):
    """Puts off the day on which an unseen draft goes. At most one query a day."""
    until = page.draft_retained_until()
    if draft.retained_until != until:
        Submission.objects.filter(pk=draft.pk).update(retained_until=until)
        draft.retained_until = until


@transaction.atomic
def send(draft: GrantRequest, form, page) -> GrantRequest:
    """Makes a draft the request that its valid form says.

    Raises states.Refused when it is none now, or was saved from another browser since it was read: what
    was written there would be lost.
    """
    current = GrantRequest.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if current is None or _state_of(current) != _state_of(draft):
        raise states.Refused(states.NOT_POSSIBLE)
    states.move(
        draft,
        states.SENT,
        actor=states.Actor.APPLICANT,
        typed={},
        set_aside=[],
        **intake.columns(form, page.fund),
    )
    # Whoever changed the language meanwhile is written to in that one.
    draft.locale = reader_locale(page)
    draft.form_data = answers.stored(form)
    draft.address = answers.reply_address(form)
    draft.consent_text = page.consent_words
    draft.consented_at = timezone.now()
    draft.retained_until = page.retained_until()
    draft.save()
    intake.announce(draft, page, copy=form.cleaned_data[questions.COPY])
    return draft


def _state_of(draft: GrantRequest) -> tuple:
    return draft.revision, draft.set_aside


def mail_link(draft: GrantRequest, address: str):
    """Mails the draft's private link, which from then on can be asked for with ``address``.

    At most one mail an hour to each.
    """
    if draft.address != address:
        draft.address = address
        Submission.objects.filter(pk=draft.pk).update(address=address)
    outbox.OutgoingMail.objects.bulk_create([link_mail(draft)], ignore_conflicts=True)


def link_mail(draft: GrantRequest) -> outbox.OutgoingMail:
    """The mail with a draft's link, one for each hour and address."""
    to = hashlib.sha256(address_key(draft.address).encode()).hexdigest()[:16]
    key = f"funding.draft:{draft.reference}:{timezone.now():%Y%m%d%H}:{to}"
    return outbox.unwritten(key, "funding.draft", draft)


@transaction.atomic
def discard(draft: GrantRequest):
    """Deletes a draft, with its files, at its writer's wish.

    Raises states.Refused when it was sent meanwhile. Locked, or one that is sent in this moment would go.
    """
    found = GrantRequest.objects.filter(pk=draft.pk)
    current = found.select_for_update(of=("self",)).first()
    if current and not current.is_draft:
        raise states.Refused(states.NOT_POSSIBLE)
    found.erase()
