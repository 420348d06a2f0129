from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One result. ``ratio`` is ``value`` divided by what ``reference`` came to in the same run."""

    name: str
    value: float
    unit: str
    reference: str
    ratio: float
