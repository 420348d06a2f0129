import re

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.filters import OfferedChoicesField

# In characters. Longer texts are cut, not refused: somebody has pasted a paragraph.
MAX_QUERY = 200

_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]"
)


class QueryField(forms.CharField):
    """What a reader typed, in one line, without control and direction characters."""

    widget = forms.SearchInput(attrs={"maxlength": MAX_QUERY, "autocapitalize": "none"})

    def bound_data(self, data, initial):
        return self.to_python(data)

    def to_python(self, value):
        visible = _INVISIBLE.sub(" ", super().to_python(value))
        return " ".join(visible.split())[:MAX_QUERY].rstrip()


class SearchForm(forms.Form):
    """The query and the filters. Nothing a reader sends makes it invalid; see ``ignored``."""

    q = QueryField(label=_("Search the hub"), required=False)
    kind = OfferedChoicesField(label=_("Kind"))
    topic = OfferedChoicesField(label=_("Topic"))

    def __init__(self, data, kinds: dict, topics: dict):
        super().__init__(data)
        self.fields["kind"].choices = list(kinds.items())
        self.fields["topic"].choices = list(topics.items())

    @property
    def ignored(self) -> list[str]:
        """The filter values that are not offered, as much of them as fits in a sentence."""
        values = [value for name in ("kind", "topic") for value in self.fields[name].ignored]
        return [value[:40] for value in values[:5]]
