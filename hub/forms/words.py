"""Questions with a limit in words, which people keep to more easily than to one in characters."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

# Nobody is sent back for a word or two: a tenth more is taken than is said.
SLACK = 10  # per cent

_WORD = re.compile(r"\S*\w\S*")


def count(text: str) -> int:
    """The words of ``text``: what spaces divide and a letter or digit is in."""
    return len(_WORD.findall(text))


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
