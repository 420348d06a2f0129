"""A fund's page was published, or somebody's account is deleted."""

from django.db.models.signals import pre_delete
from wagtail.signals import page_published

from funding.criteria import settle
from funding.models import FundPage, Review
from hub.models import User


def fund_published(instance, **_arguments):
    # Wagtail says so too of a page that is to go public at a time to come.
    if instance.live:
        settle(instance)


def user_deleted(instance, **_arguments):
    # Nobody else could be asked in the place of a review that nobody can give.
    Review.objects.filter(reviewer=instance, given_at=None).delete()


pre_delete.connect(user_deleted, sender=User)
page_published.connect(fund_published, sender=FundPage)
