"""What may be remembered between requests, and how it is forgotten.

Everything remembered is keyed by the site's *generation*, a random token in the shared cache. Any
change that a reader could see moves the generation on, so nothing stale is ever served and there is
no purge logic to get wrong: old entries are never asked for again and expire.
"""

import uuid
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.cache import cache
from django.db.transaction import on_commit

GENERATION_KEY = "hub:generation"
HOUR = 3600
_ABSENT = object()
_gathering: ContextVar[bool] = ContextVar("gathering", default=False)


def generation() -> str:
    """The token of everything published so far."""
    return cache.get_or_set(GENERATION_KEY, lambda: uuid.uuid4().hex, timeout=None)


def forget_everything(**_signal_arguments):
    """Moves the generation on, once the change that calls for it is committed."""
    if _gathering.get():
        return
    on_commit(lambda: cache.set(GENERATION_KEY, uuid.uuid4().hex, timeout=None))


@contextmanager
def forgetting_once():
    """Within it, many changes move the generation on a single time, at the end.

    Also when it ends in an error: what was remembered meanwhile may come from what is undone.
    """
    token = _gathering.set(True)
    try:
        yield
    finally:
        _gathering.reset(token)
        forget_everything()


def remember(name: str, make: Callable[[], Any], seconds: int = HOUR) -> Any:
    """``make()``, remembered under ``name`` until something is published or ``seconds`` pass."""
    key = f"hub:{generation()}:{name}"
    value = cache.get(key, _ABSENT)
    if value is _ABSENT:
        value = make()
        cache.set(key, value, seconds)
    return value
