"""The hub's own words in the mails to those who ask for a grant; staff can replace them."""

from django.utils.translation import gettext_lazy as _

from hub.mail.words import Words, declare

COMMON = ("reference", "fund", "link", "hub")
LETTER = (*COMMON, "goal", "day")

MEANINGS = {
    "reference": _("the reference of the request"),
    "fund": _("the title of the fund"),
    "link": _("the private address of the request"),
    "hub": _("the name of this hub"),
    "goal": _("the change that was asked for, as the applicant wrote it"),
    "day": _("the day of today"),
    "target": _("the day by which it is decided"),
    "until": _("the last day on which the draft is kept"),
    "amount": _("the amount, with its currency"),
    "conditions": _("the conditions of the award"),
    "reasons": _("the sentences of the criteria that were chosen as reasons"),
    "page": _("title and address of the page that helps instead"),
    "due": _("the day on which the report is due"),
}

WORDS = {
    "draft": Words(
        _("The link to a draft"),
        _("To whoever wants the private link of a draft by mail."),
        _("Your draft: {fund}"),
        _(
            "With this link you find the draft of your request again:\n\n"
            "{link}\n\n"
            "Whoever has the link can read and change it, so pass it on to your team only. The draft is "
            "kept until {until}, and longer each time somebody opens it."
        ),
        (*COMMON, "until"),
    ),
    "receipt": Words(
        _("A request has come in"),
        _("The receipt for whoever sent a request, with the link to its page."),
        _("We have your request {reference}"),
        _(
            "Your request is with us. We decide by {target}.\n\n"
            "On its page you see where it stands, answer our questions, add files, or withdraw it:\n\n"
            "{link}"
        ),
        (*COMMON, "target"),
    ),
    "question": Words(
        _("A question about a request"),
        _("To the applicant, with what somebody of the team asks."),
        _("A question about your request {reference}"),
        _(
            "Before we can decide we have to ask you something. Please answer on this page:\n\n{link}"
        ),
        COMMON,
    ),
    "news": Words(
        _("News of a confidential request"),
        _("In place of every other mail about a confidential request: it says nothing of it."),
        _("There is news: {reference}"),
        _("There is something new on this page:\n\n{link}"),
        COMMON,
    ),
    "awarded": Words(
        _("The letter of an award"),
        _("What the letter begins as; whoever decides sees and edits it before it goes."),
        _("We support your campaign: {reference}"),
        _(
            "Good news: we support your campaign with {amount}.\n\n"
            "You asked for this change: {goal}\n\n"
            "{conditions}\n\n"
            "Please tell us on this page how the money can reach you, and whether we may name you in "
            "public:\n\n"
            "{link}"
        ),
        (*LETTER, "amount", "conditions"),
    ),
    "declined": Words(
        _("The letter of a decline"),
        _("What the letter begins as; whoever decides sees and edits it before it goes."),
        _("Our decision on your request {reference}"),
        _(
            "We have read your request with care, and cannot support it. We measured it by the published "
            "criteria; this is what decided it:\n\n"
            "{reasons}\n\n"
            "You can ask again at any time, when these points have changed. If you want to talk about "
            "them first, answer this mail."
        ),
        (*LETTER, "reasons"),
    ),
    "referred": Words(
        _("The letter of a referral"),
        _("What the letter begins as; whoever decides sees and edits it before it goes."),
        _("Something else may help more: {reference}"),
        _(
            "We have read your request with care. Money is not what would help most now; we think that "
            "this would:\n\n"
            "{page}\n\n"
            "{reasons}\n\n"
            "You can ask for a grant again at any time. If you want to talk about it first, answer this "
            "mail."
        ),
        (*LETTER, "page", "reasons"),
    ),
    "paid": Words(
        _("The money has left"),
        _("To the grantee, when the payment is noted."),
        _("The money is on its way: {reference}"),
        _(
            "The money for your campaign has left us. It can take a few days to reach you.\n\n"
            "After the campaign we ask you for one page: what you did, what it cost, what changed. It is "
            "due on {due}, on this page:\n\n"
            "{link}"
        ),
        (*COMMON, "due"),
    ),
    "report_due": Words(
        _("A reminder of the report"),
        _("To the grantee, when the report is due."),
        _("What came of your campaign? {reference}"),
        _(
            "Your campaign should be over by now. Please tell us in a few sentences what you did, what it "
            "cost and what changed. What did not work is as useful to others as what did:\n\n"
            "{link}"
        ),
        COMMON,
    ),
    "withdrawn": Words(
        _("A request was withdrawn"),
        _("The receipt for whoever withdrew a request."),
        _("Withdrawn: your request {reference}"),
        _(
            "Your request is withdrawn, and nobody works on it any further. You can ask again at any time."
        ),
        COMMON,
    ),
    "link": Words(
        _("A new link to a request"),
        _("To whoever asks for the link to their request."),
        _("The link to your request {reference}"),
        _("This is the link to your request:\n\n{link}"),
        COMMON,
    ),
}


def _sample(occasion: str, words: tuple[str, str], language: str):
    # Inline: the module that writes mails needs this one.
    from funding.mails import sample

    return sample(occasion, words, language)


declare("funding", WORDS, MEANINGS, _sample, _("Mini grants"))
