"""Filters of a list, with how many items each choice would leave.

All input goes through a form. A value that nobody offers (an old link, a typing slip) is left out
and named in ``ignored``, so that the page can say so instead of showing an empty list or an error.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms


@dataclass
class Choice:
    value: str
    label: str
    count: int
    checked: bool

    @property
    def disabled(self) -> bool:
        return not self.count and not self.checked


@dataclass
class Facet:
    """One group of choices. An item passes if it has any of the checked values, or none is checked."""

    name: str
    label: str
    labels: dict[str, Any]
    values_of: Callable[[Any], Iterable[str]]
    checked: list[str]
    choices: list[Choice]

    def passes(self, item) -> bool:
        return not self.checked or not set(self.checked).isdisjoint(self.values_of(item))


class OfferedChoicesField(forms.MultipleChoiceField):
    """Keeps what is offered and remembers what is not, instead of refusing the whole form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, required=False, **kwargs)
        self.ignored: list[str] = []

    def clean(self, value):
        self.ignored = [item for item in value or [] if not self.valid_value(item)]
        return super().clean([item for item in value or [] if self.valid_value(item)])


class FacetedFilter:
    """Filters ``items`` by the facets that a subclass lists in ``facets()``.

    A choice's count says how many items would be listed if it were the only one checked in its
    group, the other groups as they are.
    """

    def __init__(self, query, items: Iterable):
        self.all = list(items)
        self.facets = self.make_facets()
        form = forms.Form(query)
        for facet in self.facets:
            form.fields[facet.name] = OfferedChoicesField(choices=list(facet.labels.items()))
        form.is_valid()
        for facet in self.facets:
            facet.checked = form.cleaned_data.get(facet.name, [])
        self.ignored = [item for field in form.fields.values() for item in field.ignored]
        self.items = [item for item in self.all if all(facet.passes(item) for facet in self.facets)]
        for facet in self.facets:
            facet.choices = self._counted(facet)

    def make_facets(self) -> list[Facet]:
        return []

    @staticmethod
    def facet(name: str, label: str, labels: dict, values_of) -> Facet:
        return Facet(name, label, labels, values_of, checked=[], choices=[])

    @property
    def is_filtered(self) -> bool:
        return any(facet.checked for facet in self.facets)

    def _counted(self, facet: Facet) -> list[Choice]:
        others = [other for other in self.facets if other is not facet]
        counts = Counter(
            value
            for item in self.all
            if all(other.passes(item) for other in others)
            for value in set(facet.values_of(item))
        )
        return [
            Choice(value, label, counts[value], value in facet.checked)
            for value, label in facet.labels.items()
        ]
