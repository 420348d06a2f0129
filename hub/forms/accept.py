"""Takes what a visitor sent: one short transaction, and nothing slow inside it."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone

from hub.forms import answers
from hub.forms.builder import CONSENT, HubForm
from hub.models.forms import Submission, new_reference

# References collide once in millions of submissions; twice in a row means something else is wrong.
_TRIES = 3


def accept(page, form: HubForm, complete: Callable[[Submission], None] | None = None) -> Submission:
    """Stores a valid form and whatever ``complete`` adds (outbox rows, a seat), or none of it.

    The same form, sent again under the same key, gives the submission that is stored already, and
    ``complete`` is not called; compare ``form_data`` with ``answers.stored(form)`` to learn whether the
    second sending said the same. An exception from ``complete`` undoes everything.
    """
    consented = bool(form.cleaned_data.get(CONSENT))
    submission = Submission(
        page_id=page.pk,
        locale_id=page.locale_id,
        form_data=answers.stored(form),
        address=answers.reply_address(form),
        consent_text=page.consent_text if consented else "",
        consented_at=timezone.now() if consented else None,
        idempotency_key=form.token_key,
        retained_until=page.retained_until(),
    )
    with transaction.atomic():
        stored = _insert(submission)
        if stored is submission and complete:
            complete(submission)
        return stored


def _insert(submission: Submission) -> Submission:
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                submission.save(force_insert=True)
            return submission
        except IntegrityError:
            stored = Submission.objects.filter(idempotency_key=submission.idempotency_key).first()
            if stored:
                return stored
            submission.reference = new_reference()
    raise IntegrityError("No unused reference was found.")
