"""Releases in tests: pages of an editor, translated and not, that go public together."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Locale

from hub.models import Release, ReleasePage, User
from hub.roles import EDITORS, set_up_roles
from tests.factories import StandardPageFactory
from tests.translating import locale_of, submit, translate, write

CHECKLIST = "/admin/releases/{}/"


def spanish_sections(site) -> Locale:
    """Spanish, whose home page and sections are public."""
    for section in (site.toolkit, site.templates, site.training, site.stories, site.contact):
        translate(section, "es")
    return locale_of("es")


def make_editor() -> User:
    set_up_roles()
    user = User.objects.create_user("ed", "ed@example.org", first_name="Edda")
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


def draft(factory, **fields):
    """A page that an editor has written and not published."""
    page = factory(live=False, **fields)
    page.save_revision()
    page.refresh_from_db()
    return page


def release_of(*pages, locales=("es",), **fields) -> Release:
    release = Release.objects.create(name="March", **fields)
    release.locales.set([locale_of(code) for code in locales])
    for page in pages:
        ReleasePage.objects.create(release=release, page=page)
    return release


def ready(page, locale):
    translation = submit(page, locale)
    write(translation)
    return translation


def due_release(site, locale, editor) -> Release:
    """A release whose time has come, of one page that is ready."""
    page = draft(StandardPageFactory, parent=site.home)
    ready(page, locale)
    return release_of(page, publish_at=timezone.now() - timedelta(seconds=5), scheduled_by=editor)
