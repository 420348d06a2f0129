"""What the admin asks of somebody who works on a language: whose terms, and whose messages."""

from django.conf import settings
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.auth import permission_denied
from wagtail.models import Locale, TranslatableMixin

from hub.translation import cascade, guard, teams  # noqa: F401 - cascade's hooks are registered here

# Before what shows an editor for translations, the hub's or wagtail-localize's.
FIRST = -20


@hooks.register("before_edit_snippet", order=FIRST)
def edits_own_language(request: HttpRequest, instance):
    if isinstance(instance, TranslatableMixin) and not guard.may_change_term(
        request.user, instance
    ):
        return permission_denied(request)
    return None


@hooks.register("filter_form_submissions_for_user")
def reads_messages_of_own_forms(user, forms):
    """What visitors wrote is no part of translating the form.

    Who may change a form only for being in its language's team does not read what came through it;
    who looks after the source does, and whoever was given a form in one language as their own.
    """
    if teams.is_editor(user):
        return forms
    return forms.exclude(locale__in=teams.find_locales_of(user).values("pk"))


@hooks.register("before_delete_snippet", order=FIRST)
def deletes_own_language(request: HttpRequest, instances):
    for instance in instances:
        if response := edits_own_language(request, instance):
            return response
    return None


@hooks.register("before_create_snippet", order=FIRST)
def creates_in_own_language(request: HttpRequest, model):
    if not issubclass(model, TranslatableMixin):
        return None
    code = request.GET.get("locale") or settings.LANGUAGE_CODE
    locale = Locale.objects.filter(language_code=code).first()
    if locale and not guard.may_change_terms(request.user, model, locale):
        return permission_denied(request)
    return None
