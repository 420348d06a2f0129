"""The requests that somebody has to decide, in the order in which their windows close."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views import generic

from funding.admin.desk import policy
from funding.admin.export import QueueExportMixin
from funding.models import GrantRequest, RequestStatus
from funding.reviews import REVIEWERS
from hub import languages
from hub.admin.private_search import PrivateSearchMixin
from hub.countries import country_name
from hub.forms.amounts import amount_in_words
from hub.staff import name_of

PER_PAGE = 50
ANY, MINE, NOBODY, YES = "any", "me", "nobody", "yes"


class QueueFilterSet(WagtailFilterSet):
    """Without a status it shows what is to be decided (QueueView)."""

    status = django_filters.MultipleChoiceFilter(
        label=_("Status"),
        method="of_status",
        choices=[
            *(choice for choice in RequestStatus.choices if choice[0] != RequestStatus.DRAFT),
            (ANY, _("Whatever the status")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    assignee = django_filters.ChoiceFilter(
        label=_("Assigned to"),
        method="assigned_to",
        choices=[(MINE, _("Me")), (NOBODY, _("Nobody yet"))],
        empty_label=_("Anybody"),
    )
    locale = django_filters.MultipleChoiceFilter(
        label=_("Language"),
        choices=languages.locale_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    country = django_filters.ChoiceFilter(
        label=_("Country"), method="in_country", empty_label=_("All countries")
    )
    late = django_filters.MultipleChoiceFilter(
        label=_("Target date"),
        method="late_ones",
        choices=[(YES, _("Late"))],
        widget=forms.CheckboxSelectMultiple,
    )
    confidential = django_filters.MultipleChoiceFilter(
        label=_("Confidential"),
        method="confidential_ones",
        choices=[(YES, _("Confidential ones"))],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = GrantRequest
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["country"].extra["choices"] = self.countries()

    @property
    def visible(self):
        return GrantRequest.objects.visible_to(self.request.user)

    def countries(self) -> list[tuple[str, str]]:
        codes = self.visible.order_by().values_list("country", flat=True).distinct()
        named = [(code, country_name(code)) for code in codes if code]
        return sorted(named, key=lambda choice: choice[1])

    def of_status(self, requests, name, value):
        return requests if not value or ANY in value else requests.filter(status__in=value)

    def assigned_to(self, requests, name, value):
        return requests.filter(assignee=self.request.user if value == MINE else None)

    def in_country(self, requests, name, value):
        # Of a bare row, the country is not to be found out.
        return requests.filter(pk__in=self.visible.filter(country=value).values("pk"))

    def late_ones(self, requests, name, value):
        return requests.late() if value else requests

    def confidential_ones(self, requests, name, value):
        return requests.filter(is_confidential=True) if value else requests


class QueueColumn(BaseColumn):
    """A cell with a template of its own, which knows the request as ``grant_request``."""

    def __init__(self, name, **kwargs):
        super().__init__(name, **kwargs)
        self.cell_template_name = f"funding/admin/cells/{name}.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"grant_request": instance}


class QueueView(QueueExportMixin, PrivateSearchMixin, generic.IndexView):
    """An officer's queue, or what a reviewer was asked to review.

    Confidential requests that nobody has taken are bare rows in it: when, and in which language, so that
    somebody takes them. Neither search nor filters find them by what is in them.
    """

    model = GrantRequest
    permission_policy = policy
    permission_required = "view"
    any_permission_required = None
    page_title = _("Grant requests")
    header_icon = "clipboard-list"
    template_name = "funding/admin/queue.html"
    results_template_name = "funding/admin/queue_results.html"
    filterset_class = QueueFilterSet
    search_hint = _("Goal, organisation, reference …")
    default_ordering = "window"
    paginate_by = PER_PAGE
    table_classname = "listing roster queue"
    columns = [
        QueueColumn("request", label=_("Request")),
        QueueColumn("window", label=_("Window closes"), sort_key="window"),
        QueueColumn("target", label=_("To be decided by"), sort_key="target"),
        QueueColumn("amount", label=_("Amount")),
        QueueColumn("country", label=_("Country")),
        QueueColumn("language", label=_("Language")),
        QueueColumn("status", label=_("Status")),
        QueueColumn("assignee", label=_("Assigned to")),
        QueueColumn("reviews", label=_("Reviews")),
    ]

    def dispatch(self, request, *args, **kwargs):
        if self.is_export and not self.user_has_permission("change"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_index_url(self):
        return reverse("grant_requests:index")

    def get_index_results_url(self):
        return reverse("grant_requests:index_results")

    @cached_property
    def is_officer(self) -> bool:
        return self.user_has_permission("change")

    def visible(self):
        return GrantRequest.objects.visible_to(self.request.user)

    def get_base_queryset(self):
        listed = GrantRequest.objects.listed_to(self.request.user)
        return listed.select_related("assignee").prefetch_related("reviews")

    def order_queryset(self, queryset):
        ordered = queryset.in_reading_order()
        if self.ordering.endswith("target"):
            ordered = queryset.order_by(F("target_on").asc(nulls_last=True), "sent_at", "pk")
        return ordered.reverse() if self.ordering.startswith("-") else ordered

    def filter_queryset(self, queryset):
        form = self.filters.form
        if not (form.is_valid() and form.cleaned_data["status"]):
            queryset = queryset.undecided()
        return super().filter_queryset(queryset)

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        found = self.visible().search(self.search_query).values("pk")
        by_reference = Q(reference__iexact=self.search_query.strip())
        return queryset.filter(by_reference | Q(pk__in=found))

    @cached_property
    def no_results_message(self):
        if self.is_searching or self.is_filtering:
            return _("No request fits. Take a filter away, or search for less.")
        if self.is_officer:
            return _("No request waits for a decision.")
        return _("You are not asked to review anything.")

    def get_table(self, object_list):
        requests = list(object_list)
        visible = set(
            self.visible()
            .filter(pk__in=[found.pk for found in requests])
            .values_list("pk", flat=True)
        )
        codes = languages.locale_codes()
        for found in requests:
            found.is_bare = found.pk not in visible
            found.assignee_name = name_of(found.assignee) if found.assignee else ""
            found.language_code = codes[found.locale_id]
            found.language = languages.own_name(found.language_code)
            if not found.is_bare:
                self.fill(found)
        return super().get_table(requests)

    def fill(self, found: GrantRequest):
        """What the cells of a request say that one may read."""
        found.country_name = country_name(found.country) if found.country else ""
        if found.amount is not None:
            found.amount_in_words = amount_in_words(found.amount, found.currency)
        found.reviews_given = sum(review.is_given for review in found.reviews.all())
        found.reviews_due = REVIEWERS

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "is_officer": self.is_officer,
        }
