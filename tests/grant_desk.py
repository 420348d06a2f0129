"""One request on the funding officer's desk, in tests."""

from bs4 import BeautifulSoup
from wagtail.models import ModelLogEntry


def address(request, name: str = "") -> str:
    return f"/admin/grant_requests/{request.pk}/" + (f"{name}/" if name else "")


def soup_of(client, request) -> BeautifulSoup:
    response = client.get(address(request))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(soup) -> str:
    return " ".join(soup.select_one("main").get_text(" ").split())


def press(client, request, name: str, **data) -> list[str]:
    """What the page says after a button was pressed."""
    response = client.post(address(request, name), data)
    assert response.status_code == 302, response.content.decode()[-500:]
    said = [str(message).strip() for message in client.get(response.url).context["messages"]]
    request.refresh_from_db()
    return said


def logged(request) -> list[tuple[str, str]]:
    entries = ModelLogEntry.objects.filter(object_id=str(request.pk)).order_by("pk")
    return [(entry.message, str(entry.user or "")) for entry in entries.select_related("user")]
