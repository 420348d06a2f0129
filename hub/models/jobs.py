"""Jobs that run by the clock: who is running each now, and how it went."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """A job's one row: its lease and its last outcome.

    Whoever sets ``lease_token`` by a conditional update runs the job; when ``leased_until`` has
    passed without an outcome, its worker is taken for dead and anybody may take the job over.
    """

    name = models.CharField(_("job"), max_length=100, unique=True)
    run_after = models.DateTimeField(_("next run"))
    leased_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    last_started_at = models.DateTimeField(_("last started"), null=True, blank=True)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    last_error = models.TextField(
        _("last error"), blank=True, help_text=_("Empty when the last run went well.")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self):
        return self.name
