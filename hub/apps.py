from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HubConfig(AppConfig):
    name = "hub"
    verbose_name = _("Hub")

    def ready(self):
        from hub import checks, signals  # noqa: F401 - registered by being imported
        from hub.translation import signals as translation_signals  # noqa: F401
