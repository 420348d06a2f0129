"""Caches that forget instead of failing.

A full disk or a stopped Redis must make pages slower, not unreachable. Wagtail asks the cache too (for
addresses and pictures), so the place to catch a failure is the cache itself: whatever cannot be read is
a miss, whatever cannot be written is lost, and the log says so.
"""

import logging

from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)


class ForgivingMixin:
    """``failures`` names the exceptions that mean "the cache is out of order"."""

    failures: tuple[type[Exception], ...] = ()

    def _forgive(self, method, instead, *args, **kwargs):
        try:
            return method(*args, **kwargs)
        except self.failures as failure:
            logger.error("The cache failed and was done without: %s", failure)
            return instead

    def get(self, key, default=None, version=None):
        return self._forgive(super().get, default, key, default, version)

    def get_many(self, keys, version=None):
        return self._forgive(super().get_many, {}, keys, version)

    def set(self, key, value, *args, **kwargs):
        return self._forgive(super().set, None, key, value, *args, **kwargs)

    def set_many(self, data, *args, **kwargs):
        return self._forgive(super().set_many, list(data), data, *args, **kwargs)

    def add(self, key, value, *args, **kwargs):
        return self._forgive(super().add, True, key, value, *args, **kwargs)

    def touch(self, key, *args, **kwargs):
        return self._forgive(super().touch, False, key, *args, **kwargs)

    def delete(self, key, *args, **kwargs):
        return self._forgive(super().delete, False, key, *args, **kwargs)

    def incr(self, key, delta=1, version=None):
        return self._forgive(super().incr, delta, key, delta, version)


class ForgivingFileCache(ForgivingMixin, FileBasedCache):
    failures = (OSError,)

    def _createdir(self):
        self._forgive(super()._createdir, None)


class ForgivingRedisCache(ForgivingMixin, RedisCache):
    @property
    def failures(self):
        from redis.exceptions import RedisError

        return (RedisError, OSError)
