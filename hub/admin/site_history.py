"""Wagtail's report of everything that was done, without what has a history of its own.

There, whoever has any right to a kind of thing reads of every one of them. Of what is hidden from some
who may see others of its kind, its own pages show what was done, to those who may see it.
"""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.audit_logging import LogEntriesView


class SiteHistoryView(LogEntriesView):
    def filter_queryset(self, queryset):
        own = [model for model in apps.get_models() if getattr(model, "has_own_history", False)]
        types = ContentType.objects.get_for_models(*own).values()
        return super().filter_queryset(queryset).exclude(content_type__in=types)


def _view(**options):
    return never_cache(require_admin_access(SiteHistoryView.as_view(**options)))


# Included before Wagtail's own: what hooks add comes after them.
urlpatterns = [
    path("site-history/", _view()),
    path("site-history/results/", _view(results_only=True)),
]
