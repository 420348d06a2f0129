"""Lists of people as spreadsheets: nothing in a cell is run, and whoever takes one is written down."""

from django.conf import settings
from django.utils import translation

from hub.spreadsheets import without_formula

# Rows read from the database at a time, so that a long list is never held as a whole.
CHUNK = 500


class LoggedExportMixin:
    """For Wagtail's IndexView, before it in the list of bases: ?export=csv and ?export=xlsx.

    A file holds whatever the list is filtered by, in the source language.
    """

    def get(self, request, *args, **kwargs):
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        rows, file_format = self.get_queryset(), request.GET["export"]
        self.log_export(rows.count(), file_format.upper())
        with translation.override(settings.LANGUAGE_CODE):
            headings = self.prepare_export()
        self.list_export = list(headings)
        self.export_headings = {
            name: without_formula(heading) for name, heading in headings.items()
        }
        return self.as_spreadsheet(rows.iterator(chunk_size=CHUNK), file_format)

    def log_export(self, count: int, file_format: str):
        """Writes down who takes how many rows."""
        raise NotImplementedError

    def prepare_export(self) -> dict[str, str]:
        """The headings by the name of the column. A file is written when the request is over: what
        its rows need to know has to be found out here."""
        raise NotImplementedError

    def row(self, item) -> dict:
        """What a row holds, by the name of the column."""
        raise NotImplementedError

    def to_row_dict(self, item):
        with translation.override(settings.LANGUAGE_CODE):
            return self.row(item)

    def preprocess_field_value(self, field, value, export_format):
        return without_formula(super().preprocess_field_value(field, value, export_format))
