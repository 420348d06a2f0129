"""A fund's page was published."""

from wagtail.signals import page_published

from funding.criteria import settle
from funding.models import FundPage


def fund_published(instance, **_arguments):
    # Wagtail says so too of a page that is to go public at a time to come.
    if instance.live:
        settle(instance)


page_published.connect(fund_published, sender=FundPage)
