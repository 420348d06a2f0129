"""What a document module promises to write."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Output:
    """A file to hand out: ``build`` writes ``native``; another ``ending`` is converted from it."""

    ending: str
    build: Callable
    native: str
