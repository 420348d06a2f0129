"""Searching lists that hold people, without their names standing in any address.

Wagtail's lists are searched by GET: what is typed stands in the address, and with it in the browser's
history and the server's log. Here it is sent by POST and kept in the session of whoever searches.
"""

from django import forms
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from hub.forms.builder import LengthValidator, refuse_controls

LONGEST = 200
# What a new search leaves behind: the page of the list, and words that somebody put into the address.
_LEFT_BEHIND = ("p", "q")


class WordsForm(forms.Form):
    words = forms.CharField(
        label=_("Search"), required=False, validators=[refuse_controls, LengthValidator(LONGEST)]
    )


class PrivateSearchMixin:
    """For Wagtail's IndexView, before it in the list of bases.

    Its template includes hub/admin/private_search.html. Filters, order, pages and spreadsheets keep to
    what is searched for, which stays until it is changed or taken back.
    """

    is_searchable = False  # by GET
    search_hint = ""

    @cached_property
    def search_query(self) -> str:
        return self.request.session.get(self._search_key, "")

    @property
    def _search_key(self) -> str:
        return f"search:{self.index_url}"

    def post(self, request, *args, **kwargs):
        form = WordsForm(request.POST)
        if "clear" in request.POST:
            request.session.pop(self._search_key, None)
        elif form.is_valid():
            request.session[self._search_key] = form.cleaned_data["words"]
        else:
            messages.error(request, form.errors["words"][0])
        query = request.GET.copy()
        for name in _LEFT_BEHIND:
            query.pop(name, None)
        return redirect(self.index_url + (f"?{query.urlencode()}" if query else ""))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "is_searching": self.is_searching,
            "search_words": self.search_query,
            "search_hint": self.search_hint,
        }
