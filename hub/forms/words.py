"""Questions with a limit in words, which people keep to more easily than to one in characters."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

# Nobody is sent back for a word or two: a tenth more is taken than is said.
SLACK = 10  # per cent

_WORD = re.compile(r"\S*\w\S*")


def count(text: str) -> int:
    """The words of ``text``: what spaces divide and a letter or digit is in."""
    return len(_WORD.findall(text))


@dataclass(frozen=True)
class WordCount:
    """How many words were written of those there is room for, in words.

    ``pattern`` and ``pattern_over`` are the same sentences with {n} and {over} in place of numbers,
    for the script that goes on counting.
    """

    words: int
    limit: int

    @property
    def most(self) -> int:
        return WordLimit(self.limit).most

    @property
    def is_over(self) -> bool:
        return self.words > self.most

    @property
    def pattern(self) -> str:
        return ngettext("{n} of %(limit)d word", "{n} of %(limit)d words", self.limit) % {
            "limit": self.limit
        }

    @property
    def pattern_over(self) -> str:
        return ngettext(
            "{n} of %(limit)d word: {over} too many",
            "{n} of %(limit)d words: {over} too many",
            self.limit,
        ) % {"limit": self.limit}

    def __str__(self):
        sentence = self.pattern_over if self.is_over else self.pattern
        over = str(self.words - self.limit)
        return sentence.replace("{n}", str(self.words)).replace("{over}", over)


class WordLimit:
    """Says how many words to take out, once there are more than the limit and its slack."""

    def __init__(self, limit: int):
        self.limit = limit

    @property
    def most(self) -> int:
        return self.limit + self.limit * SLACK // 100

    def __call__(self, value: str):
        words = count(value)
        if words > self.most:
            excess = words - self.limit
            raise ValidationError(
                ngettext(
                    "Take out %(excess)d word: there is room for %(limit)d.",
                    "Take out %(excess)d words: there is room for %(limit)d.",
                    excess,
                )
                % {"excess": excess, "limit": self.limit},
                code="max_words",
            )
