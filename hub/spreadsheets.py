"""Files for spreadsheets, for staff and for everybody: nothing in a cell is run."""

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO

from django.http import FileResponse

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


def csv_response(filename: str, columns: Iterable[str], rows: Iterable[Iterable]) -> FileResponse:
    """A table as a CSV file to download, with the names of its columns in the first row.

    A file, as which it is not taken for a page that nobody has translated (hub.translation.demand).
    """
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([without_formula(value) for value in row] for row in rows)
    content = BytesIO((_BYTE_ORDER_MARK + file.getvalue()).encode())
    return FileResponse(
        content, as_attachment=True, filename=filename, content_type="text/csv; charset=utf-8"
    )
