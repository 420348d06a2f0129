from wagtail import hooks

from funding.admin import front
from funding.admin.history import register_log_actions
from funding.admin.viewset import GrantRequestDesk, permissions
from funding.models import RequestPage


@hooks.register("register_admin_viewset")
def grant_request_desk():
    return GrantRequestDesk()


hooks.register("register_permissions", permissions)
hooks.register("register_log_actions", register_log_actions)
hooks.register("construct_homepage_panels", front.add_next_requests)
hooks.register("hub_todo", front.requests_to_do)
hooks.register("hub_todo", front.reviews_to_give)


@hooks.register("filter_form_submissions_for_user")
def requests_have_a_desk(user, form_pages):
    """Keeps requests out of Wagtail's own lists of what forms have received.

    Whoever may edit a page could read and delete there, confidential ones too.
    """
    return form_pages.not_exact_type(RequestPage)
