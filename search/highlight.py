"""The passage of a page that answers a query best, with the words found marked."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hub.stemming import spellings, words

# In words: about three lines on a desk, and how many of them may stand before the first hit.
PASSAGE_LENGTH = 40
LEAD = 10
# In characters: what lies behind (in a long attachment) is found, but no passage is taken from it.
MAX_TEXT = 60_000

ELLIPSIS = "…"
_SENTENCE_END = re.compile(r"[.!?…؟।][”\"’»)\]]*\s|[。\n]")


class Word(NamedTuple):
    """Where a word stands in a text, and the term it was found by: "" if by none."""

    start: int
    end: int
    term: str


class Highlighter:
    """Marks the words whose stems are among ``terms``: whole words only, all text escaped."""

    def __init__(self, terms: Collection[str], language: str):
        self.terms = frozenset(terms)
        self.language = language

    def marked(self, text: str) -> SafeString:
        """All of ``text``, the words found in <mark>."""
        return _marked(text, self._words(text), 0, len(text))

    def passage(self, parts: Iterable[str]) -> SafeString:
        """The best few lines of a text in parts; "" if none of the terms is in it."""
        text = "\n".join(" ".join(part.split()) for part in parts)[:MAX_TEXT]
        found = self._words(text)
        if not any(word.term for word in found):
            return SafeString()
        start, end, before, after = _bounds(text, found, *_best_window(found))
        return format_html("{}{}{}", before, _marked(text, found, start, end), after)

    def _words(self, text: str) -> list[Word]:
        return [Word(start, end, self._term(word)) for start, end, word in words(text)]

    def _term(self, word: str) -> str:
        return next((one for one in spellings(word, self.language) if one in self.terms), "")


def opening(parts: Iterable[str]) -> str:
    """The first lines of a text in parts, for a result with nothing to mark in its text."""
    text = next((part for part in parts if part.strip()), "").split()
    return " ".join(text[:PASSAGE_LENGTH]) + (ELLIPSIS if len(text) > PASSAGE_LENGTH else "")


def _best_window(found: list[Word]) -> tuple[int, int]:
    """The words to show, as a range: most different terms, then most hits, then nearest the top."""
    hits = [number for number, word in enumerate(found) if word.term]
    inside: Counter[str] = Counter()
    best, best_score, last = 0, (0, 0), 0
    for number in hits:
        while last < len(hits) and hits[last] < number + PASSAGE_LENGTH - LEAD:
            inside[found[hits[last]].term] += 1
            last += 1
        score = len(+inside), inside.total()
        if score > best_score:
            best, best_score = number, score
        inside[found[number].term] -= 1
    first = max(0, min(best - LEAD, len(found) - PASSAGE_LENGTH))
    return first, min(len(found), first + PASSAGE_LENGTH)


def _bounds(text: str, found: list[Word], first: int, last: int) -> tuple[int, int, str, str]:
    """Where the passage starts and ends, and what stands before and after it.

    Begins with the sentence of the first hit and ends with a sentence if that is close by, else
    with an ellipsis.
    """
    hits = [word for word in found[first:last] if word.term]
    start, before = found[first].start, ELLIPSIS
    if sentences := list(_SENTENCE_END.finditer(text, start, hits[0].start)):
        start, before = sentences[-1].end(), ""
    elif first == 0:
        start, before = 0, ""
    end, after = found[last - 1].end, ELLIPSIS
    if last == len(found):
        end, after = len(text), ""
    elif sentences := list(_SENTENCE_END.finditer(text, hits[-1].end, found[last].start)):
        end, after = sentences[-1].end(), ""
    return start, end, before, after


def _marked(text: str, found: list[Word], start: int, end: int) -> SafeString:
    """``text`` from start to end, the parts it is made of set apart by an ellipsis."""
    pieces, position = [], start
    for word in found:
        if word.term and start <= word.start and word.end <= end:
            pieces.append((_in_line(text[position : word.start]), text[word.start : word.end]))
            position = word.end
    rest = _in_line(text[position:end].rstrip())
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), rest)


def _in_line(text: str) -> str:
    return text.replace("\n", f" {ELLIPSIS} ")
