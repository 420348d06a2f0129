"""Joins the style sheets into one file and the scripts into another.

A page on a slow line costs three requests: itself, one style sheet, one script. The sources stay
small files one can find one's way in, and there is no front-end build step: `runserver` and
`collectstatic` ask this finder and get the joined files, made anew when a source has changed.
"""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCES = Path(__file__).resolve().parent / "static" / "hub"
JOINED_FILES = {
    "hub/hub.css": [
        SOURCES / "css" / f"{name}.css"
        for name in ("tokens", "base", "layout", "components", "print")
    ],
    "hub/hub.js": sorted((SOURCES / "js").glob("*.js")),
}


def join(name: str) -> str:
    """The text of a joined file.

    Style sheets lose their comments and indentation, which are a seventh of their weight. Each
    script keeps its names to itself in a block of its own.
    """
    texts = [source.read_text("utf-8") for source in JOINED_FILES[name]]
    if name.endswith(".css"):
        return "\n".join(
            re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
            for text in texts
        )
    return "\n".join(f"{{\n{text}}}" for text in texts)


class JoinedFinder(BaseFinder):
    """Finds hub/hub.css and hub/hub.js, which exist nowhere as sources."""

    def __init__(self, app_names=None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.DATA_DIR) / "joined"
        self.storage = FileSystemStorage(location=self.folder)

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        if path not in JOINED_FILES:
            return []
        target = str(self._up_to_date(path))
        return [target] if find_all else target

    def list(self, ignore_patterns):
        for name in JOINED_FILES:
            self._up_to_date(name)
            yield name, self.storage

    def _up_to_date(self, name: str) -> Path:
        target = self.folder / name
        text = join(name)
        if not target.exists() or target.read_text("utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        return target
