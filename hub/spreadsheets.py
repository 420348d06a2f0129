"""Files for spreadsheets, for staff and for everybody: nothing in a cell is run."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# What makes a spreadsheet take a cell for a formula; the last four are the full-width forms that
# East Asian settings read the same.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Without it, spreadsheets read UTF-8 as something else.
_BYTE_ORDER_MARK = "\ufeff"


def without_formula(value):
    """The value of a cell, with an apostrophe before what a spreadsheet would run."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def csv_response(filename: str, columns: Iterable[str], rows: Iterable[Iterable]) -> HttpResponse:
    """A table as a CSV file to download, with the names of its columns in the first row."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([without_formula(value) for value in row] for row in rows)
    response = HttpResponse(_BYTE_ORDER_MARK + file.getvalue(), content_type="text/csv")
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response
