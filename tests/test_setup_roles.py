"""Setting up the roles: it can be done again, and leaves alone what administrators have added."""

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Workflow

from hub.models import User
from hub.roles import EDITORS, FUNDING_OFFICERS, GRANT_REVIEWERS, TRAINING_OFFICERS, set_up_roles


def granted() -> dict:
    """Everything that groups have, in a form that can be compared."""
    return {
        group.name: (
            {str(permission) for permission in group.permissions.all()},
            {
                (row.page_id, row.permission.codename)
                for row in GroupPagePermission.objects.filter(group=group).select_related(
                    "permission"
                )
            },
            {
                (row.collection_id, row.permission.codename)
                for row in GroupCollectionPermission.objects.filter(group=group).select_related(
                    "permission"
                )
            },
        )
        for group in Group.objects.all()
    }


def test_setup_roles_makes_the_groups_and_says_so(site, capsys):
    call_command("setup_roles")
    names = [EDITORS, TRAINING_OFFICERS, FUNDING_OFFICERS, GRANT_REVIEWERS]
    assert capsys.readouterr().out == f"Groups: {', '.join(names)}\n"
    assert set(Group.objects.values_list("name", flat=True)) == set(names)


def test_setup_roles_twice_changes_nothing(site):
    set_up_roles()
    before = granted()
    rows = GroupPagePermission.objects.count(), GroupCollectionPermission.objects.count()
    set_up_roles()
    assert granted() == before
    assert (GroupPagePermission.objects.count(), GroupCollectionPermission.objects.count()) == rows


def test_setup_roles_keeps_what_an_administrator_has_added(site):
    set_up_roles()
    officers = Group.objects.get(name=TRAINING_OFFICERS)
    extra = Permission.objects.get(codename="view_outgoingmail")
    officers.permissions.add(extra)
    GroupPagePermission.objects.create(
        group=officers,
        page=site.stories,
        permission=Permission.objects.get(codename="change_page"),
    )
    member = User.objects.create_user("member")
    member.groups.add(officers)
    own = Group.objects.create(name="Our interns")
    before = granted()
    set_up_roles()
    assert granted() == before
    assert own.name in before
    assert list(member.groups.all()) == [officers]


def test_setup_roles_gives_back_what_a_role_needs(site):
    set_up_roles()
    before = granted()
    Group.objects.get(name=EDITORS).permissions.clear()
    GroupPagePermission.objects.filter(group__name=TRAINING_OFFICERS).delete()
    set_up_roles()
    assert granted() == before


def test_setup_roles_before_there_are_pages_can_be_completed_later(db, request):
    """A new installation sets the roles up first and writes its pages afterwards."""
    set_up_roles()
    officers = GroupPagePermission.objects.filter(group__name=TRAINING_OFFICERS)
    assert not officers.exists()
    site = request.getfixturevalue("site")
    set_up_roles()
    assert {
        (row.page_id, row.permission.codename) for row in officers.select_related("permission")
    } == {(site.training.pk, codename) for codename in ("add_page", "change_page", "publish_page")}


def test_setup_roles_covers_every_file_but_no_deletion(site):
    set_up_roles()
    root = Collection.get_first_root_node().pk
    for group in (EDITORS, TRAINING_OFFICERS, FUNDING_OFFICERS):
        assert granted()[group][2] == {
            (root, f"{action}_{kind}")
            for action in ("add", "change", "choose")
            for kind in ("image", "document")
        }


def test_setup_roles_retires_the_stock_groups_and_their_approval(site):
    assert Group.objects.filter(name="Moderators").exists()
    assert Workflow.objects.filter(active=True).exists()
    set_up_roles()
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()
    assert not Workflow.objects.filter(active=True).exists()


def test_setup_roles_leaves_a_stock_group_that_is_in_use(site):
    member = User.objects.create_user("member")
    member.groups.add(Group.objects.get(name="Moderators"))
    set_up_roles()
    assert Group.objects.filter(name="Moderators").exists()
    assert Workflow.objects.filter(active=True).exists()
