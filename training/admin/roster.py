"""The list of a session's people, across languages, and as a spreadsheet."""

from collections import Counter

import django_filters
from django import forms
from django.db.models import Case, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, Table
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from hub import languages
from hub.admin.private_search import PrivateSearchMixin
from hub.caching import remember
from training import questions
from training.admin.desk import DeskView, seats_in_words
from training.admin.export import RosterExportMixin
from training.admin.steps import steps_for
from training.models import Registration, RegistrationStatus
from training.stages import stage_of

PER_PAGE = 100


class RosterFilterSet(WagtailFilterSet):
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"),
        choices=RegistrationStatus.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    locale = django_filters.MultipleChoiceFilter(
        label=_("Language"), choices=languages.locale_choices, widget=forms.CheckboxSelectMultiple
    )
    access = django_filters.MultipleChoiceFilter(
        label=_("Access needs"),
        method="with_access_needs",
        choices=[("yes", _("Those who need something"))],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Registration
        fields = []

    def with_access_needs(self, registrations, name, value):
        needs = Cast(KT(f"form_data__{questions.ACCESS}"), TextField())
        return registrations.alias(needs=needs).filter(needs__gt="")


class TickColumn(BaseColumn):
    header_template_name = "training/admin/cells/tick_header.html"
    cell_template_name = "training/admin/cells/tick.html"


class RosterColumn(Column):
    """A cell with a template of its own, which knows the registration as ``registration``."""

    def __init__(self, name, **kwargs):
        super().__init__(name, **kwargs)
        self.cell_template_name = f"training/admin/cells/{name}.html"

    def get_cell_context_data(self, instance, parent_context):
        return super().get_cell_context_data(instance, parent_context) | {
            "registration": instance,
            "steps": [step for step in parent_context["steps"] if step.fits(instance)],
            "roster_id": instance.roster_id,
        }


class RosterTable(Table):
    """Tells its cells what can be done with one click."""

    def __init__(self, *args, told: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.told = told

    def get_context_data(self, parent_context):
        return super().get_context_data(parent_context) | self.told


class RosterView(RosterExportMixin, PrivateSearchMixin, DeskView, generic.IndexView):
    model = Registration
    permission_required = "view"
    any_permission_required = None
    template_name = "training/admin/roster.html"
    results_template_name = "training/admin/roster_results.html"
    filterset_class = RosterFilterSet
    search_hint = _("Name, email, reference …")
    default_ordering = "name"
    paginate_by = PER_PAGE
    table_class = RosterTable
    table_classname = "listing roster"
    columns = [
        TickColumn("tick"),
        RosterColumn("person", label=_("Name"), sort_key="name"),
        RosterColumn("address", label=_("Email")),
        RosterColumn("language", label=_("Language")),
        RosterColumn("status", label=_("Status"), sort_key="status"),
        RosterColumn("in_line", label=_("Place in line"), sort_key="line"),
        RosterColumn("registered", label=_("Registered"), sort_key="time"),
    ]
    # The search text begins with the name, without capitals and accents.
    orders = {
        "name": ["search_text", "pk"],
        "status": ["status", "search_text", "pk"],
        "line": [
            Case(When(status=RegistrationStatus.WAITING, then=Value(0)), default=Value(1)),
            "queued_at",
            "pk",
        ],
        "time": ["submit_time", "pk"],
    }

    @cached_property
    def session(self):
        """Remembered, as saving any page forgets it."""
        return remember(f"session:{self.roster.session_key}", lambda: self.roster.source_page)

    def get_page_title(self):
        return self.session.title

    def get_breadcrumbs_items(self):
        *above, _session, here = super().get_breadcrumbs_items()
        return [*above, here]

    def get_index_url(self):
        return self.roster_url

    def get_index_results_url(self):
        return reverse("registrations:roster_results", args=[self.roster.pk])

    def get_base_queryset(self):
        return self.roster.registrations.all()

    def search_queryset(self, queryset):
        return queryset.search(self.search_query)

    def order_queryset(self, queryset):
        ordered = queryset.order_by(*self.orders[self.ordering.lstrip("-")])
        return ordered.reverse() if self.ordering.startswith("-") else ordered

    @cached_property
    def no_results_message(self):
        if self.is_searching or self.is_filtering:
            return _("Nobody on this roster fits. Take a filter away, or search for less.")
        return _("Nobody has registered yet.")

    @cached_property
    def header_buttons(self):
        return [
            HeaderButton(
                label=_("Add a person"),
                url=reverse("registrations:add", args=[self.roster.pk]),
                icon_name="plus",
            )
        ]

    @cached_property
    def standing(self) -> list[tuple[int, str]]:
        """Everybody's number and status, first come first: for the counts and the line. One query."""
        everybody = self.roster.registrations.order_by("queued_at", "pk")
        return list(everybody.values_list("pk", "status"))

    def places_in_line(self) -> dict[int, int]:
        line = [pk for pk, status in self.standing if status == RegistrationStatus.WAITING]
        return {pk: place for place, pk in enumerate(line, start=1)}

    def status_counts(self) -> list[dict]:
        counts = Counter(status for _pk, status in self.standing)
        return [
            {"status": status, "count": counts[status]}
            for status in RegistrationStatus
            if counts[status]
        ]

    def get_paginator(self, queryset, *args, **kwargs):
        paginator = super().get_paginator(queryset, *args, **kwargs)
        if not (self.is_searching or self.is_filtering):
            paginator.count = len(self.standing)
        return paginator

    def get_table_kwargs(self):
        return super().get_table_kwargs() | {
            "told": {"steps": [step for step in steps_for(self.roster) if not step.question]}
        }

    def get_table(self, object_list):
        places, codes = self.places_in_line(), languages.locale_codes()
        for registration in object_list:
            registration.place_in_line = places.get(registration.pk)
            registration.language = languages.own_name(codes[registration.locale_id])
        return super().get_table(object_list)

    def links(self) -> list[dict]:
        """The ways from here: each with an address and words."""
        page, user, pk = self.session, self.request.user, [self.roster.pk]
        ways = [(_("Write to people"), reverse("registrations:message", args=pk))]
        if page.live:
            ways.append((_("See the public page"), page.url))
        if page.permissions_for_user(user).can_edit():
            ways += [
                (_("Edit the page"), reverse("wagtailadmin_pages:edit", args=[page.pk])),
                (_("Clone for another day"), reverse("registrations:clone", args=[page.pk])),
            ]
        if self.roster.is_over:
            ways.append(
                (_("What participants thought"), reverse("registrations:opinions", args=pk))
            )
        ways.append((_("What was done"), reverse("registrations:history", args=pk)))
        return [{"label": label, "url": url} for label, url in ways]

    def get_context_data(self, **kwargs):
        query = self.request.GET.urlencode()
        return super().get_context_data(**kwargs) | {
            "steps": steps_for(self.roster),
            "here": self.roster_url + (f"?{query}" if query else ""),
            "stage": stage_of(self.roster),
            "seats": seats_in_words(self.roster),
            "counts": self.status_counts(),
            "links": self.links(),
        }
