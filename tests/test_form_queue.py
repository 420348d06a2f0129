"""What came through a form page, in the admin: the queue, its exports, and who sees what."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from wagtail.models import GroupPagePermission

from home.models import ContactPage
from hub.models import Submission, User
from tests.contacting import in_spanish, make_contact_page
from tests.reading import soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(site):
    return make_contact_page(site.home)


@pytest.fixture
def spanish(contact):
    return in_spanish(contact)


@pytest.fixture
def admin_client(client):
    client.force_login(User.objects.create_superuser("root", password="root"))
    return client


@pytest.fixture
def queue(contact, spanish):
    """One submission in each language."""
    return [
        Submission.objects.create(
            page=page.page_ptr,
            locale=page.locale,
            form_data={"your_name": name, "message": "=1+1", "topic": "Training"},
            idempotency_key=name,
            retained_until=date(2030, 1, 1),
        )
        for page, name in ((contact, "Amina"), (spanish, "Benita"))
    ]


def translator(spanish) -> User:
    user = User.objects.create_user("translator-es", password="demo")
    group = Group.objects.create(name="es")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group,
        page=spanish.get_parent(),
        permission=Permission.objects.get(codename="change_page"),
    )
    user.groups.add(group)
    return user


def listing(page):
    return f"/admin/forms/submissions/{page.pk}/"


@pytest.mark.parametrize("which", [0, 1])
def test_the_queue_is_the_same_from_every_language(admin_client, contact, spanish, queue, which):
    table = soup(admin_client.get(listing([contact, spanish][which]))).find(
        "table", class_="listing"
    )

    text = table.get_text(" ", strip=True)
    for submission in queue:
        assert submission.reference in text
    assert "Español" in text
    assert table.find("th", id="hub-reference").get_text(strip=True) == "Reference"


def test_the_queue_costs_the_same_with_one_and_three(admin_client, contact, queue):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(listing(contact))
        return len(queries)

    Submission.objects.exclude(pk=queue[0].pk).delete()
    cost()
    one = cost()
    for number in range(2):
        Submission.objects.create(
            page=contact.page_ptr,
            locale=contact.locale,
            form_data={},
            idempotency_key=str(number),
            retained_until=date(2030, 1, 1),
        )
    assert cost() == one


def test_a_translator_sees_and_deletes_only_what_came_through_their_page(
    client, contact, spanish, queue
):
    client.force_login(translator(spanish))

    assert client.get(listing(contact)).status_code == 302  # permission denied, to the dashboard
    text = soup(client.get(listing(spanish))).find("table", class_="listing").get_text()
    assert "Benita" in text
    assert "Amina" not in text

    chosen = "&".join(f"selected-submissions={submission.pk}" for submission in queue)
    client.post(f"{listing(spanish)}delete/?{chosen}")
    assert list(Submission.objects.all()) == [queue[0]]


def test_the_whole_queue_can_be_deleted_from_any_language(admin_client, contact, queue):
    chosen = "&".join(f"selected-submissions={submission.pk}" for submission in queue)
    admin_client.post(f"{listing(contact)}delete/?{chosen}")

    assert not Submission.objects.exists()


def test_exports_hold_no_formula(admin_client, contact, queue):
    exported = b"".join(admin_client.get(f"{listing(contact)}?export=csv").streaming_content)
    rows = list(csv.DictReader(io.StringIO(exported.decode())))
    assert [row["Message"] for row in rows] == ["'=1+1", "'=1+1"]
    assert {row["Reference"] for row in rows} == {submission.reference for submission in queue}

    exported = b"".join(admin_client.get(f"{listing(contact)}?export=xlsx").streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(exported)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "d", "n"}
    assert "'=1+1" in {cell.value for row in sheet.iter_rows() for cell in row}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_every_start_of_a_formula_is_defused(start):
    from hub.spreadsheets import without_formula

    assert without_formula(f"{start}cmd") == f"'{start}cmd"
    assert without_formula("Amina") == "Amina"


def test_a_page_that_has_received_something_is_not_deleted(admin_client, contact, queue):
    with pytest.raises(ProtectedError), transaction.atomic():
        ContactPage.objects.get(pk=contact.pk).delete()

    response = admin_client.post(f"/admin/pages/{contact.pk}/delete/", follow=True)
    assert response.status_code == 200
    assert ContactPage.objects.filter(pk=contact.pk).exists()


def test_both_previews_work(contact, rf):
    request = rf.get("/")
    request.user = User()
    form = contact.serve_preview(request, "form").render().content.decode()
    thanks = contact.serve_preview(request, "landing").render().content.decode()

    assert 'name="hub-token"' in form
    assert "Thank you. Your message is with us." in thanks


def test_choices_that_an_editor_changes_are_stored_as_changed(admin_client, contact):
    edit = f"/admin/pages/{contact.pk}/edit/"
    page = soup(admin_client.get(edit))
    data = {}
    for control in page.find("form", id="page-edit-form").find_all(["input", "textarea", "select"]):
        if control.get("type") == "checkbox" and not control.has_attr("checked"):
            continue
        if control.name == "select":
            chosen = control.find("option", selected=True)
            data[control["name"]] = chosen["value"] if chosen else ""
        elif control.get("name"):
            data[control["name"]] = control.get("value", control.get_text())
    data["form_fields-2-choices"] = "Training\nThe map"
    data["action-publish"] = "1"
    response = admin_client.post(edit, data)

    assert response.status_code == 302
    question = ContactPage.objects.get(pk=contact.pk).form_fields.get(clean_name="topic")
    assert question.stored_choices() == [("Training", "Training"), ("The map", "The map")]
