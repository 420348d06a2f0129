"""The texts of the mails, as staff read and replace them."""

import django_filters
from django.forms import RadioSelect, TextInput
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from hub.mail import words as mail_words
from hub.mail.texts import make_missing
from hub.models import MailText

# The direction follows the words, not the language of the admin.
_AS_WRITTEN = {"dir": "auto"}


class OwnWordsPanel(Panel):
    """What is sent when the fields below it are blank, and what may stand in them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "hub/admin/mail_own_words.html"

        def get_context_data(self, parent_context=None):
            meanings = mail_words.meanings_of(self.instance.occasion)
            return super().get_context_data(parent_context) | {
                "text": self.instance,
                "placeholders": [(f"{{{name}}}", meaning) for name, meaning in meanings.items()],
            }


class MailTextPermissionPolicy(ModelPermissionPolicy):
    """Every text is there already, and blank is as good as deleted."""

    def user_has_permission(self, user, action):
        return action in {"view", "change"} and super().user_has_permission(user, "change")

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


class MailTextFilterSet(WagtailFilterSet):
    group = django_filters.ChoiceFilter(
        label=_("Section"),
        method="of_group",
        choices=lambda: list(mail_words.groups().items()),
        empty_label=_("All"),
        widget=RadioSelect,
    )

    class Meta:
        model = MailText
        fields = []

    def of_group(self, texts, name, prefix):
        return texts.filter(occasion__startswith=f"{prefix}.")


class MailTextIndexView(IndexView):
    """The texts of one language; of the source's, unless another is asked for."""

    def get_base_queryset(self):
        make_missing()
        return super().get_base_queryset().filter(locale=self.locale)

    @property
    def columns(self):
        return [
            TitleColumn(
                "occasion", label=_("Mail"), accessor=str, get_url=self.get_edit_url, width="25%"
            ),
            Column("group", label=_("Section")),
            Column("purpose", label=_("When, and to whom"), width="40%"),
            Column("state", label=_("Words")),
        ]


class MailTextViewSet(SnippetViewSet):
    model = MailText
    icon = "mail"
    menu_label = _("Mails")
    menu_name = "mail_texts"
    menu_order = 322
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = MailTextIndexView
    filterset_class = MailTextFilterSet
    list_per_page = 50
    edit_handler = ObjectList(
        [
            OwnWordsPanel(heading=_("The hub's own words")),
            FieldPanel("subject", widget=TextInput(attrs=_AS_WRITTEN)),
            FieldPanel("message", widget=AdminAutoHeightTextInput(attrs=_AS_WRITTEN)),
        ]
    )

    @property
    def permission_policy(self):
        return MailTextPermissionPolicy(self.model)
