"""Development only: reads the mails that FileBackend wrote."""

from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.template.response import TemplateResponse

CALENDAR = "text/calendar"


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _read(path: Path) -> dict:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    entry = next((part for part in message.walk() if part.get_content_type() == CALENDAR), None)
    return {
        "name": path.name,
        "subject": message["Subject"],
        "to": message["To"],
        "date": message["Date"],
        "text": text.get_content() if text else "",
        "html": html.get_content() if html else "",
        "calendar": entry.get_content() if entry else "",
        "calendar_method": entry.get_param("method") if entry else "",
        "attachments": [part.get_filename() for part in message.iter_attachments()],
    }


def listing(request):
    paths = sorted(_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return TemplateResponse(
        request,
        "mail/dev_listing.html",
        {"messages_written": [_read(path) for path in paths[:200]]},
    )


def message(request, name):
    path = _folder() / name
    if path.parent != _folder() or path.suffix != ".eml" or not path.exists():
        raise Http404
    return TemplateResponse(request, "mail/dev_message.html", {"mail": _read(path)})
