"""What happens to a message from a contact page."""

from django.conf import settings

from hub import languages
from hub.forms import answers
from hub.forms.about import ABOUT
from hub.mail.addresses import address_list
from hub.mail.outbox import enqueue
from hub.mail.render import render


def write_mails(page, submission, form):
    """Puts the mails of a message into the outbox: one to each member of staff, and a receipt.

    The receipt repeats nothing the visitor wrote: anyone can type anyone's address, and the hub
    must not carry strangers' words to it.
    """
    told = {
        "page": page,
        "submission": submission,
        "answers": answers.for_staff(page, form),
        "about": submission.form_data.get(ABOUT),
        "visitor_language": languages.own_name(page.locale.language_code),
    }
    staff_mail = render("contact_staff", told, settings.LANGUAGE_CODE)
    for number, address in enumerate(address_list(page.to_addresses), start=1):
        enqueue(
            f"contact-staff:{submission.reference}:{number}",
            to=address,
            mail=staff_mail,
            reply_to=submission.address,
            submission=submission,
        )
    if submission.address:
        language = page.locale.language_code
        enqueue(
            f"contact-receipt:{submission.reference}",
            to=submission.address,
            mail=render("contact_receipt", {"page": page, "submission": submission}, language),
            submission=submission,
        )
