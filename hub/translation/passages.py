"""Which passages of a published translation are out of date, and how readers are told.

A passage is a paragraph of running text, or else a block or a field. Only those whose source has
changed since the translation was published are marked, each with the source as it is now.
"""

from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from wagtail_localize.models import String, TranslationSource
from wagtail_localize.strings import extract_strings, restore_strings

from hub.models import TranslationTask

CHANGED, NEW, GONE = "changed", "new", "gone"
# Streams whose blocks go through components/stream.html, which marks them where they stand.
_IN_PLACE = {
    "agenda",
    "body",
    "discussion",
    "how_to_ask",
    "materials",
    "next_steps",
    "outcomes",
    "timeline",
    "write_up",
}


def outdated(source: TranslationSource, published: dict, current: dict) -> list[dict]:
    """What differs between the texts a translation was made from and those of the source now.

    Each entry: ``kind`` (changed, new, gone), ``field``, ``block`` (id of the block or key of the
    child row; "" for a plain field), ``at`` (position of the text in its path, in the published
    translation), ``after`` (for what is new: the block it follows, "" at the start) and ``source``
    (HTML of the current source, "" for what is gone). Texts that only moved are not listed.
    """
    gone, come = surplus(published, current)
    found: list[dict] = []
    words: list[list[int]] = []
    previous_block: dict[str, str] = {}
    for path, new in current.items():
        field_name, block = place(path)
        old = published.get(path)
        if old is None:
            added = [string for string in new if take(come, string)]
            if added:
                found.append(
                    _entry(NEW, field_name, block, None, previous_block.get(field_name, ""))
                )
                words.append(added)
        else:
            for entry, strings in _within(field_name, block, old, new, gone, come):
                found.append(entry)
                words.append(strings)
            previous_block[field_name] = block
    for path, old in published.items():
        if path not in current and sum(take(gone, string) for string in old):
            found.append(_entry(GONE, *place(path), None, ""))
            words.append([])
    html = {
        string.pk: _plain(string.data)
        for string in String.objects.filter(pk__in={pk for pks in words for pk in pks})
    }
    for entry, strings in zip(found, words, strict=True):
        entry["source"] = " ".join(html.get(string, "") for string in strings)
    return found


def surplus(before: dict, after: dict) -> tuple[Counter, Counter]:
    """How many more times each String stands in ``before`` than in ``after``, and the reverse.

    What only moved is in neither.
    """
    was = Counter(string for strings in before.values() for string in strings)
    now = Counter(string for strings in after.values() for string in strings)
    return was - now, now - was


def take(counter: Counter, string: int) -> bool:
    """Takes one of ``string`` out of ``counter``; whether there was one."""
    if counter[string] <= 0:
        return False
    counter[string] -= 1
    return True


def _within(field_name, block, old, new, gone, come):
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        left = [i for i in range(i1, i2) if take(gone, old[i])]
        added = [string for string in new[j1:j2] if take(come, string)]
        for n, position in enumerate(left):
            # The last of the changed texts takes along what there is more of in the source.
            strings = added[n:] if n == len(left) - 1 else added[n : n + 1]
            yield _entry(CHANGED if strings else GONE, field_name, block, position, ""), strings
        if added and not left:
            yield _entry(NEW, field_name, block, max(i1 - 1, 0), ""), added


def _entry(kind, field_name, block, at, after) -> dict:
    return {"kind": kind, "field": field_name, "block": block, "at": at, "after": after}


def place(path: str) -> tuple[str, str]:
    """The field and the block of a content path: ``body.<id>.text`` is ("body", "<id>")."""
    field_name, _dot, rest = path.partition(".")
    return field_name, rest.partition(".")[0]


def _plain(html: str) -> str:
    """A text without its links, whose addresses it does not know; emphasis stays."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(True):
        if tag.name not in {"b", "strong", "i", "em", "br"}:
            tag.unwrap()
        tag.attrs = {}
    return str(soup)


@dataclass
class Freshness:
    """What a page's template asks: ``entries`` as outdated() made them."""

    entries: list[dict] = field(default_factory=list)

    def __bool__(self):
        return bool(self.entries)

    def __len__(self):
        return len(self.entries)

    def of_block(self, block_id: str) -> list[dict]:
        return [
            entry for entry in self.entries if entry["block"] == block_id and entry["kind"] != NEW
        ] + [
            entry
            for entry in self.entries
            if entry["kind"] == NEW
            and (
                entry["after"] == block_id
                or (entry["at"] is not None and entry["block"] == block_id)
            )
        ]

    @property
    def elsewhere(self) -> list[dict]:
        """What no block of a body shows, to be said at the top of the page."""
        return [
            entry
            for entry in self.entries
            if entry["field"] not in _IN_PLACE
            or (entry["kind"] == NEW and entry["at"] is None and not entry["after"])
        ]


def freshness(page) -> Freshness:
    """What ``page``, a translation, is to warn its readers of. One query."""
    entries = (
        TranslationTask.objects.filter(
            translation__source__object_id=page.translation_key,
            translation__target_locale=page.locale_id,
            translation__enabled=True,
        )
        .values_list("outdated", flat=True)
        .first()
    )
    for entry in entries or []:
        field = page._meta.get_field(entry["field"])
        name = getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name
        entry["label"] = name[:1].upper() + name[1:]
    return Freshness(entries or [])


def mark_block(html: str, entries: list[dict], *, by_paragraph: bool) -> SafeString:
    """The rendered block with its outdated passages marked.

    ``by_paragraph`` for running text, whose entries name the paragraph; anything else is marked as
    a whole, with all its new texts beneath.
    """
    if by_paragraph:
        html, entries = _mark_paragraphs(html, entries)
    if not entries:
        return mark_safe(html)  # noqa: S308 - rendered by our own templates
    changed = any(entry["kind"] != NEW for entry in entries)
    if html.strip().startswith("<li>"):  # in a list there may be nothing around an item
        notes = "".join(
            render_to_string("components/outdated_note.html", {"entry": entry}) for entry in entries
        )
        start, _item, rest = html.partition("<li>")
        inside, _end, after = rest.rpartition("</li>")
        item = '<li class="outdated">' if changed else "<li>"
        return mark_safe(f"{start}{item}{inside}{notes}</li>{after}")  # noqa: S308 - likewise
    return mark_safe(  # noqa: S308 - likewise
        render_to_string(
            "components/outdated_block.html",
            {
                "html": mark_safe(html),  # noqa: S308 - likewise
                "entries": entries,
                "whole": changed,
            },
        )
    )


def _mark_paragraphs(html: str, entries: list[dict]) -> tuple[str, list[dict]]:
    template, strings = extract_strings(html)
    soup = BeautifulSoup(template, "html.parser")
    left = []
    for entry in entries:
        text = entry["at"] is not None and soup.find("text", position=str(entry["at"]))
        if not text:
            left.append(entry)
            continue
        element = text.parent
        note = BeautifulSoup(
            render_to_string("components/outdated_note.html", {"entry": entry}).strip(),
            "html.parser",
        )
        if entry["kind"] != NEW:
            element["class"] = [*element.get("class", []), "outdated"]
        if element.name in {"li", "td", "th", "div", "blockquote"}:
            element.append(note)
        else:
            element.insert_after(note)
    return restore_strings(str(soup), strings), left
