"""The translation editor in tests: what people send to it, and what it answers."""

from wagtail.models import Locale
from wagtail_localize.models import Translation

from hub.models import User
from hub.translation import teams
from tests.factories import StandardPageFactory
from tests.reading import soup
from tests.translating import locale_of, translate


def open_spanish(site) -> Locale:
    """Spanish, with a home page."""
    locale = locale_of("es")
    translate(site.home, locale)
    return locale


def about_page(site):
    return StandardPageFactory(
        parent=site.home, title="About us", slug="about", summary="Who we are & why."
    )


def member(locale, role: str, name: str = "") -> User:
    user = User.objects.create_user(name or f"{role}-{locale.language_code}")
    user.groups.add(getattr(teams.set_up_team(locale), role))
    return user


def address(translation: Translation) -> str:
    return f"/admin/translation/{translation.pk}/"


def segment_of(translation: Translation, text: str):
    return translation.source.stringsegment_set.get(string__data=text)


def row_of(response, segment):
    return soup(response).find(id=f"text-{segment.pk}-row")


def told(response) -> str:
    words = " ".join(soup(response).select_one(".messages").get_text(" ").split())
    return words.removesuffix(" Go to the first error")


def send(client, translation, segment, text, seen="", **more):
    return client.post(
        address(translation),
        {f"text-{segment.pk}": text, f"seen-{segment.pk}": seen} | more,
        follow=True,
    )
