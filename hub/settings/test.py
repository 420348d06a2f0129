"""Settings for the test run: development's, with nothing left behind between tests.

DATABASE_URL and CACHE_URL are honoured, so that `make stack-test` runs the same tests on PostgreSQL
and Redis.
"""

import atexit
import os
import shutil
import tempfile

if "HUB_DATA_DIR" not in os.environ:
    os.environ["HUB_DATA_DIR"] = tempfile.mkdtemp(prefix="hub-test-")
    atexit.register(shutil.rmtree, os.environ["HUB_DATA_DIR"], ignore_errors=True)

from hub.settings.dev import *  # noqa: E402, F403
from hub.settings.dev import STATIC_ROOT, env  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if not env("CACHE_URL", default=""):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AXES_ENABLED = False
WHITENOISE_AUTOREFRESH = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
