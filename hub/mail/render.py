"""The words of a mail, in a language."""

from dataclasses import dataclass

from django.conf import settings
from django.template import Context, loader
from django.utils import translation

from hub import languages


@dataclass(frozen=True)
class Rendered:
    """A mail's words, and the language they are in."""

    subject: str
    text: str
    html: str
    language: str


def render(name: str, context: dict, language: str) -> Rendered:
    """The mail ``name`` in ``language``, from templates/mail/<name>.subject.txt, .txt and .html.

    Plain text is not escaped, whatever its template forgets to say. Templates also get the hub's
    name and address, and the language with its direction.
    """
    with translation.override(language):
        context = {
            **context,
            "hub_name": settings.WAGTAIL_SITE_NAME,
            "hub_url": settings.HUB_BASE_URL,
            "language": language,
            "direction": languages.direction(language),
        }
        subject, text = (
            loader.get_template(f"mail/{name}{ending}").template.render(
                Context(context, autoescape=False)
            )
            for ending in (".subject.txt", ".txt")
        )
        html = loader.get_template(f"mail/{name}.html").render(context)
    return Rendered(" ".join(subject.split()), text.strip() + "\n", html, language)
