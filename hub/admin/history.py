"""Who did what: entries of the log as sentences."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from wagtail.log_actions import LogFormatter
from wagtail.log_actions import registry as log_registry
from wagtail.models import ModelLogEntry

from hub.staff import name_of


def formatter(action_label, sentence_for: Callable) -> type[LogFormatter]:
    """What registers an action with the log: its label in filters, and the words of an entry.

    ``sentence_for(entry)`` may quote, as "%(name)s", what was noted with the entry.
    """

    class Formatter(LogFormatter):
        label = action_label

        def format_message(self, log_entry):
            told = {
                name: ", ".join(value) if isinstance(value, list) else value
                for name, value in log_entry.data.items()
            }
            return str(sentence_for(log_entry)) % told

    return Formatter


def who(entry: ModelLogEntry) -> str:
    return name_of(entry.user) if entry.user else _("The person, or the hub by itself")


def history_of(instance) -> list[ModelLogEntry]:
    """What was done with it, the latest first, each with the name of who did it. One query."""
    entries = list(log_registry.get_logs_for_instance(instance).select_related("user"))
    for entry in entries:
        entry.who = who(entry)
    return entries
