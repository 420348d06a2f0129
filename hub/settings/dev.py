"""Settings for one's own machine: production's, loosened. Everything is kept under ./data."""

import os
from pathlib import Path

_data = Path(__file__).resolve().parent.parent.parent / "data"
for _name, _value in {
    "HUB_DATA_DIR": str(_data),
    "SECRET_KEY": "only-for-development-never-for-a-machine-that-others-can-reach",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
    "HUB_BASE_URL": "http://127.0.0.1:8000",
    "HUB_NAME": "Plain Tender",
    "EMAIL_URL": "consolemail://",
}.items():
    os.environ.setdefault(_name, _value)

from hub.settings.production import *  # noqa: E402, F403
from hub.settings.production import DATA_DIR, STORAGES, env  # noqa: E402

# Off by default, so that one sees the pages a visitor would see, the 404 included.
DEBUG = env.bool("DEBUG", default=False)

DATA_DIR.mkdir(parents=True, exist_ok=True)

EMAIL_BACKEND = "hub.mail.backends.FileBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
HUB_SHOW_MAIL = True
HUB_SERVE_MEDIA = True
HUB_ALLOW_DEMO = True

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
AUTH_PASSWORD_VALIDATORS = []

# Static files come straight from the source folders: no collectstatic between an edit and a look.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
