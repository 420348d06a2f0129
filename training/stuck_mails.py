"""The mails about a request of somebody who is stuck."""

from django.conf import settings
from django.urls import reverse

from hub import languages
from hub.addresses import absolute
from hub.forms import answers
from hub.mail.addresses import address_list
from hub.mail.render import Rendered, render
from hub.mail.writers import Letter, writer
from hub.models import OutgoingMail
from training.models import StuckRequest


@writer("training.stuck_receipt")
def receipt(mail: OutgoingMail) -> Letter:
    """Repeats nothing the visitor wrote: anyone can type anyone's address."""
    request = mail.submission.stuckrequest
    told = {"request": request}
    return Letter(render("stuck_receipt", told, mail.language), reply_to=team_address(request))


@writer("training.stuck_staff")
def staff(mail: OutgoingMail) -> Letter:
    request = mail.submission.stuckrequest
    told = {
        "request": request,
        "answers": answers.of_submission(request),
        "visitor_language": languages.own_name(request.locale.language_code),
        "desk_url": absolute(reverse("stuck_requests:edit", args=[request.pk])),
    }
    return Letter(render("stuck_staff", told, settings.LANGUAGE_CODE), reply_to=request.address)


@writer("training.stuck_answer")
def answer(mail: OutgoingMail) -> Letter | None:
    request = mail.submission.stuckrequest
    given = request.answers.filter(pk=mail.details["answer"]).first()
    if given is None:
        return None
    return Letter(rendered_answer(request, given.text), reply_to=team_address(request))


def rendered_answer(request: StuckRequest, text: str) -> Rendered:
    """The mail with ``text``, with the words around it in the visitor's language."""
    language = languages.locale_codes()[request.locale_id]
    return render("stuck_answer", {"request": request, "answer": text}, language)


def team_address(request: StuckRequest) -> str:
    """Where the visitor's own answers go: the first of the page's addresses."""
    return address_list(request.page.specific.to_addresses)[0]
