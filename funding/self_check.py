"""Whether a request would fit, before anybody writes one: answered on the page, and kept nowhere."""

from dataclasses import dataclass

from django import forms

from funding.models.criteria import CriteriaVersion, CriterionThen


class KnownKeysField(forms.MultipleChoiceField):
    """Takes what it knows and leaves out the rest: of a link from before, some criteria may be gone."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        given = super().to_python(value)
        return [key for key in given if self.valid_value(key)]


class SelfCheckForm(forms.Form):
    """Sent by GET. ``met`` are the required criteria that one meets, ``applies`` what is not funded and
    would be part of the request."""

    check = forms.BooleanField(required=False)
    met = KnownKeysField(required=False)
    applies = KnownKeysField(required=False)

    def __init__(self, data, version: CriteriaVersion):
        super().__init__(data)
        self.version = version
        self.fields["met"].choices = _choices(version.required)
        self.fields["applies"].choices = _choices(version.not_funded)


def _choices(criteria: list[CriterionThen]) -> list[tuple[str, str]]:
    return [(criterion.key, criterion.statement) for criterion in criteria]


@dataclass(frozen=True)
class SelfCheck:
    """``missing`` are the required criteria that are not met, ``in_the_way`` what is not funded."""

    met: set[str]
    applies: set[str]
    missing: list[CriterionThen]
    in_the_way: list[CriterionThen]

    @property
    def fits(self) -> bool:
        return not self.missing and not self.in_the_way


def check(data, version: CriteriaVersion) -> SelfCheck | None:
    """What the self-check says; None as long as nobody has asked it."""
    form = SelfCheckForm(data, version)
    form.is_valid()
    given = form.cleaned_data
    if not given.get("check"):
        return None
    met, applies = set(given["met"]), set(given["applies"])
    return SelfCheck(
        met,
        applies,
        missing=[criterion for criterion in version.required if criterion.key not in met],
        in_the_way=[criterion for criterion in version.not_funded if criterion.key in applies],
    )
