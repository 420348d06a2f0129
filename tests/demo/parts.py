"""Where the pages of the demo are written, and what it has in one of its languages."""

from pathlib import Path

from django.conf import settings

PAGES = sorted(Path(settings.BASE_DIR).glob("*/demo/pages/*.toml"))
LANGUAGES = ["en", "es", "fr", "ar"]


def of(model, language: str = "en"):
    return model.objects.filter(locale__language_code=language)
