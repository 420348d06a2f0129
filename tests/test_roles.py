"""Who may go where in the admin, role by role, and where strangers are sent."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import get_resolver

from hub.models import MailText, OutgoingMail, Release, User
from hub.roles import (
    EDITORS,
    FUNDING_OFFICERS,
    GRANT_REVIEWERS,
    ROLES,
    TRAINING_OFFICERS,
    set_up_roles,
)
from tests.factories import (
    ChapterPageFactory,
    ClinicPageFactory,
    CountryFactory,
    DocumentFactory,
    FormatFactory,
    ImageFactory,
    LevelFactory,
    NextSessionPageFactory,
    SessionPageFactory,
    StandardPageFactory,
    StoryPageFactory,
    TemplatePageFactory,
    TopicFactory,
)
from training.models import StuckRequest

ROLE_NAMES = E, T, F, R = [EDITORS, TRAINING_OFFICERS, FUNDING_OFFICERS, GRANT_REVIEWERS]


# Each address with the roles that may use it, administrators aside: they may use all.
# {name} stands for the number of what the fixture `places` has made under that name.
ALLOWED = {
    "": {E, T, F, R},
    "account/": {E, T, F, R},
    # Pages: to edit
    "pages/{home}/edit/": {E},
    "pages/{toolkit}/edit/": {E},
    "pages/{chapter}/edit/": {E},
    "pages/{templates}/edit/": {E},
    "pages/{template}/edit/": {E},
    "pages/{training}/edit/": {E, T},
    "pages/{session}/edit/": {E, T},
    "pages/{funding}/edit/": {E, F},
    "pages/{stories}/edit/": {E},
    "pages/{story}/edit/": {E},
    "pages/{contact}/edit/": {E},
    "pages/{about}/edit/": {E},
    "pages/{clinic}/edit/": {E, T},
    "pages/{next}/edit/": {E, T},
    # Pages: to add
    "pages/add/home/standardpage/{home}/": {E},
    "pages/add/home/contactpage/{home}/": {E},
    "pages/add/funding/fundpage/{home}/": {E},
    "pages/add/toolkit/chapterpage/{toolkit}/": {E},
    "pages/add/toolkit/templatepage/{templates}/": {E},
    "pages/add/training/sessionpage/{training}/": {E, T},
    "pages/add/home/storypage/{stories}/": {E},
    # Pages: to publish, unpublish, move and delete
    "pages/{session}/unpublish/": {E, T},
    "pages/{session}/delete/": {E, T},
    "pages/{story}/unpublish/": {E},
    "pages/{story}/delete/": {E},
    "pages/{funding}/unpublish/": {E, F},
    # Wagtail lets whoever may edit and publish a page delete it, but not with pages below it.
    "pages/{funding}/delete/": {E, F},
    "pages/{training}/delete/": set(),
    "pages/{session}/move/": {E, T},
    "pages/{chapter}/move/": {E},
    "pages/{session}/copy/": {E, T},
    "pages/{session}/history/": {E, T},
    "pages/{story}/history/": {E},
    # Vocabularies
    "snippets/hub/topic/": {E},
    "snippets/hub/topic/add/": {E},
    "snippets/hub/topic/edit/{topic}/": {E},
    "snippets/hub/topic/delete/{topic}/": {E},
    "snippets/hub/country/": {E},
    "snippets/hub/country/add/": {E},
    "snippets/hub/country/edit/{country}/": {E},
    "snippets/training/level/": {E, T},
    "snippets/training/level/add/": {E, T},
    "snippets/training/level/edit/{level}/": {E, T},
    "snippets/training/level/delete/{level}/": {E, T},
    "snippets/training/format/": {E, T},
    "snippets/training/format/add/": {E, T},
    "snippets/training/format/edit/{format}/": {E, T},
    # The words of mails
    "snippets/hub/mailtext/": {E, T, F},
    "snippets/hub/mailtext/edit/{words}/": {E, T, F},
    # Files
    "images/": {E, T, F},
    "images/add/": {E, T, F},
    "images/multiple/add/": {E, T, F},
    "images/{image}/": {E, T, F},
    "documents/": {E, T, F},
    "documents/add/": {E, T, F},
    "documents/multiple/add/": {E, T, F},
    "documents/edit/{document}/": {E, T, F},
    # The site as a whole
    "settings/hub/sitesettings/{site}/": {E},
    "redirects/": {E},
    "redirects/add/": {E},
    "redirects/import/": {E},
    # Administrators alone
    "users/": set(),
    "users/new/": set(),
    "users/edit/{user}/": set(),
    "groups/": set(),
    "groups/new/": set(),
    "groups/edit/{group}/": set(),
    "sites/": set(),
    "sites/new/": set(),
    "sites/edit/{site}/": set(),
    "locales/": set(),
    "locales/new/": set(),
    "collections/": set(),
    "collections/add/": set(),
    "workflows/list/": set(),
    "workflows/add/": set(),
    "outgoing_mail/": set(),
    "outgoing_mail/inspect/{mail}/": set(),
    "outgoing_mail/send-again/{mail}/": set(),
    # People: those who are stuck, and what is held about anybody
    "stuck_requests/": {T},
    "stuck_requests/results/": {T},
    "stuck_requests/{stuck}/": {T},
    "personal-data/": {T, F},
    # Grant requests: the lists. Whose each request is, tests/test_grant_access.py asks.
    "grant_requests/": {F, R},
    "grant_requests/results/": {F, R},
    # Releases
    "releases/": {E},
    "releases/results/": {E},
    "releases/new/": {E},
    "releases/{release}/": {E},
    "releases/edit/{release}/": {E},
    "releases/delete/{release}/": {E},
    # Reports
    "reports/locked/": {E},
    "reports/aging-pages/": {E, T, F},
    "reports/page-types-usage/": {E, T, F},
    "reports/workflow/": {E, T, F},
    "reports/workflow_tasks/": {E, T, F},
    # Each sees there what happened to the pages it may see.
    "reports/site-history/": {E, T, F, R},
    # The list is empty for those who may edit no page with a form.
    "forms/": {E, T, F},
    "forms/submissions/{contact}/": {E},
    "forms/submissions/{next}/": {E, T},
}


@pytest.fixture
def places(site):
    """The numbers of one of everything."""
    made = {
        **{name: getattr(site, name).pk for name in ("home", "toolkit", "templates", "training")},
        **{name: getattr(site, name).pk for name in ("funding", "stories", "contact")},
        "chapter": ChapterPageFactory(parent=site.toolkit).pk,
        "template": TemplatePageFactory(parent=site.templates).pk,
        "session": SessionPageFactory(parent=site.training).pk,
        "story": StoryPageFactory(parent=site.stories).pk,
        "about": StandardPageFactory(parent=site.home).pk,
        "clinic": ClinicPageFactory(parent=site.training).pk,
        "next": NextSessionPageFactory(parent=site.training).pk,
        "topic": TopicFactory().pk,
        "country": CountryFactory().pk,
        "level": LevelFactory().pk,
        "format": FormatFactory().pk,
        "image": ImageFactory().pk,
        "document": DocumentFactory().pk,
        "site": site.home.get_site().pk,
        "user": User.objects.create_user("somebody").pk,
        "mail": OutgoingMail.objects.create(
            key="k", to="a@example.org", subject="S", language="en"
        ).pk,
    }
    made["stuck"] = StuckRequest.objects.create(
        page_id=made["contact"],
        locale=site.locale,
        form_data={},
        idempotency_key="k",
        retained_until=date(2030, 1, 1),
    ).pk
    made["words"] = MailText.objects.create(occasion="training.link", locale=site.locale).pk
    made["release"] = Release.objects.create(name="March").pk
    set_up_roles()
    return made | {"group": Group.objects.get(name=EDITORS).pk}


def user_in(group: str) -> User:
    user = User.objects.create_user("staff")
    user.groups.add(Group.objects.get(name=group))
    return user


def is_allowed(client, address: str) -> bool:
    response = client.get(f"/admin/{address}")
    if response.status_code == 302 and response.url == "/admin/":
        return False  # with a message at the top of the front page
    assert response.status_code in {200, 403}, f"{address}: {response.status_code}"
    return response.status_code == 200


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_role_may_use_exactly_these_addresses(places, client, role):
    client.force_login(user_in(role))
    allowed = {address for address in ALLOWED if is_allowed(client, address.format(**places))}
    assert allowed == {address for address, roles in ALLOWED.items() if role in roles}


@pytest.mark.parametrize("way", ["the user's groups", "the group's users", "the permission"])
def test_what_is_remembered_of_a_role_is_forgotten_when_it_is_taken_away(places, client, way):
    """What the menu asks on every page is remembered between requests."""
    user, group = user_in(E), Group.objects.get(name=E)
    user.groups.add(Group.objects.get(name=T))
    client.force_login(user)
    address = f"settings/hub/sitesettings/{places['site']}/"
    assert is_allowed(client, address)
    if way == "the user's groups":
        user.groups.remove(group)
    elif way == "the group's users":
        group.user_set.remove(user)
    else:
        group.permissions.remove(Permission.objects.get(codename="change_sitesettings"))
    assert not is_allowed(client, address)


def test_administrator_may_use_what_no_role_may(places, client):
    client.force_login(User.objects.create_superuser("administrator"))
    for address, roles in ALLOWED.items():
        assert roles or is_allowed(client, address.format(**places)), address


def test_roles_are_all_in_the_table():
    assert [role.group for role in ROLES] == ROLE_NAMES


@pytest.mark.parametrize(
    ("role", "own", "foreign"),
    [(TRAINING_OFFICERS, "session", "story"), (FUNDING_OFFICERS, "funding", "session")],
)
def test_role_finds_publish_in_its_own_section_alone(places, client, role, own, foreign):
    client.force_login(user_in(role))
    html = client.get(f"/admin/pages/{places[own]}/edit/").content.decode()
    assert 'name="action-publish"' in html
    response = client.post(f"/admin/pages/{places[foreign]}/edit/", {"action-publish": "1"})
    assert (response.status_code, response.url) == (302, "/admin/")


def test_role_sees_in_the_menu_what_it_may_use(places, client):
    client.force_login(user_in(FUNDING_OFFICERS))
    html = client.get("/admin/").content.decode()
    assert "/admin/images/" in html
    assert "/admin/users/" not in html
    assert "/admin/outgoing_mail/" not in html
    assert "/admin/snippets/hub/mailtext/" in html


@pytest.mark.parametrize(
    ("role", "lists"),
    [
        (EDITORS, ["chapters", "templates", "sessions", "stories"]),
        (TRAINING_OFFICERS, ["sessions"]),
        (FUNDING_OFFICERS, []),
    ],
)
def test_role_finds_no_list_in_the_menu_that_holds_nothing_for_it(places, client, role, lists):
    client.force_login(user_in(role))
    menu = client.get("/admin/").content.decode()
    every = ["chapters", "templates", "sessions", "stories"]
    assert [name for name in every if f'"/admin/{name}/"' in menu] == lists


def test_admin_names_the_hub_in_its_titles(places, admin_client):
    titles = [
        re.search("<title>(.*?)</title>", admin_client.get(address).content.decode(), re.S)[1]
        for address in ("/admin/", f"/admin/pages/{places['session']}/edit/")
    ]
    assert [title.rpartition(" - ")[2].strip() for title in titles] == ["Plain Tender"] * 2


OPEN_TO_ALL = {"login/", "logout/", "password_reset/", "jsi18n/", "localize/jsi18n/", "sprite/"}


def admin_addresses() -> list[str]:
    """Every address of the admin, with something in place of its arguments."""
    found = []

    def walk(resolver, prefix):
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern, route)
            elif route.startswith("admin/") and "^" not in route:
                found.append(re.sub(r"<(?:\w+:)?\w+>", "1", route.removeprefix("admin/")))

    walk(get_resolver(), "")
    return found


def test_anonymous_is_sent_to_the_login_from_everywhere(places, client):
    addresses = [
        address
        for address in admin_addresses()
        if address not in OPEN_TO_ALL and not address.startswith("password_reset/")
    ]
    assert len(addresses) > 200
    answers = {}
    for address in addresses:
        response = client.get(f"/admin/{address}")
        answers[address] = (response.status_code, response.headers.get("Location", ""))
    let_in = {
        address: answer
        for address, answer in answers.items()
        if answer != (302, f"/admin/login/?next=/admin/{address}")
    }
    assert let_in == {}


def test_anonymous_is_sent_back_after_the_login(places, client):
    for address in filter(None, ALLOWED):
        path = f"/admin/{address.format(**places)}"
        response = client.get(path)
        assert (response.status_code, response.url) == (302, f"/admin/login/?next={path}")


def test_anonymous_cannot_post_either(places, client):
    for address in ("pages/{home}/edit/", "documents/add/", "users/new/"):
        path = f"/admin/{address.format(**places)}"
        assert client.post(path, {"title": "x"}).url == f"/admin/login/?next={path}"


def test_user_without_access_to_the_admin_is_refused(places, client):
    """A password and a group are not enough: the group must have the permission to come in."""
    user = User.objects.create_user("outsider", password="correct horse battery")
    user.groups.add(Group.objects.create(name="Readers"))
    client.force_login(user)
    for address in ALLOWED:
        response = client.get(f"/admin/{address.format(**places)}")
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")
