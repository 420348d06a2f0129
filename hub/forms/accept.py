"""Takes what a visitor sent: one short transaction, and nothing slow inside it."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone

from hub.forms import answers
from hub.forms.builder import CONSENT, HubForm
from hub.localized import reader_locale
from hub.models.forms import Submission, new_reference

# References collide once in millions of submissions; twice in a row means something else is wrong.
_TRIES = 3

Step = Callable[[Submission], None]


def accept(
    page, form: HubForm, prepare: Step | None = None, complete: Step | None = None
) -> Submission:
    """Stores a valid form and whatever the page adds (outbox rows, a seat), or none of it.

    ``prepare`` is called before the row is written and ``complete`` after it, in one transaction; an
    exception from either undoes everything. The same form, sent again under the same key, gives the
    submission that is stored already, and nothing is added; compare ``form_data`` with
    ``answers.stored(form)`` to learn whether the second sending said the same.
    """
    consented = bool(form.cleaned_data.get(CONSENT))
    submission = page.get_submission_class()(
        page_id=page.pk,
        locale=reader_locale(page),
        form_data=answers.stored(form),
        address=answers.reply_address(form),
        consent_text=page.consent_words if consented else "",
        consented_at=timezone.now() if consented else None,
        idempotency_key=form.token_key,
        retained_until=page.retained_until(),
    )
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                if prepare:
                    prepare(submission)
                submission.save(force_insert=True)
                if complete:
                    complete(submission)
            return submission
        except IntegrityError:
            stored = Submission.objects.filter(idempotency_key=submission.idempotency_key).first()
            if stored:
                return stored
            submission = _renewed(submission)
    raise IntegrityError("No unused reference was found.")


def _renewed(submission: Submission) -> Submission:
    """The same, as if it had never been saved, under another reference."""
    submission.reference = new_reference()
    submission.pk = submission.id = None
    submission._state.adding = True
    return submission
