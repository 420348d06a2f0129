"""The mails of the training section."""

from training import news_mails, stuck_mails  # noqa: F401 - writers register by being imported
