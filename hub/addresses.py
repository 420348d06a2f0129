from django.conf import settings


def absolute(path: str) -> str:
    """The full address of a path of the hub. HUB_BASE_URL decides, never the Host header."""
    return f"{settings.HUB_BASE_URL}{path}"
