"""Production's settings, each time in a process of its own that inherits no environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
REQUIRED = {
    "HUB_DATA_DIR": "the folder for uploads, the cache and the embedded database.",
    "SECRET_KEY": "a long random text that signs links and sessions.",
    "ALLOWED_HOSTS": "the host names the hub answers to, separated by commas.",
    "HUB_BASE_URL": "the public address, such as https://hub.example.org, used in mails and links.",
    "EMAIL_URL": "the mail server, such as smtp+tls://user:password@host:587.",
}
COMPLETE = {
    "HUB_DATA_DIR": "/srv/hub",
    "SECRET_KEY": "s3cret-signing-key-of-the-test",
    "ALLOWED_HOSTS": "hub.example.org, www.hub.example.org",
    "HUB_BASE_URL": "https://hub.example.org/",
    "HUB_NAME": "Plain Tender",
    "EMAIL_URL": "smtp+tls://postman:m4il-pass@mail.example.org:587",
}
S3 = {
    "S3_PUBLIC_BUCKET": "hub-public",
    "S3_PRIVATE_BUCKET": "hub-private",
    "AWS_ACCESS_KEY_ID": "AKIA-of-the-test",
    "AWS_SECRET_ACCESS_KEY": "aws-s3cret-of-the-test",
}
S3_REASON = "files are kept in S3 as soon as one of the S3_ variables is set."
PROBE = """
import importlib, json, sys
module = importlib.import_module(sys.argv[1])
values = {name: value for name, value in vars(module).items() if name.isupper()}
print(json.dumps(values, default=repr, sort_keys=True))
"""
SAFE_PROBE = """
import django
from django.views.debug import SafeExceptionReporterFilter
django.setup()
print(SafeExceptionReporterFilter().get_safe_settings())
"""


def run(arguments: list[str], environment: dict, **options):
    return subprocess.run(
        arguments,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=120,
        **options,
    )


def load(environment: dict, module: str = "hub.settings.production") -> dict:
    """All settings of ``module``, as JSON gives them."""
    result = run([sys.executable, "-c", PROBE, module], environment)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def problems(environment: dict) -> list[str]:
    """The sentences with which the start stops, in order."""
    result = run([sys.executable, "-c", PROBE, "hub.settings.production"], environment)
    assert result.returncode == 1
    message = result.stderr.partition("ImproperlyConfigured: The hub cannot start.\n")[2]
    return [line.removeprefix("- ") for line in message.splitlines()]


# What is missing


def test_settings_name_everything_that_is_missing_at_once():
    assert problems({}) == [f"{name} is not set: {purpose}" for name, purpose in REQUIRED.items()]


@pytest.mark.parametrize("name", REQUIRED)
def test_settings_name_the_one_variable_that_is_missing(name):
    environment = {key: value for key, value in COMPLETE.items() if key != name}
    assert problems(environment) == [f"{name} is not set: {REQUIRED[name]}"]


@pytest.mark.parametrize("name", REQUIRED)
def test_settings_take_an_empty_variable_for_a_missing_one(name):
    assert problems(COMPLETE | {name: ""}) == [f"{name} is not set: {REQUIRED[name]}"]


@pytest.mark.parametrize("name", S3)
def test_settings_name_what_s3_still_lacks(name):
    lacking = {key: value for key, value in S3.items() if key != name}
    assert problems(COMPLETE | lacking) == [f"{name} is not set: {S3_REASON}"]


def test_settings_with_an_s3_address_alone_name_all_that_s3_lacks():
    environment = COMPLETE | {"S3_ENDPOINT_URL": "https://s3.example.org"}
    assert sorted(problems(environment)) == sorted(f"{name} is not set: {S3_REASON}" for name in S3)


def test_manage_command_stops_with_the_sentences_and_no_more():
    """An administrator sees them through any command, not only at the web server's start."""
    result = run(
        [sys.executable, "manage.py", "check"],
        {"DJANGO_SETTINGS_MODULE": "hub.settings.production"},
    )
    assert result.returncode != 0
    for name in REQUIRED:
        assert f"- {name} is not set: " in result.stderr


# What is made of what is there


@pytest.fixture(scope="module")
def complete() -> dict:
    return load(COMPLETE)


def test_settings_know_the_secrets_of_before(complete):
    assert complete["SECRET_KEY_FALLBACKS"] == []
    found = load(COMPLETE | {"SECRET_KEY_FALLBACKS": "of last year,of the year before"})
    assert found["SECRET_KEY_FALLBACKS"] == ["of last year", "of the year before"]


