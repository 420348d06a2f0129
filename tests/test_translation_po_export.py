"""PO files that go out: they open elsewhere, and translators get them from the editor."""

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve, reverse
from wagtail_localize.models import StringSegment, StringTranslation

from hub.models import User
from hub.translation import po, progress, teams
from tests.po_files import change_summary, edited, msgfmt, reasons, story_to_translate
from tests.translating import locale_of, submit, texts, write


@pytest.fixture
def story(site):
    return story_to_translate(site)


@pytest.fixture
def translation(story):
    return submit(story, locale_of("es"))


@pytest.fixture
def user(db):
    return User.objects.create_user("ana")


# Out


def test_a_file_has_every_text_once_with_its_place_and_translation(translation, tmp_path):
    write(translation, {"The register": "El registro"})
    content = po.export_po(translation)
    file = polib.pofile(content.decode())

    segments = StringSegment.objects.filter(source=translation.source)
    assert {(entry.msgctxt, entry.msgid) for entry in file} == set(
        segments.values_list("context__path", "string__data")
    )
    title = file.find("The register")
    assert (title.msgctxt, title.msgstr, title.comment) == ("title", "El registro", "Title")
    assert file.find("Who decides").comment == "Story: Heading: Text"
    assert file.metadata["Language"] == "es"
    assert file.metadata["X-WagtailLocalize-TranslationID"] == str(translation.uuid)
    assert "Plural-Forms" not in file.metadata
    assert not any(entry.fuzzy for entry in file)
    assert msgfmt(content, tmp_path) == ""


def test_a_changed_text_is_exported_with_its_former_translation_to_look_at(
    story, translation, tmp_path
):
    write(translation, {"What this page is for.": "Para qué es."})
    change_summary(story, "What this page is now for.")
    content = po.export_po(translation)
    file = polib.pofile(content.decode())

    entry = file.find("What this page is now for.")
    assert (entry.msgstr, entry.flags) == ("Para qué es.", ["fuzzy"])
    assert entry.previous_msgid == "What this page is for."
    (obsolete,) = file.obsolete_entries()
    assert (obsolete.msgid, obsolete.msgstr) == ("What this page is for.", "Para qué es.")
    assert msgfmt(content, tmp_path) == ""


def test_a_machines_translation_is_exported_to_be_looked_at_and_confirmed(translation, user):
    write(translation)
    StringTranslation.objects.update(translation_type="machine")
    content = po.export_po(translation)
    assert all(entry.fuzzy for entry in polib.pofile(content.decode()))
    report = po.import_po(translation, content, user)
    assert (report.saved, set(reasons(report))) == (0, {"it is marked as unfinished (fuzzy)"})

    confirmed = po.import_po(translation, content.replace(b"#, fuzzy\n", b""), user)
    assert confirmed.problems == []
    assert confirmed.saved == len(polib.pofile(content.decode()))
    assert progress.is_complete(translation)


def test_texts_come_back_as_they_went_out(story, translation, user, tmp_path):
    strange = 'Tab\t "quoted" \\back\\slash\\n e\u0301 \u2028 \x85 مرحبا'
    write(translation, {"What this page is for.": strange})
    content = po.export_po(translation)
    assert msgfmt(content, tmp_path) == ""

    report = po.import_po(translation, content, user)
    assert (report.saved, report.problems) == (0, [])
    StringTranslation.objects.filter(data=strange).delete()
    assert po.import_po(translation, content, user).saved == 1
    assert texts(translation)["What this page is for."] == strange


# The views


@pytest.fixture
def ana(client, site, translation, user):
    user.groups.add(teams.set_up_team(translation.target_locale).translators)
    client.force_login(user)
    return user


def address(name, translation):
    return reverse(f"wagtail_localize:{name}", args=[translation.pk])


def upload(client, translation, content, **more):
    file = SimpleUploadedFile("register.po", content)
    return client.post(address("upload_pofile", translation), {"file": file, **more})


def edit_address(translation):
    return reverse("wagtailadmin_pages:edit", args=[translation.get_target_instance().pk])


def test_the_addresses_are_the_hubs_own_under_the_librarys_names(translation):
    for name in ("download_pofile", "upload_pofile"):
        match = resolve(address(name, translation))
        assert match.func.__module__ in ("hub.admin.po", "wagtail.admin.urls")
        assert (match.app_names[-1], match.namespaces[-1], match.url_name) == (
            "wagtail_localize",
            "hub_localize",
            name,
        )


def test_a_translator_downloads_and_uploads_a_file(client, ana, translation):
    response = client.get(address("download_pofile", translation))
    assert response["Content-Type"] == "text/x-gettext-translation; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="the-register-es.po"'

    content = edited(response.content, {"The register": "El registro"})
    response = upload(client, translation, content)
    assert response.url == edit_address(translation)
    assert texts(translation) == {"The register": "El registro"}
    shown = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "1 translation was saved." in shown


def test_what_was_left_out_is_listed_with_a_way_back(client, ana, translation):
    content = edited(
        po.export_po(translation), {"The register": "El registro", "Who decides": "<b>Quién"}
    )
    response = upload(client, translation, content, next="/admin/pages/")
    shown = response.content.decode()

    assert response.status_code == 200
    assert "1 translation was saved." in shown
    assert "“Who decides”: its markup is broken at &lt;b&gt;." in shown
    assert 'href="/admin/pages/"' in shown
    assert upload(client, translation, b"no file", next="https://evil.example/").status_code == 200
    assert (
        "evil.example"
        not in upload(client, translation, b"x", next="//evil.example").content.decode()
    )


def test_an_upload_without_a_file_says_so(client, ana, translation):
    assert client.post(address("upload_pofile", translation)).url == edit_address(translation)
    assert client.get(address("upload_pofile", translation)).status_code == 405


def test_files_of_other_languages_and_locked_pages_are_out_of_reach(
    client, ana, story, translation
):
    french = submit(story, locale_of("fr"))
    content = edited(po.export_po(french), {"The register": "Le registre"})
    assert client.get(address("download_pofile", french)).status_code == 302
    upload(client, french, content)
    assert texts(french) == {}

    target = translation.get_target_instance()
    target.locked, target.locked_by = True, None
    target.save()
    upload(client, translation, edited(po.export_po(translation), {"The register": "El registro"}))
    assert texts(translation) == {}
    assert client.get(address("download_pofile", translation)).status_code == 200
