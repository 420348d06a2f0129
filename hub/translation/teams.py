"""Who works on which language.

Each language but the source has two groups: translators, who may change its pages and terms, and
reviewers, who may also publish them. Page permissions on the language's home page say the former to
Wagtail; terms have no tree, so that the team of their language is asked (``works_on``).
"""

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext
from wagtail.models import GroupPagePermission, Locale, Page, Site

from hub import languages
from hub.models import LanguageTeam, TranslatedText, User

SUBMIT = "wagtail_localize.submit_translation"
_TRANSLATOR_PAGES = ("change_page",)
_REVIEWER_PAGES = ("change_page", "publish_page", "lock_page", "unlock_page")


def set_up_teams():
    """Makes the team of every language but the source, and grants what it lacks."""
    for locale in Locale.objects.exclude(language_code=settings.LANGUAGE_CODE):
        set_up_team(locale)


def set_up_team(locale: Locale) -> LanguageTeam:
    """The team of a language, made if need be, with its permissions on the language's pages."""
    team = LanguageTeam.objects.filter(locale=locale).first()
    if team is None:
        name = languages.own_name(locale.language_code)
        team = LanguageTeam.objects.create(
            locale=locale,
            translators=_group(gettext("Translators: %(language)s") % {"language": name}),
            reviewers=_group(gettext("Reviewers: %(language)s") % {"language": name}),
        )
    general = _permissions("wagtailadmin", ["access_admin"])
    media = _permissions("wagtailimages", ["choose_image"]) + _permissions(
        "wagtaildocs", ["choose_document"]
    )
    home = home_page(locale)
    for group, page_permissions in (
        (team.translators, _TRANSLATOR_PAGES),
        (team.reviewers, _REVIEWER_PAGES),
    ):
        group.permissions.add(*general, *_term_permissions())
        for permission in media:
            _grant_on_media(group, permission)
        for permission in _permissions("wagtailcore", page_permissions) if home else []:
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
    return team


def home_page(locale: Locale) -> Page | None:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return None
    return Page.objects.filter(
        translation_key=site.root_page.translation_key, locale=locale
    ).first()


def is_editor(user: User) -> bool:
    """Whether ``user`` looks after the source, and with it all languages."""
    return user.has_perm(SUBMIT)


def locales_of(user: User) -> list[Locale]:
    """The languages ``user`` translates or reviews; all but the source for an editor.

    One query for a request's user, however often it is asked.
    """
    if not hasattr(user, "_hub_locales"):
        user._hub_locales = list(find_locales_of(user).order_by("pk"))
    return user._hub_locales


def find_locales_of(user: User):
    """The same as a queryset, to be part of another query."""
    targets = Locale.objects.exclude(language_code=settings.LANGUAGE_CODE)
    if is_editor(user):
        return targets
    return targets.filter(pk__in=_team_locales(user, "translators", "reviewers"))


def works_on(user: User, locale: Locale) -> bool:
    """Whether ``user`` may translate into ``locale``."""
    return (
        is_editor(user)
        or _team_locales(user, "translators", "reviewers").filter(locale=locale).exists()
    )


def reviews(user: User, locale: Locale) -> bool:
    """Whether ``user`` may publish, or send back, what was translated into ``locale``."""
    return is_editor(user) or _team_locales(user, "reviewers").filter(locale=locale).exists()


def members(locale: Locale, *roles: str) -> list[User]:
    """The active people of a language's team; ``roles`` of "translators" and "reviewers"."""
    team = LanguageTeam.objects.filter(locale=locale).first()
    if team is None:
        return []
    groups = [getattr(team, role) for role in roles]
    return list(
        User.objects.filter(groups__in=groups, is_active=True).distinct().order_by("username")
    )


def _team_locales(user: User, *roles: str):
    groups = user.groups.all()
    matching = LanguageTeam.objects.none()
    for role in roles:
        matching |= LanguageTeam.objects.filter(**{f"{role}__in": groups})
    return matching.values_list("locale_id", flat=True)


def _group(name: str) -> Group:
    return Group.objects.get_or_create(name=name)[0]


def _permissions(app_label: str, codenames) -> list[Permission]:
    return list(
        Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
    )


def _term_permissions() -> list[Permission]:
    """To change terms and other texts without pages; which language's is asked at the door."""
    models = [model for model in apps.get_models() if issubclass(model, TranslatedText)]
    return [
        permission
        for model in models
        for permission in _permissions(model._meta.app_label, [f"change_{model._meta.model_name}"])
    ]


def _grant_on_media(group: Group, permission: Permission):
    from wagtail.models import Collection, GroupCollectionPermission

    GroupCollectionPermission.objects.get_or_create(
        group=group, collection=Collection.get_first_root_node(), permission=permission
    )
