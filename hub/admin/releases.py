"""Releases in the admin: the list, the form, and the checklist from which one publishes."""

from django import forms
from django.contrib.auth.models import Permission
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultipleChooserPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Locale
from wagtail.permission_policies import ModelPermissionPolicy

from hub import languages
from hub.admin.todo import Todo
from hub.models import Release
from hub.translation import release as releases
from hub.translation import teams
from hub.translation.release import NotReady


class ReleasePermissionPolicy(ModelPermissionPolicy):
    """Whoever may submit for translation looks after all languages, and so after releases."""

    def user_has_permission(self, user, action):
        return user.is_active and teams.is_editor(user)

    def user_has_any_permission(self, user, actions):
        return self.user_has_permission(user, "change")

    def user_has_permission_for_instance(self, user, action, instance):
        """What has been published is a record."""
        return self.user_has_permission(user, action) and not (
            instance.published_at and action in ("change", "delete")
        )

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return any(
            self.user_has_permission_for_instance(user, action, instance) for action in actions
        )


class ReleaseForm(WagtailAdminModelForm):
    everything_below = forms.BooleanField(
        label=_("With everything below the pages you add now"),
        required=False,
        help_text=_("Adds the pages that lie below them when you save."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        targets = Locale.objects.exclude(pk=Locale.get_default().pk).order_by("pk")
        self.fields["locales"].queryset = targets
        self.fields["locales"].label_from_instance = lambda locale: languages.own_name(
            locale.language_code
        )
        if self.instance._state.adding:
            self.fields["locales"].initial = targets
        self.fields["publish_at"].help_text = gettext(
            "On the clock of your time zone, %(zone)s. Left empty, somebody publishes it by hand."
        ) % {"zone": timezone.get_current_timezone_name()}
        for row in self.page_rows.forms:
            row.fields["page"].error_messages |= {
                "required": gettext(
                    "“%(page)s” has been deleted since. Choose another page or take this line out."
                )
                % {"page": row.instance.title}
                if row.instance.title
                else gettext("Choose a page or take this line out."),
                "invalid_choice": gettext(
                    "This page has been deleted since. Choose another or take this line out."
                ),
            }

    @property
    def page_rows(self):
        return self.formsets["page_rows"]

    def clean_publish_at(self):
        time = self.cleaned_data["publish_at"]
        if time and time <= timezone.now():
            raise forms.ValidationError(
                _("This time has passed. Choose a later one, or none to publish by hand.")
            )
        return time

    def clean(self):
        cleaned = super().clean()
        rows, seen = [], set()
        for row in self.page_rows.forms:
            if row in self.page_rows.deleted_forms or not row.is_valid() or not row.cleaned_data:
                continue
            rows.append(row)
            page = row.cleaned_data["page"]
            if problem := self.problem_with(page, seen):
                row.add_error("page", problem)
            seen.add(page.pk)
        if not any(row not in self.page_rows.deleted_forms for row in self.kept_rows()):
            self.page_rows.non_form_errors().append(gettext("Choose at least one page."))
        self.added = [row.cleaned_data.get("page") for row in rows if "page" in row.changed_data]
        return cleaned

    def kept_rows(self):
        return [row for row in self.page_rows.forms if row.has_changed() or row.instance.pk]

    @staticmethod
    def problem_with(page, seen: set[int]) -> str:
        if page.pk in seen:
            return gettext("This page is in the list already.")
        if page.locale != Locale.get_default():
            return gettext(
                "This page is in %(language)s. Choose the page in %(source)s it was made from: its "
                "languages come with it."
            ) % {
                "language": languages.name_here(page.locale.language_code),
                "source": languages.name_here(Locale.get_default().language_code),
            }
        if page.alias_of_id:
            return gettext("This is an alias. Choose the page it shows.")
        return ""

    def save(self, commit=True):
        release = self.instance
        if release._state.adding:
            release.created_by = self.for_user
        if "publish_at" in self.changed_data:
            release.scheduled_by = self.for_user if release.publish_at else None
            release.held_at = None
        release = super().save(commit)
        if self.cleaned_data["everything_below"]:
            releases.add_everything_below(release, [page for page in self.added if page])
        return release


class PublishForm(forms.Form):
    """The button of the checklist; ``accept`` is asked for when there are warnings."""

    accept = forms.BooleanField(
        label=_("Publish it all the same"),
        error_messages={"required": _("Tick this if you want to publish it all the same.")},
    )

    def __init__(self, *args, warnings: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not warnings:
            del self.fields["accept"]


class ToChecklistMixin:
    """Saving leads to the checklist, where one sees what it means."""

    def get_success_url(self):
        return reverse("releases:checklist", args=[self.object.pk])

    def get_success_buttons(self):
        return []


class ReleaseCreateView(ToChecklistMixin, generic.CreateView):
    page_title = _("New release")
    success_message = _("“%(object)s” is saved. Here is how far each language is.")
    error_message = _("The release is not saved yet: please look at the notes below.")


class UnpublishedMixin:
    """A published release is a record that nobody changes."""

    def dispatch(self, request, *args, **kwargs):
        published = Release.objects.filter(pk=kwargs["pk"]).exclude(published_at=None).exists()
        if published and self.user_has_permission("change"):
            messages.warning(request, _("This release has been published and stays as it is."))
            return redirect("releases:checklist", kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class ReleaseEditView(ToChecklistMixin, UnpublishedMixin, generic.EditView):
    success_message = _("“%(object)s” is saved.")
    error_message = _("The release is not saved yet: please look at the notes below.")


class ReleaseDeleteView(UnpublishedMixin, generic.DeleteView):
    @property
    def confirmation_message(self):
        return gettext("Delete this release? Its pages stay as they are.")


class ReleaseIndexView(generic.IndexView):
    def get_edit_url(self, instance):
        return reverse("releases:checklist", args=[instance.pk])

    def get_list_more_buttons(self, instance):
        return []


class ChecklistView(generic.PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What is missing in each language, and the button that publishes them all."""

    permission_required = "change"
    permission_policy = None
    template_name = "hub/admin/release.html"
    header_icon = "globe"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.release = get_object_or_404(
            Release.objects.select_related("created_by", "scheduled_by", "published_by"),
            pk=kwargs["pk"],
        )

    def get_page_title(self):
        return self.release.name

    def get_breadcrumbs_items(self):
        listing = {"url": reverse("releases:index"), "label": _("Releases")}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.release.name}]

    @property
    def header_buttons(self):
        if self.release.published_at:
            return []
        return [
            HeaderButton(
                label=gettext("Edit"),
                url=reverse("releases:edit", args=[self.release.pk]),
                icon_name="edit",
                attrs={"title": gettext("Edit")},
            )
        ]

    def get_context_data(self, form=None, **kwargs):
        context = super().get_context_data(**kwargs) | {"release": self.release}
        if self.release.published_at:
            return context | {
                "pages": self.release.page_rows.select_related("page").order_by("page__path"),
                "languages": [
                    languages.own_name(locale.language_code)
                    for locale in [Locale.get_default(), *self.release.locales.order_by("pk")]
                ],
            }
        found = kwargs.get("checklist") or releases.check(self.release, self.request.user)
        return context | {
            "checklist": found,
            "form": form or self.form(found),
            "goes_by_itself": not found.blocking
            and (self.release.accepts_warnings or not found.warnings),
            "edit_url": reverse("releases:edit", args=[self.release.pk]),
        }

    def form(self, found, data=None) -> PublishForm:
        asks = len(found.warnings) if not self.release.accepts_warnings else 0
        return PublishForm(data, warnings=asks)

    def post(self, request, *args, **kwargs):
        if self.release.published_at:
            return redirect("releases:checklist", self.release.pk)
        found = releases.check(self.release, request.user)
        form = self.form(found, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, checklist=found))
        try:
            published = releases.publish(self.release, request.user, accepting=True)
        except NotReady as refusal:
            messages.error(
                request,
                gettext("Nothing has been published. %(reason)s") % {"reason": refusal.reasons[0]},
            )
        else:
            if published:
                messages.success(request, gettext("Published, in all languages."))
            else:
                messages.warning(request, gettext("Somebody has changed this release meanwhile."))
        return HttpResponseRedirect(reverse("releases:checklist", args=[self.release.pk]))


def when(release: Release) -> str:
    """The state of a release in a few words, for the list."""
    if release.published_at:
        return gettext("Published on %(time)s") % {"time": shown(release.published_at)}
    if release.held_at:
        return gettext("Was not ready on %(time)s") % {"time": shown(release.publish_at)}
    if release.publish_at:
        return gettext("Goes public on %(time)s") % {"time": shown(release.publish_at)}
    return gettext("By hand")


def shown(instant) -> str:
    return date_format(timezone.localtime(instant), "DATETIME_FORMAT")


class ReleaseViewSet(ModelViewSet):
    model = Release
    name = "releases"
    icon = "globe"
    menu_label = _("Releases")
    menu_order = 330
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ReleaseIndexView
    add_view_class = ReleaseCreateView
    edit_view_class = ReleaseEditView
    delete_view_class = ReleaseDeleteView
    list_display = [
        TitleColumn(
            "name",
            label=_("Name"),
            sort_key="name",
            get_url=lambda release: reverse("releases:checklist", args=[release.pk]),
        ),
        Column("when", label=_("When"), accessor=when),
    ]
    search_fields = ["name"]
    edit_handler = ObjectList(
        [
            "name",
            MultipleChooserPanel(
                "page_rows",
                chooser_field_name="page",
                panels=["page"],
                heading=_("Pages"),
                label=_("Page"),
            ),
            FieldPanel("everything_below"),
            FieldPanel("locales", widget=forms.CheckboxSelectMultiple),
            "publish_at",
            "accepts_warnings",
        ],
        base_form_class=ReleaseForm,
    )

    @property
    def permission_policy(self):
        return ReleasePermissionPolicy(self.model)

    def get_permissions_to_register(self):
        return Permission.objects.none()

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("<int:pk>/", self.construct_view(ChecklistView), name="checklist"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
            path("delete/<int:pk>/", self.delete_view, name="delete"),
        ]

    def get_common_view_kwargs(self, **kwargs):
        # What a release has been is in the logs of its pages.
        return super().get_common_view_kwargs(history_url_name=None, usage_url_name=None, **kwargs)


def releases_held_back(user):
    """A hub_todo hook: the releases whose time came while something was missing."""
    if not teams.is_editor(user):
        return
    held = releases.held()
    if held:
        yield Todo(
            ngettext(
                "A release was not ready at its time, and nothing of it is public",
                "Some releases were not ready at their time, and nothing of them is public",
                len(held),
            ),
            links=[
                (
                    f"{release.name}: {when(release)}",
                    reverse("releases:checklist", args=[release.pk]),
                )
                for release in held
            ],
        )
