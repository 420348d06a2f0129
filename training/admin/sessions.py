"""The list of sessions: where each is in its life, and the way to its people."""

from django.conf import settings
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView
from wagtail.permissions import page_permission_policy

from hub.admin.pages import CHANGED_AND_STATUS, TITLE, HubPageListing
from training.admin.desk import may_see_people, roster_url, seats_in_words
from training.admin.front import IN_LINE
from training.models import Roster, SessionPage
from training.models.roster import facts_of


class RosterLinkColumn(Column):
    """Seats taken; for who may see the people, the way to them."""

    cell_template_name = "training/admin/cells/roster_link.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        if instance.roster.pk and may_see_people(context["request"].user):
            context["url"] = roster_url(instance.roster.pk)
        return context


class SessionIndexView(IndexView):
    """One row for each session: the pages of its other languages would show the same roster.

    A translator, who cannot see the source page, finds the translation in its place.
    """

    def get_base_queryset(self):
        seen = page_permission_policy.explorable_instances(self.request.user)
        is_source = Q(locale__language_code=settings.LANGUAGE_CODE)
        sources = SessionPage.objects.filter(is_source, pk__in=seen.values("pk"))
        return (
            super()
            .get_base_queryset()
            .filter(is_source | ~Q(translation_key__in=sources.values("translation_key")))
        )

    def get_table(self, object_list):
        pages = list(object_list)
        prefetch_related_objects(pages, "format")
        keys = [page.translation_key for page in pages]
        rosters = Roster.objects.filter(session_key__in=keys).annotate(line=IN_LINE)
        stored = {roster.session_key: roster for roster in rosters}
        for page in pages:
            page.roster = stored.get(page.translation_key) or Roster(
                session_key=page.translation_key, **facts_of(page)
            )
        return super().get_table(pages)


class SessionListing(HubPageListing):
    model = SessionPage
    icon = "date"
    menu_label = _("Sessions")
    menu_order = 210
    index_view_class = SessionIndexView
    columns = [
        *TITLE,
        Column("starts", label=_("Starts"), accessor="starts_label", sort_key="starts_at"),
        RosterLinkColumn(
            "seats", label=_("Seats taken"), accessor=lambda page: seats_in_words(page.roster)
        ),
        Column(
            "line",
            label=_("Waiting list"),
            accessor=lambda page: getattr(page.roster, "line", 0) or "",
        ),
        Column("stage", label=_("Registration"), accessor=lambda page: page.stage.label),
        Column("format", label=_("Format"), accessor="format"),
        Column("language", label=_("Language"), accessor="language_name", sort_key="language"),
        *CHANGED_AND_STATUS,
    ]
