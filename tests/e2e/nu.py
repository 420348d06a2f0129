"""Runs the Nu HTML checker (the W3C's) on every page of a running demo: `make html-check`.

    npm install --prefix /tmp/vnu vnu-jar
    make demo                                # in another terminal
    make html-check VNU=/tmp/vnu/node_modules/vnu-jar/build/dist/vnu.jar

Needs Java. By hand, since the checker is 30 MB that no other part of the project needs.
"""

import json
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

# Pages that no sitemap lists; the last is what a form says when nothing was filled in.
MORE = [
    "/en/search/",
    "/en/search/?q=supplier",
    "/en/search/?q=supplier&topic=evidence",
    "/en/search/?q=supplier&topic=open-data",
    "/en/search/?q=supplier&kind=nonsense",
    "/en/search/?q=zzxxyyqq",
    "/en/nothing/here/",
    "/en/toolkit/templates/?type=text",
    "/en/toolkit/templates/?type=pdf&step=4",
    "/en/contact/?about=/en/toolkit/",
    "/ar/stories/the-clerk-who-wanted-it-open/",
    "/ar/toolkit/templates/campaign-plan/",
    "/ar/search/?q=%D8%B9%D9%82%D8%AF",
    "/dev/mail/",
]
FORM = "/en/contact/"


def get(url: str, data: bytes | None = None) -> bytes:
    """The body of the answer, whatever its status."""
    try:
        with urllib.request.urlopen(url, data=data) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        return error.read()


def addresses(hub: str) -> list[str]:
    """The path of every page in the sitemap."""
    parts = re.findall(r"<loc>([^<]+)</loc>", get(f"{hub}/sitemap.xml").decode())
    found = []
    for part in parts:
        path = urllib.parse.urlsplit(part).path
        for loc in re.findall(r"<loc>([^<]+)</loc>", get(hub + path).decode()):
            found.append(urllib.parse.urlsplit(loc).path)
    return found


def save_pages(hub: str, folder: Path) -> dict[str, str]:
    """Writes every page to a file in ``folder``; gives the address of each file."""
    pages = {path: get(hub + path) for path in [*addresses(hub), *MORE]}
    pages[f"{FORM} (sent empty)"] = get(hub + FORM, data=b"")
    saved = {}
    for number, (path, body) in enumerate(pages.items()):
        name = f"{number:03}.html"
        (folder / name).write_bytes(body)
        saved[name] = path
    return saved


def check(jar: str, folder: Path) -> list[dict]:
    outcome = subprocess.run(
        [
            "java",
            "-Xss2m",
            "-jar",
            jar,
            "--format",
            "json",
            "--stdout",
            "--exit-zero-always",
            folder,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(outcome.stdout)["messages"]


def main(hub: str, jar: str):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        saved = save_pages(hub.rstrip("/"), folder)
        messages = check(jar, folder)
    for message in messages:
        kind = message.get("subType") or message["type"]
        path = saved[Path(message["url"]).name]
        extract = message.get("extract", "").replace("\n", " ")
        sys.stdout.write(f"{path}: {kind}: {message['message']}\n    {extract}\n")
    sys.stdout.write(f"{len(saved)} pages, {len(messages)} messages\n")
    sys.exit(bool(messages))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"{sys.argv[0]} ADDRESS VNU.JAR\n{__doc__}")
    main(*sys.argv[1:])
