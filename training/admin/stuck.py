"""Requests of people who are stuck, as the team works on them."""

import django_filters
from django import forms
from django.contrib.auth.models import Permission
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Locale
from wagtail.permission_policies import ModelPermissionPolicy

from hub import languages
from hub.admin.private_search import PrivateSearchMixin
from hub.admin.todo import Todo
from hub.admin.writing import key_field, new_key, text_field
from hub.forms import answers
from hub.staff import ColleagueField, holders, name_of
from training import stuck
from training.models import ClinicPage, StuckRequest, StuckState
from training.stuck_mails import rendered_answer

_CHANGE = "training.change_stuckrequest"


class StuckPermissionPolicy(ModelPermissionPolicy):
    """Visitors alone make requests, and the clock deletes them: the team looks and answers."""

    def user_has_permission(self, user, action):
        return action in {"view", "change"} and super().user_has_permission(user, "change")

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


class AssignForm(forms.Form):
    assignee = ColleagueField(label=_("Who helps"), empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = holders(_CHANGE)


class AnswerForm(forms.Form):
    """``key`` makes sending it twice one answer."""

    key = key_field()
    text = text_field(
        label=_("Your answer"),
        help_text=_("Plain text. Paragraphs are kept; the words around it are the hub's."),
    )


class StuckRequestView(generic.PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One request: what was written, who helps, what was answered, and the answer to write."""

    permission_required = "change"
    permission_policy = None
    template_name = "training/admin/stuck_request.html"
    header_icon = "help"
    index_url_name = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        requests = StuckRequest.objects.select_related("locale", "assignee", "page__locale")
        self.stuck_request = get_object_or_404(requests, pk=kwargs["pk"])

    def get_page_title(self):
        return self.stuck_request.reference

    def get_breadcrumbs_items(self):
        listing = {"url": reverse(self.index_url_name), "label": _("Requests for help")}
        return [
            *self.breadcrumbs_items,
            listing,
            {"url": "", "label": self.stuck_request.reference},
        ]

    def get_context_data(self, **kwargs):
        stuck_request = self.stuck_request
        state = StuckState(stuck_request.state)
        return {
            **super().get_context_data(**kwargs),
            "stuck_request": stuck_request,
            "answers": answers.of_submission(stuck_request),
            "given": stuck_request.answers.select_related("author"),
            "visitor_language": _language(stuck_request),
            "may": {after.value: after in stuck.TRANSITIONS[state] for after in StuckState},
            "assign_form": kwargs.get("assign_form")
            or AssignForm(initial={"assignee": stuck_request.assignee or self.request.user}),
            "answer_form": kwargs.get("answer_form") or AnswerForm(initial={"key": new_key()}),
        }

    def post(self, request, *args, **kwargs):
        """Does what the pressed button says; what cannot be done leaves everything as it was."""
        actions = {
            "take": self.take,
            "assign": self.assign,
            "preview": self.preview,
            "answer": self.answer,
            "close": self.close,
        }
        action = actions.get(request.POST.get("action"), self.done)
        try:
            return action()
        except stuck.Refused as refusal:
            messages.error(request, refusal.message)
            return self.done()

    def take(self):
        stuck.take(self.stuck_request, self.request.user)
        return self.done(gettext("The request is yours."))

    def assign(self):
        form = AssignForm(self.request.POST)
        if not form.is_valid():
            return self.shown_again(assign_form=form)
        assignee = form.cleaned_data["assignee"]
        stuck.assign(self.stuck_request, assignee, user=self.request.user)
        return self.done(gettext("The request is with %(name)s now.") % {"name": name_of(assignee)})

    def preview(self):
        form = AnswerForm(self.request.POST)
        if not form.is_valid():
            return self.shown_again(answer_form=form)
        mail = rendered_answer(self.stuck_request, form.cleaned_data["text"])
        return self.shown_again(200, answer_form=form, preview=mail)

    def answer(self):
        form = AnswerForm(self.request.POST)
        if not form.is_valid():
            return self.shown_again(answer_form=form)
        text, key = form.cleaned_data["text"], form.cleaned_data["key"]
        try:
            stuck.answer(self.stuck_request, text, user=self.request.user, key=key)
        except stuck.Refused as refusal:
            form = AnswerForm({"key": new_key(), "text": text})
            form.add_error(None, refusal)
            return self.shown_again(answer_form=form)
        return self.done(gettext("Your answer goes out within a minute."))

    def close(self):
        stuck.close(self.stuck_request, user=self.request.user)
        return self.done(gettext("The request is closed."))

    def done(self, sentence=""):
        if sentence:
            messages.success(self.request, sentence)
        return HttpResponseRedirect(self.request.path)

    def shown_again(self, status=422, **context):
        """The page with a form as it was sent: nothing that was typed is lost."""
        return self.render_to_response(self.get_context_data(**context), status=status)


def _language(stuck_request) -> str:
    return languages.own_name(stuck_request.locale.language_code)


class StuckFilterSet(WagtailFilterSet):
    assignee = django_filters.ModelChoiceFilter(
        label=_("Who helps"), queryset=lambda request: holders(_CHANGE), null_label=_("Nobody yet")
    )
    locale = django_filters.ModelChoiceFilter(label=_("Language"), queryset=Locale.objects.all())

    class Meta:
        model = StuckRequest
        fields = ["state", "assignee", "locale"]


class StuckIndexView(PrivateSearchMixin, generic.IndexView):
    default_ordering = "-submit_time"

    def get_base_queryset(self):
        return StuckRequest.objects.select_related("locale", "assignee")

    def search_queryset(self, queryset):
        return queryset.search(self.search_query) if self.is_searching else queryset

    def get_list_more_buttons(self, instance):
        return []


class StuckRequestViewSet(ModelViewSet):
    model = StuckRequest
    name = "stuck_requests"
    icon = "help"
    menu_label = _("Requests for help")
    menu_order = 215
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = StuckIndexView
    index_template_name = "hub/admin/private_listing.html"
    filterset_class = StuckFilterSet
    list_display = [
        TitleColumn(
            "reference",
            label=_("Reference"),
            get_url=lambda request: reverse("stuck_requests:edit", args=[request.pk]),
        ),
        Column("stuck_on", label=_("Stuck on"), accessor=lambda request: request.stuck_on[:120]),
        Column("language", label=_("Language"), accessor=_language),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        Column(
            "assignee",
            label=_("Who helps"),
            accessor=lambda request: name_of(request.assignee) if request.assignee else "",
        ),
        DateColumn("submit_time", label=_("Sent"), sort_key="submit_time"),
    ]
    list_per_page = 50
    search_fields = ["search_text"]
    ordering = ["-submit_time"]

    @property
    def permission_policy(self):
        return StuckPermissionPolicy(self.model)

    def get_permissions_to_register(self):
        return Permission.objects.filter(
            content_type__app_label=self.app_label, codename="change_stuckrequest"
        )

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.construct_view(StuckRequestView), name="edit"),
        ]


def keep_out_of_form_lists(user, form_pages):
    """A filter_form_submissions_for_user hook: there, whoever may edit the page could read it all."""
    return form_pages.not_exact_type(ClinicPage)


def requests_nobody_has_taken(user):
    """A hub_todo hook."""
    if not user.has_perm(_CHANGE):
        return
    count = StuckRequest.objects.filter(state=StuckState.NEW).count()
    if count:
        yield Todo(
            ngettext(
                "%(count)d person is stuck and waits for somebody to help",
                "%(count)d people are stuck and wait for somebody to help",
                count,
            )
            % {"count": count},
            url=f"{reverse('stuck_requests:index')}?state={StuckState.NEW}",
        )


def register_log_actions(actions):
    """A register_log_actions hook."""
    actions.register_action(
        "training.stuck_taken", _("Take a request for help"), _("Request for help taken")
    )
    actions.register_action(
        "training.stuck_answered", _("Answer a request for help"), _("Request for help answered")
    )
    actions.register_action(
        "training.stuck_closed", _("Close a request for help"), _("Request for help closed")
    )
