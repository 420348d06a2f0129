"""The admin, for everything that belongs to no single section."""

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.images.permissions import permission_policy as image_permissions
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from hub.admin import (
    localize,
    people,
    submissions,
    translation,  # noqa: F401 - its hooks register themselves
)
from hub.admin.account import TranslationMailPanel
from hub.admin.mail import OutgoingMailViewSet
from hub.admin.mail_texts import MailTextViewSet
from hub.admin.releases import ReleaseViewSet, releases_held_back
from hub.admin.todo import Todo, TodoPanel
from hub.caching import remember
from hub.links import RememberedPageLinkHandler
from hub.models import Country, HubImage, OutgoingMail, Topic
from hub.translation import hooks as translation_hooks  # noqa: F401 - likewise
from hub.translation import submit


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    list_display = ["title", "slug", "locale"]
    search_fields = ["title"]


class CountryViewSet(SnippetViewSet):
    model = Country
    icon = "globe"
    list_display = ["title", "slug", "locale"]
    search_fields = ["title"]


class VocabularyGroup(SnippetViewSetGroup):
    menu_label = _("Topics")
    menu_icon = "tag"
    menu_order = 320
    items = (TopicViewSet, CountryViewSet)


register_snippet(VocabularyGroup)
register_snippet(MailTextViewSet)


# Before Wagtail's own "delete submissions", which knows one language only; snippets import the other
# apps' hooks first, so the order has to be said. So it is for wagtail-localize.
hooks.register("register_admin_urls", lambda: submissions.urlpatterns, order=-1)
hooks.register("register_admin_urls", localize.urlpatterns, order=-1)
hooks.register("before_delete_page", submissions.keep_pages_with_submissions)
hooks.register("before_bulk_action", submissions.keep_pages_with_submissions_in_bulk)
hooks.register("register_admin_urls", lambda: people.urlpatterns)
hooks.register("register_permissions", people.permission_to_register)
hooks.register("register_settings_menu_item", people.menu_item)
hooks.register("register_log_actions", people.register_log_actions)


@hooks.register("filter_form_submissions_for_user", order=100)
def no_forms_without_asking_again(user, form_pages):
    """Wagtail's menu asks on every page of the admin whether there is a form for ``user``.

    That there is none is remembered; which ones there are is asked each time.
    """
    name = f"has_forms:{user.pk}:{user.is_superuser}"
    return form_pages if remember(name, form_pages.exists) else form_pages.none()


@hooks.register("register_admin_viewset")
def outgoing_mail():
    return OutgoingMailViewSet("outgoing_mail")


@hooks.register("register_admin_viewset")
def release_viewset():
    return ReleaseViewSet("releases")


@hooks.register("register_rich_text_features", order=100)
def remember_page_links(features):
    features.register_link_type(RememberedPageLinkHandler)


@hooks.register("insert_editor_js")
def names_of_rows():
    """What folded rows of a panel are about, where it says by attrs={"data-name-from": …}."""
    return format_html('<script type="module" src="{}"></script>', static("hub/admin/names.js"))


@hooks.register("insert_global_admin_css")
def admin_css():
    return format_html('<link rel="stylesheet" href="{}">', static("hub/admin.css"))


@hooks.register("construct_homepage_panels")
def add_todo_panel(request, panels):
    panels.append(TodoPanel(request))


hooks.register("hub_todo", releases_held_back)


@hooks.register("hub_todo")
def pages_with_unpublished_changes(user):
    """Drafts that wait to be published, for those who may publish them."""
    publishable = PagePermissionPolicy().instances_user_has_permission_for(user, "publish")
    waiting = (
        Page.objects.filter(
            pk__in=publishable.values("pk"), has_unpublished_changes=True, depth__gt=1
        )
        .exclude(go_live_at__isnull=False)
        .order_by("-latest_revision_created_at")
    )
    pages = list(waiting[:6])
    if pages:
        yield Todo(
            str(_("Changes that are not published yet")),
            links=[
                (page.get_admin_display_title(), reverse("wagtailadmin_pages:edit", args=[page.pk]))
                for page in pages
            ],
        )


@hooks.register("hub_todo")
def mail_that_failed(user):
    if not user.is_superuser:
        return
    count = OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED).count()
    if count:
        yield Todo(
            ngettext("%(count)d mail could not be sent", "%(count)d mails could not be sent", count)
            % {"count": count},
            url=reverse("outgoing_mail:index"),
        )


@hooks.register("hub_todo")
def pictures_without_description(user):
    if not image_permissions.user_has_permission(user, "change"):
        return
    count = HubImage.objects.filter(description="").count()
    if count:
        yield Todo(
            ngettext(
                "%(count)d picture has no description to start from",
                "%(count)d pictures have no description to start from",
                count,
            )
            % {"count": count},
            url=reverse("wagtailimages:index"),
        )


@hooks.register("hub_todo")
def sections_being_submitted(user):
    for text in submit.todo_texts(user):
        yield Todo(text)


@hooks.register("register_account_settings_panel")
def translation_mail_panel(request, user, profile):
    return TranslationMailPanel(request, user, profile)
