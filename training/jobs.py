"""What the training section does by the clock."""

from datetime import timedelta

from hub.jobs import job
from training import news


@job("tell_of_next_sessions", every=timedelta(minutes=5))
def tell_of_next_sessions():
    news.tell()
    news.forget_told()
