"""Reading PO files that may be damaged.

polib stops at the first line it does not understand, silently drops the last letter of a text that
is cut short, and takes a file that holds the name of another for that one. Here each entry stands
or falls by itself.
"""

import codecs
import re
from dataclasses import dataclass, field

_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s*(.*)")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
# Those that PO files come in; Python knows some that take minutes for a file of this size.
_CHARSET = re.compile(
    rb"charset=((?:iso-?8859-\d+|windows-125\d|cp125\d|koi8-[ru]|latin-?1)\b)", re.I
)
_ESCAPE = re.compile(r"\\(.)", re.S)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f", "b": "\b", "a": "\a"}
NO_LETTERS = re.compile("[\udc80-\udcff]")


@dataclass
class Entry:
    """``line`` is where its text begins; ``texts`` are by keyword (msgid, msgstr, msgctxt, ...)."""

    line: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    obsolete: bool = False
    broken_at: int = 0

    @property
    def msgid(self) -> str:
        return self.texts.get("msgid", "")

    @property
    def msgstr(self) -> str:
        return self.texts.get("msgstr", "")

    @property
    def is_plural(self) -> bool:
        return any(name == "msgid_plural" or "[" in name for name in self.texts)

    @property
    def is_whole(self) -> bool:
        return (
            not self.broken_at
            and "msgid" in self.texts
            and ("msgstr" in self.texts or self.is_plural)
        )


@dataclass
class File:
    header: dict[str, str]
    entries: list[Entry]
    ends_in_a_line: bool = True


def read(content: bytes) -> File:
    """The entries of a file, whole or not, in order; no header and no entries if it is no PO file."""
    text = decode(content)
    entries = _entries(text)
    header = {}
    if entries and not entries[0].msgid and not entries[0].obsolete and entries[0].is_whole:
        for line in entries.pop(0).msgstr.split("\n"):
            name, colon, value = line.partition(":")
            if colon:
                header[name.strip().lower()] = value.strip()
    return File(header, entries, text.endswith("\n"))


def decode(content: bytes) -> str:
    """The text; bytes that are no letters in its encoding become lone surrogates."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(f"{encoding}{'-sig' if encoding == 'utf-8' else ''}", "replace")
    declared = _CHARSET.search(content[:4000])
    encoding = declared[1].decode() if declared else "utf-8"
    try:
        return content.decode(encoding)
    except (LookupError, UnicodeError):
        return content.decode("utf-8", "surrogateescape")


def _entries(text: str) -> list[Entry]:
    entries: list[Entry] = []
    entry, keyword = Entry(), ""

    def finish():
        nonlocal entry, keyword
        if entry.texts or entry.broken_at:
            entry.line = entry.line or entry.broken_at
            entries.append(entry)
            entry = Entry()
        keyword = ""

    for number, line in enumerate(text.split("\n"), start=1):
        line = line.strip(" \t\r\ufeff")
        if is_obsolete := line.startswith("#~"):
            line = line[2:].strip()
            if line.startswith("|"):
                continue
        if not line:
            finish()
        elif line.startswith("#"):
            if entry.texts:
                finish()
            if line.startswith("#,"):
                entry.flags |= {flag.strip() for flag in line[2:].split(",")}
        elif line.startswith('"'):
            _add(entry, keyword, line, number)
        elif found := _KEYWORD.fullmatch(line):
            keyword, rest = found.groups()
            if entry.texts and (
                keyword == "msgctxt" or (keyword == "msgid" and keyword in entry.texts)
            ):
                finish()
                keyword = found[1]
            entry.obsolete = is_obsolete
            entry.line = entry.line or number
            if keyword in entry.texts:
                entry.broken_at = entry.broken_at or number
            entry.texts.setdefault(keyword, "")
            _add(entry, keyword, rest, number)
        else:
            entry.broken_at = entry.broken_at or number
    finish()
    return entries


def _add(entry: Entry, keyword: str, quoted: str, number: int):
    found = _TEXT.fullmatch(quoted)
    if not keyword or not found:
        entry.broken_at = entry.broken_at or number
        # As much of it as there is, to say which entry it was.
        found = re.match(r'"?((?:[^"\\]|\\.)*)', quoted)
    entry.texts[keyword or "?"] = entry.texts.get(keyword or "?", "") + _ESCAPE.sub(
        lambda escape: _ESCAPES.get(escape[1], escape[1]), found[1]
    )
