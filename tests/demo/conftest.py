"""The demo, loaded once for all modules of this package.

Each of them has the mark ``xdist_group("demo")``, so that they run in one process.
"""

import pytest
from django.conf import settings
from django.core.management import call_command


@pytest.fixture(scope="package")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, loaded once for this package and taken back after it."""
    from django.db import transaction

    media, was = tmp_path_factory.mktemp("media"), settings.MEDIA_ROOT
    settings.MEDIA_ROOT = media
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", verbosity=0)
        yield media
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = was


@pytest.fixture(autouse=True)
def _demo(request, db, demo, settings):
    settings.MEDIA_ROOT = demo
