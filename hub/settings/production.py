"""The complete, secure settings. dev.py and test.py only loosen them.

Everything that differs between installations comes from the environment (see
deploy/env.example); whatever is missing stops the start with one sentence per variable.
"""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.conf.global_settings import LANGUAGES as ALL_LANGUAGES

from hub.settings.environment import Environment

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(
    env.required("HUB_DATA_DIR", "the folder for uploads, the cache and the embedded database.")
)

# Identity and addresses

DEBUG = False
SECRET_KEY = env.required("SECRET_KEY", "a long random text that signs links and sessions.")
# Those of before. What they signed stays good: private links to grants are kept for seven years.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = [
    host.strip()
    for host in env.required(
        "ALLOWED_HOSTS", "the host names the hub answers to, separated by commas."
    ).split(",")
    if host.strip()
]
HUB_BASE_URL = env.required(
    "HUB_BASE_URL", "the public address, such as https://hub.example.org, used in mails and links."
).rstrip("/")
WAGTAILADMIN_BASE_URL = HUB_BASE_URL
WAGTAIL_SITE_NAME = env("HUB_NAME", default="Advocacy Hub")
CSRF_TRUSTED_ORIGINS = [HUB_BASE_URL] if HUB_BASE_URL.startswith("https://") else []

ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "hub.User"

INSTALLED_APPS = [
    "hub",
    "home",
    "toolkit",
    "training",
    "funding",
    "search",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hub.middleware.EncodingMiddleware",
    "hub.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hub.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "hub.translation.guard.TranslationGuardMiddleware",
    # Last, so that it sees the login that was refused.
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hub.context_processors.hub",
            ],
        },
    }
]

# Database, cache, files: by their variables, each with an embedded default under HUB_DATA_DIR

