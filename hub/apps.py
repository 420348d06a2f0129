import logging

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hub.logs import PrivateRecord


class HubConfig(AppConfig):
    name = "hub"
    verbose_name = _("Hub")

    def ready(self):
        from hub import checks, private_files, signals  # noqa: F401 - registered by being imported
        from hub.translation import signals as translation_signals  # noqa: F401

        logging.setLogRecordFactory(PrivateRecord)
        _offer_no_aliases()


def _offer_no_aliases():
    """Takes wagtail-localize's "Synchronise content from another locale" out of the locale form.

    It fills a new language with aliases: live pages in the words of another language.
    """
    from django.db.models.signals import post_save
    from wagtail_localize.locales.components import LOCALE_COMPONENTS
    from wagtail_localize.models import LocaleSynchronization, sync_trees_on_locale_sync_save

    LOCALE_COMPONENTS[:] = [
        component
        for component in LOCALE_COMPONENTS
        if component["model"] is not LocaleSynchronization
    ]
    post_save.disconnect(sync_trees_on_locale_sync_save, sender=LocaleSynchronization)
