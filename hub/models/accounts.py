from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff or a translator. Visitors have no accounts.

    Ours from the first migration, because the user model cannot be replaced later.
    """

    class TranslationMail(models.TextChoices):
        AT_ONCE = "at_once", _("At once, for each page")
        DIGEST = "digest", _("Once a day, in one mail")
        NEVER = "never", _("Never")

    translation_mail = models.CharField(
        _("mail about translations"),
        max_length=10,
        choices=TranslationMail.choices,
        default=TranslationMail.DIGEST,
        help_text=_("When work arrives, changes or comes back in your languages."),
    )
