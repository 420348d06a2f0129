"""Indexes a page again when what is said on it changes in another table.

Wagtail indexes a page while it is being saved, which is before its child objects are, and knows
nothing of a file that a page merely lists.
"""

from functools import partial

from django.apps import apps
from django.db.models.signals import post_save
from wagtail.search import index
from wagtail.signals import page_published

from hub.models import BasePage


def connect():
    page_published.connect(index_published_page)
    for page_type in apps.get_models():
        if not issubclass(page_type, BasePage):
            continue
        for relation in page_type.searchable_relations:
            if target := _target(page_type, relation):
                post_save.connect(
                    partial(index_pages_with, page_type=page_type, relation=relation),
                    sender=target,
                    weak=False,
                    dispatch_uid=f"search:{page_type.__name__}:{relation}",
                )


def index_published_page(instance, **_arguments):
    if getattr(instance, "searchable_relations", None):
        index.insert_or_update_object(instance)


def index_pages_with(instance, page_type, relation, **_arguments):
    for page in page_type.objects.filter(**{relation: instance}).distinct():
        index.insert_or_update_object(page)


def _target(page_type, relation: str):
    """The model at the end of ``files__document``; None for children, which are saved with the page."""
    child, _separator, rest = relation.partition("__")
    if not rest:
        return None
    model = page_type._meta.get_field(child).related_model
    for name in rest.split("__"):
        model = model._meta.get_field(name).related_model
    return model
