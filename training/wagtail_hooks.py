from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from hub.admin.todo import Todo
from training.admin import front, stuck, wishes
from training.admin.clone import clone_button
from training.admin.history import register_log_actions
from training.admin.sessions import SessionListing
from training.admin.viewset import RegistrationDesk, permissions
from training.models import Format, Level, SessionPage


@hooks.register("register_admin_viewset")
def session_listing():
    return SessionListing("sessions")


@hooks.register("register_admin_viewset")
def registration_desk():
    return RegistrationDesk()


hooks.register("register_permissions", permissions)
hooks.register("register_log_actions", register_log_actions)
hooks.register("register_page_header_buttons", clone_button)
hooks.register("construct_homepage_panels", front.add_next_sessions)
hooks.register("hub_todo", front.people_in_line)
hooks.register("hub_todo", front.attendance_not_marked)


@hooks.register("filter_form_submissions_for_user")
def sessions_have_rosters(user, form_pages):
    """Keeps registrations out of Wagtail's own lists of what forms have received.

    Whoever may edit a page could read and delete there, with the seats still taken.
    """
    return form_pages.not_exact_type(SessionPage)


@hooks.register("register_admin_viewset")
def stuck_requests():
    return stuck.StuckRequestViewSet("stuck_requests")


hooks.register("filter_form_submissions_for_user", stuck.keep_out_of_form_lists)
hooks.register("hub_todo", stuck.requests_nobody_has_taken)
hooks.register("hub_todo", wishes.people_who_wait)
hooks.register("register_log_actions", stuck.register_log_actions)


class LevelViewSet(SnippetViewSet):
    model = Level
    icon = "list-ol"
    list_display = ["title", "sign_of", "locale"]


class FormatViewSet(SnippetViewSet):
    model = Format
    icon = "group"
    list_display = ["title", "description", "locale"]


class TrainingVocabularyGroup(SnippetViewSetGroup):
    menu_label = _("Levels")
    menu_icon = "list-ol"
    menu_order = 321
    items = (LevelViewSet, FormatViewSet)


register_snippet(TrainingVocabularyGroup)


@hooks.register("hub_todo")
def sessions_without_summary(user):
    """Sessions that ended in the last quarter and have neither a summary nor a recording."""
    editable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    recent = SessionPage.objects.filter(
        pk__in=editable.values("pk"), live=True, ends_at__gte=timezone.now() - timedelta(days=90)
    ).past()
    lacking = [session for session in recent if not session.write_up and not session.recording_url]
    if lacking:
        yield Todo(
            str(_("Sessions that are over and have no summary yet")),
            links=[
                (session.title, reverse("wagtailadmin_pages:edit", args=[session.pk]))
                for session in lacking[:6]
            ],
        )
