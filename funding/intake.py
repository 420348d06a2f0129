"""A request that comes in: what the desk sorts it by, and who is told."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding import questions
from funding.models.requests import GrantRequest, RequestStatus
from hub.forms.builder import HubForm
from hub.mail import outbox
from hub.mail.addresses import address_list

PLAN_OR_FILE = _("Say what you will do and by when, or attach your draft plan as a file.")


class RequestForm(HubForm):
    """``has_files`` says whether files are kept with the draft that is being sent."""

    def __init__(self, *args, has_files: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_files = has_files

    @property
    def groups(self):
        groups = []
        for field in self.visible_fields():
            if heading := questions.HEADINGS.get(field.name):
                groups.append((heading, []))
            groups[-1][1].append(field)
        return groups

    def clean(self):
        cleaned_data = super().clean()
        if not cleaned_data.get(questions.PLAN) and not self.has_files:
            self.add_error(questions.PLAN, PLAN_OR_FILE)
        return cleaned_data


def columns(form: HubForm, fund) -> dict:
    """What of a valid form the desk sorts, filters and counts by: columns of the request."""
    given, now = form.cleaned_data, timezone.now()
    return {
        "sent_at": now,
        "window_closes": given[questions.CLOSES],
        "amount": given[questions.AMOUNT],
        "currency": given[questions.CURRENCY],
        "country": given[questions.COUNTRY],
        "is_confidential": given[questions.CONFIDENTIAL],
        "target_on": fund.target_for(timezone.localdate(now), given[questions.CLOSES]),
    }


def fill(request: GrantRequest, form: HubForm, fund):
    """Makes a request that is about to be stored one that was sent."""
    request.status = RequestStatus.SENT
    for name, value in columns(form, fund).items():
        setattr(request, name, value)


def announce(request: GrantRequest, page, *, copy: bool):
    """Writes the mails about a request that was sent: a receipt, and one to each of the team.

    The receipt holds a ``copy`` of the answers for those who asked for it; never of a confidential
    request.
    """
    rows = [
        outbox.unwritten(
            f"funding.receipt:{request.reference}",
            "funding.receipt",
            request,
            details={"copy": copy and not request.is_confidential},
        )
    ]
    rows += [
        outbox.unwritten(
            f"funding.staff:{request.reference}:{number}", "funding.staff", request, to=address
        )
        for number, address in enumerate(address_list(page.to_addresses), start=1)
    ]
    outbox.OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)
