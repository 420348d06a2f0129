"""PO files in tests: of which page, and what other programs make of them."""

import os
import shutil
import subprocess

import polib
import pytest

from hub.translation import po
from tests import factories

BODY = [
    ("heading", {"text": "Who decides", "level": "h2"}),
    (
        "rich_text",
        "<p>Ask <a href='https://example.org'>the buyer</a> <b>first</b>.</p><p>Twice.</p>",
    ),
    ("rich_text", "<p>Twice.</p><p>Fish &amp; chips</p>"),
]
LINKED = '<a id="a1">the buyer</a>'


def story_to_translate(site):
    return factories.StoryPageFactory(parent=site.stories, title="The register", body=BODY)


def edited(content: bytes, changes: dict[str, str]) -> bytes:
    """The file with the translations of ``changes`` put in by another program."""
    file = polib.pofile(content.decode())
    for entry in file:
        if entry.msgid in changes:
            entry.msgstr = changes[entry.msgid]
    return str(file).encode()


def reasons(report: po.Report) -> list[str]:
    return [problem.reason for problem in report.problems]


def msgfmt(content: bytes, tmp_path) -> str:
    """What gettext's own compiler has to say against the file."""
    if not shutil.which("msgfmt") and os.environ.get("HUB_REQUIRE_ALL") != "1":
        pytest.skip("gettext is not installed.")
    file = tmp_path / "page.po"
    file.write_bytes(content)
    done = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", file], capture_output=True, text=True
    )
    return done.stderr


def change_summary(story, text: str):
    story.summary = text
    story.save_revision().publish()
