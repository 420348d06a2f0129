"""The demo sets up a hub, is refused elsewhere, and leaves alone what editors have changed."""

import socket
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from funding.models import GrantRequest
from home.models import HomePage, StoryPage
from hub.models import SiteSettings, User
from tests.demo.parts import of
from training import seats
from training.models import Registration, RegistrationStatus

pytestmark = pytest.mark.xdist_group("demo")


def test_demo_loaded_again_keeps_what_editors_changed():
    story = of(StoryPage).first()
    story.title = "Edited since"
    story.save_revision().publish()
    of(StoryPage).exclude(pk=story.pk).first().delete()
    requests = GrantRequest.objects.count()
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert "stays as it is" in out.getvalue()
    assert StoryPage.objects.get(pk=story.pk).title == "Edited since"
    assert of(StoryPage).count() == 5
    assert GrantRequest.objects.count() == requests


def test_demo_accounts_can_sign_in(rf):
    names = [
        "admin",
        "editor",
        "translator-es",
        "translator-fr",
        "translator-ar",
        "reviewer-es",
        "reviewer-fr",
        "reviewer-ar",
        "training",
        "funding",
        "reviewer-a",
        "reviewer-b",
    ]
    for name in names:
        user = authenticate(rf.post("/"), username=name, password="demo")
        assert user is not None, name
        assert user.has_perm("wagtailadmin.access_admin")
    assert set(names) == set(User.objects.values_list("username", flat=True))


def test_demo_sets_up_the_site():
    site = Site.objects.get(is_default_site=True)
    assert site.site_name == "Plain Tender"
    assert site.root_page.specific_class is HomePage
    zones = SiteSettings.for_site(site).display_zones.values_list("zone", flat=True)
    assert list(zones) == ["America/New_York", "UTC", "Africa/Nairobi", "Asia/Kathmandu"]
    assert not Page.objects.filter(slug="welcome").exists()


def test_demo_is_refused_outside_development(settings):
    settings.HUB_ALLOW_DEMO = False
    with pytest.raises(CommandError, match="development settings"):
        call_command("load_demo")
    with pytest.raises(CommandError, match="development settings"):
        call_command("demo")


def test_demo_says_in_a_sentence_that_a_port_is_in_use():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError) as refusal:
            call_command("demo", port=port)
    assert str(refusal.value) == (
        f"Port {port} is in use by another program. Choose another: make demo PORT=9000"
    )


def test_demo_leaves_a_roster_alone_that_staff_have_changed():
    person = Registration.objects.filter(status="confirmed").first()
    seats.change(person, RegistrationStatus.CANCELLED, tell=False)
    before = Registration.objects.count()
    call_command("load_demo", verbosity=0)
    person.refresh_from_db()
    assert (person.status, Registration.objects.count()) == ("cancelled", before)
