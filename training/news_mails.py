"""The mails to those who want to hear of the next session."""

from hub.addresses import absolute
from hub.mail.render import render
from hub.mail.writers import Letter, writer
from hub.models import OutgoingMail
from hub.times import in_zones
from training import news
from training.models import Interest, Roster


@writer(news.RECEIPT)
def receipt(mail: OutgoingMail) -> Letter | None:
    wish = mail.submission.interest
    if wish.told_at:
        return None
    return Letter(render("next_receipt", {"stop_url": stop_url(wish)}, mail.language))


@writer(news.NEWS)
def next_session(mail: OutgoingMail) -> Letter | None:
    """Nothing when nobody can register any more; then the wish stands for the next one."""
    wish = mail.submission.interest
    roster = Roster.objects.filter(session_key=mail.details["session"]).first()
    if roster is None or not roster.pages or not news.is_worth_telling(roster.source_page):
        Interest.objects.filter(pk=wish.pk).update(told_at=None)
        return None
    session = roster.page_for(mail.language)
    told = {
        "session": session,
        "times": in_zones(session.starts_at, ["UTC"], session.zone, mail.language),
        "session_url": absolute(session.own_url),
        "stop_url": stop_url(wish),
    }
    return Letter(render("next_session", told, mail.language))


def stop_url(wish: Interest) -> str:
    """The link that takes the wish back: on the page it was asked on, in the person's language."""
    return absolute(f"{wish.page.specific.own_url}?stop={news.token_for(wish)}")
