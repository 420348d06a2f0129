"""The members of staff a piece of work can be given to."""

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hub.models import User


def holders(*permissions: str):
    """The active members of staff who have one of ``permissions``, each "app.codename"."""
    names = Q()
    for permission in permissions:
        app, codename = permission.split(".")
        names |= Q(content_type__app_label=app, codename=codename)
    given = Permission.objects.filter(names)
    may = Q(is_superuser=True) | Q(groups__permissions__in=given) | Q(user_permissions__in=given)
    return User.objects.filter(may, is_active=True).distinct().order_by("username")


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()


class ColleagueField(forms.ModelChoiceField):
    """A question answered with one of the team, by name; the form says which of them."""

    def __init__(self, **options):
        super().__init__(
            queryset=User.objects.none(),
            error_messages={
                "required": _("Choose one of the team."),
                "invalid_choice": _("Choose one of the team."),
            },
            **options,
        )

    def label_from_instance(self, user):
        return name_of(user)
