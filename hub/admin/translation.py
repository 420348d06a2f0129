"""How translation shows in the admin: menu, addresses, hooks, glossary."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Locale, TranslatableMixin
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail_localize.models import Translation, TranslationSource

from hub.admin import desk
from hub.admin.todo import Todo
from hub.admin.translation_editor import EditTranslationView
from hub.caching import remember
from hub.models import GlossaryTerm, SourceChange
from hub.translation import teams, tracking

NO_TRANSLATION = "no-translation"


@hooks.register("register_admin_urls")
def translation_urls():
    urls = [
        path("", desk.QueueView.as_view(), name="desk"),
        path("pages/", desk.MatrixView.as_view(), name="matrix"),
        path("<int:translation_id>/", EditTranslationView.as_view(), name="edit"),
    ]
    return [path("translation/", include((urls, "hub_translation"), namespace="hub_translation"))]


class DeskMenuItem(MenuItem):
    def is_shown(self, request):
        user = request.user
        # Asked on every page of the admin; hub.signals forgets it when teams change.
        name = f"has_languages:{user.pk}:{teams.is_editor(user)}"
        return remember(name, lambda: bool(teams.locales_of(user)))


@hooks.register("register_admin_menu_item")
def desk_menu_item():
    return DeskMenuItem(
        gettext_lazy("Translation"),
        reverse("hub_translation:desk"),
        icon_name="wagtail-localize-language",
        order=310,
    )


@hooks.register("hub_todo")
def translation_summary(user):
    """One line a language: the desk in short."""
    for row in desk.summary(user):
        if text := desk.todo_text(row):
            yield Todo(f"{row['language']}: {text}", url=row["url"])


# Before wagtail-localize's own hooks of the same name, which would show its editor.


@hooks.register("before_edit_page", order=-10)
def edit_page_translation(request, page):
    return _edit_translation(request, page)


@hooks.register("before_edit_snippet", order=-10)
def edit_term_translation(request, instance):
    if isinstance(instance, TranslatableMixin):
        return _edit_translation(request, instance)
    return None


def _edit_translation(request, instance):
    """Leads to the hub's editor, unless the library's own is asked for."""
    publishes = request.method == "POST" and request.POST.get("action") == "publish"
    if not publishes and ("stock" in request.GET or request.method == "POST"):
        return None
    translation = Translation.objects.filter(
        source__object_id=instance.translation_key,
        target_locale_id=instance.locale_id,
        enabled=True,
    ).first()
    if translation is None:
        return None
    # The library's editor would publish what is not translated in the source's words.
    return redirect("hub_translation:edit", translation.pk)


# "Published, and no translator has anything to do"


class NoTranslationMenuItem(ActionMenuItem):
    name = "action-publish"
    label = gettext_lazy("Publish: nothing to translate")
    icon_name = "check"
    template_name = "hub/admin/publish_no_translation.html"

    def is_shown(self, context):
        page = context.get("page")
        return bool(
            context["view"] == "edit"
            and page
            and page.permissions_for_user(context["request"].user).can_publish()
            and teams.is_editor(context["request"].user)
            and TranslationSource.objects.filter(
                Q(object_id=page.translation_key, locale=page.locale_id),
                translations__enabled=True,
            ).exists()
        )


@hooks.register("register_page_action_menu_item")
def no_translation_menu_item():
    return NoTranslationMenuItem(order=15)


@hooks.register("before_publish_page")
def note_when_publishing_began(request, page):
    request._hub_publishing_began = timezone.now()


@hooks.register("after_publish_page")
def spare_the_translators(request, page):
    if request.POST.get("action-publish") != NO_TRANSLATION or not teams.is_editor(request.user):
        return
    change = SourceChange.objects.filter(
        source__object_id=page.translation_key,
        source__locale=page.locale_id,
        at__gte=request._hub_publishing_began,
    ).first()
    if change:
        tracking.no_translation_needed(change)


# The glossary


class GlossaryPermissionPolicy(ModelPermissionPolicy):
    """Whoever translates a language keeps its glossary."""

    def user_has_permission(self, user, action):
        return bool(teams.locales_of(user))

    def user_has_any_permission(self, user, actions):
        return self.user_has_permission(user, "change")

    def user_has_permission_for_instance(self, user, action, instance):
        return teams.works_on(user, instance.locale)

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return self.user_has_permission_for_instance(user, "change", instance)

    def instances_user_has_any_permission_for(self, user, actions):
        return self.model.objects.filter(locale__in=teams.locales_of(user))

    def instances_user_has_permission_for(self, user, action):
        return self.instances_user_has_any_permission_for(user, [action])


class GlossaryForm(WagtailAdminModelForm):
    """Offers the languages of whoever fills it in."""

    class Meta:
        model = GlossaryTerm
        fields = ["locale", "term", "translation", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = [locale.pk for locale in teams.locales_of(self.for_user)]
        self.fields["locale"].queryset = Locale.objects.filter(pk__in=own)
        if len(own) == 1:
            self.fields["locale"].initial = own[0]


class OfOwnLanguage:
    """Wagtail's views ask for the permission on the model; which language it is, is asked here."""

    def get_object(self, *args, **kwargs):
        term = super().get_object(*args, **kwargs)
        if not teams.works_on(self.request.user, term.locale):
            raise PermissionDenied
        return term


class GlossaryEditView(OfOwnLanguage, generic.EditView):
    pass


class GlossaryDeleteView(OfOwnLanguage, generic.DeleteView):
    pass


class GlossaryIndexView(generic.IndexView):
    def get_base_queryset(self):
        return GlossaryTerm.objects.filter(locale__in=teams.locales_of(self.request.user))


class GlossaryViewSet(ModelViewSet):
    model = GlossaryTerm
    index_view_class = GlossaryIndexView
    edit_view_class = GlossaryEditView
    delete_view_class = GlossaryDeleteView
    usage_view_enabled = False
    name = "glossary"
    url_prefix = "translation/glossary"
    icon = "openquote"
    menu_label = gettext_lazy("Glossary")
    add_to_admin_menu = False
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["term", "translation", "locale", "note"]
    list_filter = ["locale"]
    search_fields = ["term", "translation"]
    ordering = ["term"]

    @property
    def permission_policy(self):
        return GlossaryPermissionPolicy(self.model)

    def get_form_class(self, for_update=False):
        return GlossaryForm


@hooks.register("register_admin_viewset")
def glossary():
    return GlossaryViewSet("glossary")
