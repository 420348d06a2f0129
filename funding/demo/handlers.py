"""What the demo's pages of this app say beyond plain fields."""

from funding.demo.people import add_requests
from funding.models import Criterion


def criteria(loader, page, rows):
    page.criteria = [
        Criterion(locale=page.locale, sort_order=i, **row) for i, row in enumerate(rows)
    ]


HANDLERS = {"criteria": criteria, "after:funding.RequestPage": add_requests}
VOCABULARIES = {}
