"""Who may do what: one group per role, each with only what its work needs.

`manage.py setup_roles` makes them. Running it again adds what is missing and takes nothing away, so
that an administrator's own changes stay.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
)

from hub.translation import teams

EDITORS = "Communications editors"
TRAINING_OFFICERS = "Training officers"
FUNDING_OFFICERS = "Funding officers"
GRANT_REVIEWERS = "Grant reviewers"

_ADMIN = "wagtailadmin.access_admin"
# Wagtail asks for the permissions of its own models, whatever the project's are.
_MEDIA = [
    f"{action}_{model}" for model in ("image", "document") for action in ("add", "change", "choose")
]
_TERM_ACTIONS = ("add", "change", "delete")


@dataclass(frozen=True)
class Role:
    """``section`` is the page type under which the role may work; "" for the whole site, None for
    nowhere."""

    group: str
    section: str | None
    page_permissions: tuple[str, ...] = ()
    model_permissions: tuple[str, ...] = ()
    media: bool = False


def _terms(app: str, *models: str) -> tuple[str, ...]:
    return tuple(f"{app}.{action}_{model}" for model in models for action in _TERM_ACTIONS)


# There is one for each occasion: none is added, but who may add is who may change the source.
_MAIL_TEXTS = ("hub.add_mailtext", "hub.change_mailtext")

ROLES = [
    Role(
        EDITORS,
        "",
        ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
        (
            *_terms("hub", "topic", "country"),
            *_terms("training", "level", "format"),
            *_MAIL_TEXTS,
            *_terms("wagtailredirects", "redirect"),
            "hub.change_sitesettings",
            # Who may submit looks after the source and all its translations (hub.translation.teams).
            "wagtail_localize.submit_translation",
        ),
        media=True,
    ),
    Role(
        TRAINING_OFFICERS,
        "training.TrainingIndexPage",
        ("add_page", "change_page", "publish_page"),
        (
            *_terms("training", "level", "format"),
            *_MAIL_TEXTS,
            # The people on the rosters, and what they wrote.
            "training.view_registration",
            "training.change_registration",
            "training.change_stuckrequest",
            "hub.erase_person",
        ),
        media=True,
    ),
    Role(
        FUNDING_OFFICERS,
        "funding.FundPage",
        ("change_page", "publish_page"),
        (*_MAIL_TEXTS, "funding.change_grantrequest", "hub.erase_person"),
        media=True,
    ),
    # People from elsewhere, perhaps: they see the requests they are asked about, and nothing else.
    Role(GRANT_REVIEWERS, None, (), ("funding.review_grantrequest",)),
]


def set_up_roles():
    """Creates the groups and grants what they lack, and the two of each language's team."""
    retire_stock_groups()
    teams.set_up_teams()
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role.group)
        group.permissions.add(*_permissions([_ADMIN, *role.model_permissions]))
        for page in _pages_of(role.section):
            for permission in _permissions(f"wagtailcore.{name}" for name in role.page_permissions):
                GroupPagePermission.objects.get_or_create(
                    group=group, page=page, permission=permission
                )
        if role.media:
            root = Collection.get_first_root_node()
            for permission in Permission.objects.filter(
                content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=_MEDIA
            ):
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=root, permission=permission
                )


def retire_stock_groups():
    """Removes the groups and the approval workflow that Wagtail's own migrations bring along.

    Two kinds of editors side by side help nobody. A group that somebody is in is left alone.
    """
    stock = Group.objects.filter(name__in=["Moderators", "Editors"], user=None)
    for task in GroupApprovalTask.objects.filter(groups__in=stock, groups__user=None):
        Workflow.objects.filter(workflow_tasks__task=task, active=True).update(active=False)
        task.active = False
        task.save()
    stock.delete()


def _permissions(names) -> list[Permission]:
    found = []
    for name in names:
        app, codename = name.split(".")
        found.append(Permission.objects.get(content_type__app_label=app, codename=codename))
    return found


def _pages_of(section: str | None):
    if section is None:
        return []
    if section == "":
        return [Page.get_first_root_node()]
    app, model = section.lower().split(".")
    # The source alone: what follows from it in other languages is its translators' work.
    return Page.objects.filter(
        content_type__app_label=app,
        content_type__model=model,
        locale__language_code=settings.LANGUAGE_CODE,
    )