def test_settings_are_read_from_the_environment(complete):
    assert complete["SECRET_KEY"] == COMPLETE["SECRET_KEY"]
    assert complete["ALLOWED_HOSTS"] == ["hub.example.org", "www.hub.example.org"]
    assert (
        complete["HUB_BASE_URL"] == complete["WAGTAILADMIN_BASE_URL"] == "https://hub.example.org"
    )
    assert complete["CSRF_TRUSTED_ORIGINS"] == ["https://hub.example.org"]
    assert (complete["EMAIL_HOST"], complete["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert (complete["EMAIL_HOST_USER"], complete["EMAIL_HOST_PASSWORD"]) == (
        "postman",
        "m4il-pass",
    )
    assert complete["EMAIL_USE_TLS"] is True
    assert complete["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"


def test_settings_keep_everything_in_the_data_folder_by_default(complete):
    database = complete["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == "/srv/hub/hub.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in database["OPTIONS"]["init_command"]
    cache = complete["CACHES"]["default"]
    assert cache["BACKEND"] == "hub.cache_backends.ForgivingFileCache"
    assert "/srv/hub/cache" in cache["LOCATION"]
    assert "/srv/hub/media" in complete["MEDIA_ROOT"]
    storages = {name: storage["BACKEND"] for name, storage in complete["STORAGES"].items()}
    assert storages == {
        "default": "django.core.files.storage.FileSystemStorage",
        "private": "django.core.files.storage.FileSystemStorage",
        "staticfiles": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    }
    assert complete["STORAGES"]["private"]["OPTIONS"]["base_url"] is None
    assert "/srv/hub/private" in complete["STORAGES"]["private"]["OPTIONS"]["location"]


def test_settings_keep_private_files_out_of_the_public_folder(complete):
    assert not complete["PRIVATE_MEDIA_ROOT"].startswith(complete["MEDIA_ROOT"].rstrip("')"))


def test_settings_empty_optional_variables_mean_the_defaults(complete):
    """deploy/env.example is copied with the optional names in it and nothing behind them."""
    optional = [
        "DATABASE_URL",
        "CACHE_URL",
        "S3_ENDPOINT_URL",
        *S3,
        "S3_PUBLIC_DOMAIN",
        "HUB_FILE_SCANNER",
        "HUB_CLAMD",
        "HUB_MACHINE_TRANSLATOR",
        "HUB_MACHINE_TRANSLATOR_OPTIONS",
    ]
    assert load(COMPLETE | dict.fromkeys(optional, "")) == complete


def test_settings_name_a_machine_translator_only_if_the_environment_does(complete):
    assert "WAGTAILLOCALIZE_MACHINE_TRANSLATOR" not in complete
    dummy = "wagtail_localize.machine_translators.dummy.DummyTranslator"
    named = {
        "HUB_MACHINE_TRANSLATOR": dummy,
        "HUB_MACHINE_TRANSLATOR_OPTIONS": '{"AUTH_KEY": "x"}',
    }
    assert load(COMPLETE | named)["WAGTAILLOCALIZE_MACHINE_TRANSLATOR"] == {
        "CLASS": "hub.translation.machine.CarefulTranslator",
        "OPTIONS": {"CLASS": dummy, "OPTIONS": {"AUTH_KEY": "x"}},
    }
    assert problems(COMPLETE | named | {"HUB_MACHINE_TRANSLATOR_OPTIONS": "x"}) == [
        'HUB_MACHINE_TRANSLATOR_OPTIONS is not a JSON object such as {"AUTH_KEY": "..."}.'
    ]


def test_settings_use_the_database_of_its_address():
    address = "postgres://keeper:db-pass@db.example.org:5433/hub"
    database = load(COMPLETE | {"DATABASE_URL": address})["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", 5433, "hub")
    assert (database["USER"], database["PASSWORD"]) == ("keeper", "db-pass")
    assert database["CONN_MAX_AGE"] == 60
    assert database["CONN_HEALTH_CHECKS"] is True
    assert "init_command" not in database.get("OPTIONS", {})


def test_settings_use_the_cache_of_its_address():
    cache = load(COMPLETE | {"CACHE_URL": "redis://cache.example.org:6379/1"})["CACHES"]["default"]
    assert cache["BACKEND"] == "hub.cache_backends.ForgivingRedisCache"
    assert cache["LOCATION"] == "redis://cache.example.org:6379/1"


def test_settings_with_s3_have_a_public_and_a_private_storage():
    environment = COMPLETE | S3 | {"S3_ENDPOINT_URL": "https://s3.example.org"}
    storages = load(environment)["STORAGES"]
    public, private = storages["default"], storages["private"]
    assert public["BACKEND"] == "hub.storage.PublicStorage"
    assert public["OPTIONS"]["bucket_name"] == "hub-public"
    assert public["OPTIONS"]["querystring_auth"] is False
    assert private["BACKEND"] == "hub.storage.PrivateStorage"
    assert private["OPTIONS"]["bucket_name"] == "hub-private"
    assert private["OPTIONS"]["querystring_auth"] is True
    assert private["OPTIONS"]["querystring_expire"] == 60
    for storage in (public, private):
        assert "default_acl" not in storage["OPTIONS"]
        assert storage["OPTIONS"]["file_overwrite"] is False
        assert storage["OPTIONS"]["endpoint_url"] == "https://s3.example.org"
    text = json.dumps(storages)
    assert S3["AWS_ACCESS_KEY_ID"] not in text
    assert S3["AWS_SECRET_ACCESS_KEY"] not in text


@pytest.mark.parametrize(
    ("more", "source"),
    [
        ({"S3_PUBLIC_DOMAIN": "files.example.org"}, "https://files.example.org"),
        ({"S3_ENDPOINT_URL": "https://s3.example.org"}, "https://s3.example.org"),
        ({}, "https://*.amazonaws.com"),
    ],
)
def test_settings_with_s3_let_pages_show_its_pictures_and_nothing_else_of_it(more, source):
    policy = load(COMPLETE | S3 | more)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert [name for name, sources in policy.items() if source in sources] == ["img-src"]


def test_settings_with_s3_name_the_domain_of_public_files():
    options = load(COMPLETE | S3 | {"S3_PUBLIC_DOMAIN": "files.example.org"})["STORAGES"]
    assert options["default"]["OPTIONS"]["custom_domain"] == "files.example.org"
    assert "custom_domain" not in options["private"]["OPTIONS"]


# What is safe


def test_settings_are_strict(complete):
    assert complete["DEBUG"] is False
    assert complete["SECURE_SSL_REDIRECT"] is True
    assert complete["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert complete["SESSION_COOKIE_SECURE"] is True
    assert complete["CSRF_COOKIE_SECURE"] is True
    assert complete["HUB_SHOW_MAIL"] is False
    assert complete["HUB_SERVE_MEDIA"] is False
    assert complete.get("HUB_ALLOW_DEMO", False) is False
    assert complete.get("AXES_ENABLED", True) is True
    assert len(complete["AUTH_PASSWORD_VALIDATORS"]) == 3
    assert complete["WAGTAILDOCS_INLINE_CONTENT_TYPES"] == []
    assert "svg" not in complete["WAGTAILIMAGES_EXTENSIONS"]


def test_settings_ask_nothing_of_third_parties(complete):
    assert complete["WAGTAIL_ENABLE_UPDATE_CHECK"] is False
    assert complete["WAGTAIL_GRAVATAR_PROVIDER_URL"] is None
    assert complete["WAGTAILEMBEDS_FINDERS"] == []
    sources = complete["CONTENT_SECURITY_POLICY"]["DIRECTIVES"].values()
    assert [source for group in sources for source in group if "//" in source] == []


def test_settings_shown_on_error_pages_hold_no_secret():
    """Whatever reports an error of the hub sends Django's cleansed settings along."""
    environment = COMPLETE | S3 | {"DATABASE_URL": "postgres://keeper:db-pass@db.example.org/hub"}
    result = run(
        [sys.executable, "-c", SAFE_PROBE],
        environment | {"DJANGO_SETTINGS_MODULE": "hub.settings.production"},
    )
    assert result.returncode == 0, result.stderr
    secrets = [
        COMPLETE["SECRET_KEY"],
        "m4il-pass",
        "db-pass",
        S3["AWS_ACCESS_KEY_ID"],
        S3["AWS_SECRET_ACCESS_KEY"],
    ]
    assert [secret for secret in secrets if secret in result.stdout] == []
    assert "hub.example.org" in result.stdout


def test_deployment_check_passes():
    result = subprocess.run(
        ["bash", "deploy/check.sh", sys.executable],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "System check identified no issues (1 silenced).\n"


# What development loosens


def changed(environment: dict, module: str) -> set[str]:
    base, other = load(environment), load(environment, module)
    return {name for name in base | other if base.get(name) != other.get(name)}


DEVELOPMENT = {
    "AUTH_PASSWORD_VALIDATORS",
    "CSRF_COOKIE_SECURE",
    "EMAIL_BACKEND",
    "EMAIL_FILE_PATH",
    "HUB_ALLOW_DEMO",
    "HUB_SERVE_MEDIA",
    "HUB_SHOW_MAIL",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "STORAGES",
    "WHITENOISE_AUTOREFRESH",
    "WHITENOISE_USE_FINDERS",
}
TEST = {"AXES_ENABLED", "CACHES", "PASSWORD_HASHERS"}


def test_development_differs_from_production_in_these_settings_alone(tmp_path):
    environment = COMPLETE | {"HUB_DATA_DIR": str(tmp_path)}
    assert changed(environment, "hub.settings.dev") == DEVELOPMENT


def test_test_settings_differ_from_production_in_these_settings_alone(tmp_path):
    environment = COMPLETE | {"HUB_DATA_DIR": str(tmp_path)}
    assert changed(environment, "hub.settings.test") == DEVELOPMENT | TEST


def test_development_keeps_the_storages_of_files(tmp_path):
    environment = COMPLETE | {"HUB_DATA_DIR": str(tmp_path)}
    production, development = load(environment), load(environment, "hub.settings.dev")
    assert production["STORAGES"].pop("staticfiles") != development["STORAGES"].pop("staticfiles")
    assert production["STORAGES"] == development["STORAGES"]


def test_development_needs_no_environment(tmp_path):
    development = load({"HUB_DATA_DIR": str(tmp_path)}, "hub.settings.dev")
    assert development["HUB_BASE_URL"] == "http://127.0.0.1:8000"
    assert development["DEBUG"] is False
    assert development["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]


def test_web_server_starts_with_production_unless_told_otherwise():
    assert '"hub.settings.production"' in (ROOT / "hub" / "wsgi.py").read_text("utf-8")
