"""Releases in the admin: made, checked and published by editors alone, and what that costs."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Locale

from hub.models import Release, TranslationTask, User
from hub.roles import TRAINING_OFFICERS
from hub.translation.release import check
from tests.factories import (
    ChapterPageFactory,
    DocumentFactory,
    StandardPageFactory,
    StoryPageFactory,
    TemplatePageFactory,
    TopicFactory,
    add_file,
    add_topics,
)
from tests.releasing import (
    CHECKLIST,
    draft,
    due_release,
    make_editor,
    ready,
    release_of,
    spanish_sections,
)
from tests.translating import locale_of, submit, write
from toolkit.models import ChapterPage


@pytest.fixture
def es(site):
    return spanish_sections(site)


@pytest.fixture
def editor(es):
    return make_editor()


@pytest.fixture
def due(site, es, editor):
    return due_release(site, es, editor)


# In the admin


def form_data(*pages, **fields) -> dict:
    data = {
        "name": "March",
        "publish_at": "",
        "locales": [str(locale_of("es").pk)],
        "page_rows-TOTAL_FORMS": len(pages),
        "page_rows-INITIAL_FORMS": 0,
        "page_rows-MIN_NUM_FORMS": 0,
        "page_rows-MAX_NUM_FORMS": 1000,
    }
    for number, page in enumerate(pages):
        data[f"page_rows-{number}-page"] = str(page)
        data[f"page_rows-{number}-id"] = ""
        data[f"page_rows-{number}-DELETE"] = ""
    return data | fields


def test_editor_makes_a_release_of_a_section(site, es, editor, client):
    client.force_login(editor)
    chapter = ChapterPageFactory(parent=site.toolkit)
    assert client.get("/admin/releases/new/").status_code == 200
    response = client.post(
        "/admin/releases/new/",
        form_data(site.toolkit.pk, everything_below="on", publish_at="2099-03-22 14:30"),
    )

    release = Release.objects.get()
    assert response.url == CHECKLIST.format(release.pk)
    assert [row.page_id for row in release.page_rows.all()] == [
        site.toolkit.pk,
        site.templates.pk,
        chapter.pk,
    ]
    assert list(release.locales.all()) == [es]
    assert (release.created_by, release.scheduled_by) == (editor, editor)
    assert release.publish_at.isoformat() == "2099-03-22T14:30:00+00:00"


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"publish_at": "2001-01-01 10:00"}, "This time has passed. Choose a later one"),
        ({"page_rows-TOTAL_FORMS": 0}, "Choose at least one page."),
        ({"page_rows-0-page": "99999"}, "This page has been deleted since."),
        ({"page_rows-0-page": ""}, "Choose at least one page."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_bad_input_is_said_and_nothing_is_lost(site, es, editor, client, bad, sentence):
    client.force_login(editor)
    response = client.post("/admin/releases/new/", form_data(site.toolkit.pk) | bad)
    html = response.content.decode()
    assert response.status_code == 200
    assert sentence in html
    assert not Release.objects.exists()
    assert "name" in bad or 'value="March"' in html


def test_page_in_another_language_or_twice_is_refused(site, es, editor, client):
    client.force_login(editor)
    spanish = site.toolkit.get_translation(es)
    response = client.post(
        "/admin/releases/new/", form_data(spanish.pk, site.training.pk, site.training.pk)
    )
    html = response.content.decode()
    assert "This page is in Spanish. Choose the page in English it was made from" in html
    assert "This page is in the list already." in html
    assert not Release.objects.exists()


def test_time_is_on_the_editors_clock(site, es, editor, client):
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(editor)
    profile.current_time_zone = "Africa/Nairobi"
    profile.save()
    client.force_login(editor)
    assert "Africa/Nairobi" in client.get("/admin/releases/new/").content.decode()
    client.post("/admin/releases/new/", form_data(site.toolkit.pk, publish_at="2099-03-22 17:30"))
    assert Release.objects.get().publish_at.isoformat() == "2099-03-22T14:30:00+00:00"


def test_a_new_time_takes_a_release_up_again(due, editor, client):
    due.held_at = timezone.now()
    due.scheduled_by = None
    due.save()
    client.force_login(editor)
    row = due.page_rows.get()
    data = form_data(row.page_id, publish_at="2099-03-22 17:30") | {
        "page_rows-INITIAL_FORMS": 1,
        "page_rows-0-id": row.pk,
    }
    assert client.post(f"/admin/releases/edit/{due.pk}/", data).status_code == 302
    due.refresh_from_db()
    assert (due.held_at, due.scheduled_by) == (None, editor)


def test_line_of_a_deleted_page_says_which_it_was(site, es, editor, client):
    page = StandardPageFactory(parent=site.home, title="Gone")
    release = release_of(page, site.toolkit)
    page.delete()
    client.force_login(editor)
    rows = list(release.page_rows.all())
    data = form_data("", site.toolkit.pk) | {
        "page_rows-INITIAL_FORMS": 2,
        "page_rows-0-id": rows[0].pk,
        "page_rows-1-id": rows[1].pk,
    }
    html = client.post(f"/admin/releases/edit/{release.pk}/", data).content.decode()
    assert "“Gone” has been deleted since. Choose another page or take this line out." in html


def test_checklist_offers_to_publish_only_when_nothing_blocks(site, es, editor, client):
    page = draft(StandardPageFactory, parent=site.home)
    translation = submit(page, es)
    release = release_of(page)
    client.force_login(editor)
    html = client.get(CHECKLIST.format(release.pk)).content.decode()
    assert "1 thing missing" in html
    assert "Publish everything now" not in html

    write(translation)
    html = client.get(CHECKLIST.format(release.pk)).content.decode()
    assert "Publish everything now" in html
    response = client.post(CHECKLIST.format(release.pk), follow=True)
    html = response.content.decode()
    assert "Published, in all languages." in html
    assert " by Edda." in html
    page.refresh_from_db()
    assert page.live
    assert client.get(f"/admin/releases/edit/{release.pk}/").url == CHECKLIST.format(release.pk)
    assert client.post(f"/admin/releases/delete/{release.pk}/").status_code == 302
    assert Release.objects.filter(pk=release.pk).exists()


def test_checklist_asks_to_accept_warnings(site, es, editor, client):
    page = draft(TemplatePageFactory, parent=site.templates)
    add_file(page, language="en")
    page.save_revision()
    ready(page, es)
    release = release_of(page)
    client.force_login(editor)
    response = client.post(CHECKLIST.format(release.pk))
    assert "Tick this if you want to publish it all the same." in response.content.decode()
    assert not Release.objects.get().published_at

    client.post(CHECKLIST.format(release.pk), {"accept": "on"})
    assert Release.objects.get().published_at


def test_everybody_but_editors_is_refused_at_every_address(site, es, editor, client):
    release = release_of(site.toolkit)
    addresses = ["", "results/", "new/", f"{release.pk}/"]
    addresses += [f"edit/{release.pk}/", f"delete/{release.pk}/"]
    people = [TRAINING_OFFICERS, "Translators: Español", "Reviewers: Español"]
    for number, group in enumerate(people):
        user = User.objects.create_user(f"user{number}")
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        for address in addresses:
            for method in (client.get, client.post):
                response = method(f"/admin/releases/{address}")
                assert (response.status_code, response.url) == (302, "/admin/"), address
        assert "/admin/releases/" not in client.get("/admin/").content.decode()
    assert Release.objects.filter(published_at=None).count() == 1

    client.force_login(editor)
    for address in addresses:
        assert client.get(f"/admin/releases/{address}").status_code == 200
    assert "/admin/releases/" in client.get("/admin/").content.decode()


# What it costs


def translated_pages(site, number, locales):
    pages = []
    for _number in range(number):
        topic = TopicFactory()
        page = draft(
            ChapterPageFactory,
            parent=site.toolkit,
            body=[
                ("page_cards", [StoryPageFactory(parent=site.stories)]),
                ("file", DocumentFactory()),
            ],
        )
        add_topics(page, topic)
        ChapterPage.objects.get(pk=page.pk).save_revision()
        for locale in locales:
            submit(page, locale)
        pages.append(page)
    return pages


@pytest.mark.parametrize("number", [1, 3])
def test_checklist_queries(site, es, editor, number, django_assert_num_queries):
    release = release_of(*translated_pages(site, number, [es]))
    check(release, editor)
    TranslationTask.objects.update(recount=True)
    with django_assert_num_queries(25):
        check(release, editor)


@pytest.mark.parametrize("number", [1, 3])
def test_checklist_screen_queries(site, es, editor, client, number, django_assert_num_queries):
    fr = locale_of("fr")
    release = release_of(*translated_pages(site, number, [es, fr]), locales=["es", "fr"])
    client.force_login(editor)
    client.get(CHECKLIST.format(release.pk))
    with django_assert_num_queries(28):
        client.get(CHECKLIST.format(release.pk))


@pytest.mark.parametrize("number", [1, 3])
def test_list_queries(site, es, editor, client, number, django_assert_num_queries):
    for _number in range(number):
        release_of(site.toolkit)
    client.force_login(editor)
    client.get("/admin/releases/")
    with django_assert_num_queries(12):
        client.get("/admin/releases/")


def test_locale_of_the_source_is_no_choice(site, es, editor, client):
    client.force_login(editor)
    form = client.get("/admin/releases/new/").context["form"]
    assert [label for _value, label in form.fields["locales"].choices] == ["Español"]
    assert Locale.get_default() not in form.fields["locales"].queryset