_database = env("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR}/hub.sqlite3"
DATABASES = {"default": env.db_url_config(_database)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time, taken at the start of a transaction, and durable once acknowledged.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
# Kept between requests on SQLite too: to open a connection there, and to close the last one, which
# empties the log of changes into the database, takes longer than to answer.
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# The default is a folder, not the process's memory: limits and page fragments must be the same in
# every worker process of the machine.
CACHES = {
    "default": (
        env.cache("CACHE_URL")
        if env("CACHE_URL", default="")
        else {
            "BACKEND": "hub.cache_backends.ForgivingFileCache",
            "LOCATION": DATA_DIR / "cache",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    )
}

if CACHES["default"]["BACKEND"].endswith(".RedisCache"):
    CACHES["default"]["BACKEND"] = "hub.cache_backends.ForgivingRedisCache"

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
PRIVATE_MEDIA_ROOT = DATA_DIR / "private"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_FINDERS = [
    "hub.staticfiles.JoinedFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_MEDIA_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
S3_ENDPOINT_URL = env("S3_ENDPOINT_URL", default="")
if S3_ENDPOINT_URL or env("S3_PUBLIC_BUCKET", default="") or env("S3_PRIVATE_BUCKET", default=""):
    _why = "files are kept in S3 as soon as one of the S3_ variables is set."
    # The keys themselves stay in the environment, where boto3 finds them: storage options are
    # pickled into tasks and shown on error pages.
    env.required("AWS_ACCESS_KEY_ID", _why)
    env.required("AWS_SECRET_ACCESS_KEY", _why)
    _connection = {
        "endpoint_url": S3_ENDPOINT_URL or None,
        "file_overwrite": False,
    }
    # Who may read is said by the buckets: many servers refuse uploads that say it by themselves.
    STORAGES["default"] = {
        "BACKEND": "hub.storage.PublicStorage",
        "OPTIONS": _connection
        | {
            "bucket_name": env.required("S3_PUBLIC_BUCKET", _why),
            "custom_domain": env("S3_PUBLIC_DOMAIN", default="") or None,
            "querystring_auth": False,
        },
    }
    STORAGES["private"] = {
        "BACKEND": "hub.storage.PrivateStorage",
        "OPTIONS": _connection
        | {
            "bucket_name": env.required("S3_PRIVATE_BUCKET", _why),
            "querystring_auth": True,
            "querystring_expire": 60,
        },
    }

# Off unless a scanner is named: a function that takes an open file and says whether it is clean. Until
# it has, nobody downloads the file.
HUB_FILE_SCANNER = env("HUB_FILE_SCANNER", default="")
# Where clamd listens, if the scanner is hub.scanners.clamd.
HUB_CLAMD = env("HUB_CLAMD", default="")

# Development only: production leaves /media/ to the web server or to S3.
HUB_SERVE_MEDIA = False
# Development only: a page that shows the mails written to HUB_DATA_DIR.
HUB_SHOW_MAIL = False

# Mail is written to the outbox by requests and sent by `manage.py work`.

# Not a setting of its own: it holds a password, which error reports would not know to leave out.
if env.required("EMAIL_URL", "the mail server, such as smtp+tls://user:password@host:587."):
    vars().update(env.email("EMAIL_URL"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="hub@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Languages: content may be in any language Django knows; which of them the hub has is decided in
# the admin (Settings, Locales), not here.

LANGUAGE_CODE = "en"
LANGUAGES = ALL_LANGUAGES
WAGTAIL_CONTENT_LANGUAGES = ALL_LANGUAGES
FORMAT_MODULE_PATH = "hub.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
# Translations start as drafts: nothing goes live under another language in the source's words.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILLOCALIZE_DISABLE_ON_DELETE = True
# Whole sections are submitted by the worker.
WAGTAILLOCALIZE_JOBS = {"BACKEND": "hub.translation.background.SubmissionBackend"}

# Off unless a translator is named.
if env("HUB_MACHINE_TRANSLATOR", default=""):
    WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {
        "CLASS": "hub.translation.machine.CarefulTranslator",
        "OPTIONS": {
            "CLASS": env("HUB_MACHINE_TRANSLATOR"),
            "OPTIONS": env.json_object("HUB_MACHINE_TRANSLATOR_OPTIONS"),
        },
    }

# Instants are stored in UTC; each session names its own zone.
USE_TZ = True
TIME_ZONE = "UTC"

# Who may come in

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "hub.views.too_many_logins"
LOGIN_URL = "wagtailadmin_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"

# How many proxies of ours stand in front and add to X-Forwarded-For; 0 believes no header. Without
# it, everybody behind the proxy counts as one address in limits.
HUB_PROXY_COUNT = env.int("HUB_PROXY_COUNT", default=0)
AXES_CLIENT_IP_CALLABLE = "hub.forms.guard.visitor_address"

# Transport and browser

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "SAMEORIGIN"  # the admin's preview shows public pages in a frame
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which would have it "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# Wagtail posts one field per value of a long page: Django's limit of 1,000 loses work.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Public pages load nothing but the hub's own files. The admin has its own, looser policy in
# hub.middleware, because Wagtail's editor builds styles and previews in the page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    }
}
if STORAGES["default"]["BACKEND"] == "hub.storage.PublicStorage":
    _media = env("S3_PUBLIC_DOMAIN", default="")
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(
        f"https://{_media}" if _media else S3_ENDPOINT_URL or "https://*.amazonaws.com"
    )

# Wagtail

WAGTAILIMAGES_IMAGE_MODEL = "hub.HubImage"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_DOCUMENT_MODEL = "hub.HubDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "hub.forms.documents.HubDocumentForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_INLINE_CONTENT_TYPES = []  # a download is always offered as a download
HUB_DOCUMENT_MAX_BYTES = 20 * 1024 * 1024
WAGTAILEMBEDS_FINDERS = []  # no request to third parties, from readers or from the server
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backend"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # A line for every change of the search index, and one for every start.
        "django_tasks": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
    },
}

env.stop_if_incomplete()
