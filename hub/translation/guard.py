"""That wagtail-localize's own addresses hold to the hub's roles.

The library asks one global permission for submitting and syncing (somebody who translates Spanish
could publish French), none for the lists it serves, and does not ask whether a page is locked. Here
every address of its namespace has a rule; one without a rule is for administrators, so that an
upgrade that adds an address opens nothing (tests/test_translation_guard.py walks them all).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail.snippets.views.snippets import get_snippet_model_from_url_params
from wagtail_localize.models import Translation, TranslationSource

from hub.models import User
from hub.models.pages import CannotPublish
from hub.translation import teams

# Of the library's addresses and of those that the hub answers in their place (hub.admin.localize).
APP_NAME = "wagtail_localize"


class TranslationGuardMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_function, view_args, view_kwargs):
        match = request.resolver_match
        # Who is not logged in is sent to the login page by Wagtail.
        if APP_NAME not in match.app_names or not request.user.is_authenticated:
            return None
        if not request.user.has_perm("wagtailadmin.access_admin"):
            return None  # turned away by Wagtail, too
        rule = RULES.get(match.url_name, _administers)
        return None if rule(request, **view_kwargs) else permission_denied(request)

    def process_exception(self, request, exception):
        """Says in a sentence, on whatever page of the admin, why a page cannot be published."""
        if not isinstance(exception, CannotPublish):
            return None
        messages.error(request, str(exception))
        return redirect(reverse("wagtailadmin_pages:edit", args=[exception.page.pk]))


# What somebody may do with one translation


def may_see(user: User, translation: Translation) -> bool:
    return _may_edit_target(user, translation, locked_counts=False)


def may_translate(user: User, translation: Translation) -> bool:
    """Whether ``user`` may change the texts of ``translation`` now: a locked page is at rest."""
    return _may_edit_target(user, translation, locked_counts=True)


def may_publish(user: User, translation: Translation) -> bool:
    target = target_of(translation)
    if target is None or not teams.reviews(user, translation.target_locale):
        return False
    if isinstance(target, Page):
        permissions = target.permissions_for_user(user)
        return permissions.can_publish() and not permissions.page_locked()
    return _has_permission(user, "change", type(target))


def target_of(translation: Translation):
    """The translated page or term, None when it is gone."""
    try:
        return translation.get_target_instance()
    except translation.source.specific_content_type.model_class().DoesNotExist:
        return None


def _may_edit_target(user: User, translation: Translation, *, locked_counts: bool) -> bool:
    target = target_of(translation)
    if target is None or not teams.works_on(user, translation.target_locale):
        return False
    if isinstance(target, Page):
        permissions = target.permissions_for_user(user)
        return permissions.can_edit() and not (locked_counts and permissions.page_locked())
    return _has_permission(user, "change", type(target))


def may_change_term(user: User, term: TranslatableMixin) -> bool:
    """Whether ``user`` may change a term in the term's own language."""
    return may_change_terms(user, type(term), term.locale)


def may_change_terms(user: User, model, locale: Locale) -> bool:
    """Whether ``user`` may change the terms of a vocabulary in ``locale``.

    Those of the source are for who may also add some: translators may only change.
    """
    if locale.language_code == settings.LANGUAGE_CODE:
        return _has_permission(user, "add", model) and _has_permission(user, "change", model)
    return _has_permission(user, "change", model) and teams.works_on(user, locale)


def _has_permission(user: User, action: str, model) -> bool:
    return user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")


# The rules, by the name of the address


def _translation(translation_id: int) -> Translation:
    return get_object_or_404(
        Translation.objects.select_related("source", "target_locale"), pk=translation_id
    )


def _sees(request: HttpRequest, translation_id: int, **_rest) -> bool:
    return may_see(request.user, _translation(translation_id))


def _translates(request: HttpRequest, translation_id: int, **_rest) -> bool:
    return may_translate(request.user, _translation(translation_id))


def _stops(request: HttpRequest, translation_id: int) -> bool:
    return may_publish(request.user, _translation(translation_id))


def _submits_page(request: HttpRequest, page_id: int) -> bool:
    page = get_object_or_404(Page, pk=page_id)
    return teams.is_editor(request.user) and page.permissions_for_user(request.user).can_edit()


def _submits_term(request: HttpRequest, app_label: str, model_name: str, pk: str) -> bool:
    model = get_snippet_model_from_url_params(app_label, model_name)
    return teams.is_editor(request.user) and _has_permission(request.user, "change", model)


def _syncs(request: HttpRequest, translation_source_id: int) -> bool:
    """Syncing may publish every translation at once, so it takes the right to publish each."""
    source = get_object_or_404(TranslationSource, pk=translation_source_id)
    if not teams.is_editor(request.user):
        return False
    return all(
        may_publish(request.user, translation)
        for translation in source.translations.filter(enabled=True).select_related(
            "source", "target_locale"
        )
    )


def _makes_alias(request: HttpRequest, page_id: int) -> bool:
    permissions = get_object_or_404(Page, pk=page_id).permissions_for_user(request.user)
    may_publish = permissions.can_publish() and not permissions.page_locked()
    return teams.is_editor(request.user) and may_publish


def _has_languages(request: HttpRequest, **_rest) -> bool:
    return bool(teams.locales_of(request.user))


def _anybody(request: HttpRequest) -> bool:
    return True


def _administers(request: HttpRequest, **_rest) -> bool:
    return request.user.is_superuser


RULES: dict[str, Callable[..., bool]] = {
    "javascript_catalog": _anybody,
    "submit_page_translation": _submits_page,
    "submit_snippet_translation": _submits_term,
    "update_translations": _syncs,
    "edit_string_translation": _translates,
    "edit_override": _translates,
    "download_pofile": _sees,
    "upload_pofile": _translates,
    "machine_translate": _translates,
    "preview_translation": _sees,
    "stop_translation": _stops,
    "convert_to_alias": _makes_alias,
    "translations_report": _has_languages,
    "translations_report_results": _has_languages,
    "snippets_api_listing": _has_languages,
    "snippets_api_detail": _has_languages,
}
