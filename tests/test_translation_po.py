"""PO files: what leaves the hub opens elsewhere, and what comes in is taken entry by entry."""

import os
import re
import shutil
import subprocess
from datetime import timedelta

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve, reverse
from django.utils import timezone
from wagtail_localize.models import StringSegment, StringTranslation

from hub.models import TranslationTask, User
from hub.translation import markup, po, po_file, progress, teams
from tests import factories
from tests.translating import locale_of, submit, write

BODY = [
    ("heading", {"text": "Who decides", "level": "h2"}),
    (
        "rich_text",
        "<p>Ask <a href='https://example.org'>the buyer</a> <b>first</b>.</p><p>Twice.</p>",
    ),
    ("rich_text", "<p>Twice.</p><p>Fish &amp; chips</p>"),
]
LINKED = '<a id="a1">the buyer</a>'


@pytest.fixture
def story(site):
    return factories.StoryPageFactory(parent=site.stories, title="The register", body=BODY)


@pytest.fixture
def translation(story):
    return submit(story, locale_of("es"))


@pytest.fixture
def user(db):
    return User.objects.create_user("ana")


def texts(translation) -> dict[str, str]:
    return {
        row.translation_of.data: row.data
        for row in StringTranslation.objects.filter(
            locale=translation.target_locale, context__object=translation.source.object_id
        ).select_related("translation_of")
    }


def edited(content: bytes, changes: dict[str, str]) -> bytes:
    """The file with the translations of ``changes`` put in by another program."""
    file = polib.pofile(content.decode())
    for entry in file:
        if entry.msgid in changes:
            entry.msgstr = changes[entry.msgid]
    return str(file).encode()


def take(translation, user, changes: dict[str, str]) -> po.Report:
    return po.import_po(translation, edited(po.export_po(translation), changes), user)


def reasons(report: po.Report) -> list[str]:
    return [problem.reason for problem in report.problems]


def msgfmt(content: bytes, tmp_path) -> str:
    """What gettext's own compiler has to say against the file."""
    if not shutil.which("msgfmt") and os.environ.get("HUB_REQUIRE_ALL") != "1":
        pytest.skip("gettext is not installed.")
    file = tmp_path / "page.po"
    file.write_bytes(content)
    done = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", file], capture_output=True, text=True
    )
    return done.stderr


def change_summary(story, text: str):
    story.summary = text
    story.save_revision().publish()


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


# In


def test_a_translated_file_fills_the_page(translation, user):
    report = take(
        translation,
        user,
        {
            "The register": "El registro",
            f"Ask {LINKED} <b>first</b>.": f"Pregunte <b>antes</b> a {LINKED}.",
            "Fish &amp; chips": "Pescado &amp; papas",
        },
    )
    assert (report.saved, report.unchanged, report.problems) == (3, 0, [])
    row = StringTranslation.objects.get(data="El registro")
    assert (row.translation_type, row.tool_name, row.last_translated_by) == (
        "manual",
        "PO File",
        user,
    )
    task = TranslationTask.objects.get(translation=translation)
    progress.bring_up_to_date()
    task.refresh_from_db()
    assert task.segments_done == 3

    again = take(translation, user, {"The register": "Un registro"})
    assert (again.saved, again.unchanged, again.problems) == (1, 2, [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "This is not a PO file."),
        (b"\x89PNG\r\n\x1a\n\0\0", "its header “X-WagtailLocalize-TranslationID” is missing"),
        (b"manage.py", "its header “X-WagtailLocalize-TranslationID” is missing"),
        (b'msgid "a"\nmsgstr "b"\n', "its header “X-WagtailLocalize-TranslationID” is missing"),
        (
            b'msgid ""\nmsgstr "X-WagtailLocalize-TranslationID: x\\n"\n',
            "The file was made for another page.",
        ),
        (b" " * (po.MAX_BYTES + 1), "The file is larger than 5 MB."),
    ],
)
def test_what_is_no_file_of_this_page_is_refused_whole(translation, user, content, reason):
    report = po.import_po(translation, content, user)

    assert (report.saved, len(report.problems)) == (0, 1)
    assert reason in str(report.problems[0])


def test_a_file_of_another_page_or_language_is_refused_by_its_name(site, translation, user):
    french = submit(site.stories, locale_of("fr"))
    content = edited(po.export_po(french), {"Stories": "Récits"})
    report = po.import_po(translation, content, user)
    assert [str(problem) for problem in report.problems] == [
        "The file was made for another page or language: “Stories”, French."
    ]
    assert texts(translation) == {}

    ours = edited(po.export_po(translation), {"The register": "Le registre"})
    report = po.import_po(translation, ours.replace(b"Language: es", b"Language: fr_FR"), user)
    assert [str(problem) for problem in report.problems] == [
        "The file says that its language is “fr-fr”, not “es”."
    ]
    regional = ours.replace(b"Language: es", b"Language: es_MX")
    assert po.import_po(translation, regional, user).saved == 1


def test_bad_entries_are_named_and_the_good_ones_kept(translation, user):
    content = po.export_po(translation).decode()
    bad = {
        "Who decides": "Quién <b>decide",
        f"Ask {LINKED} <b>first</b>.": '<a id="a7">Pregunte</a>',
        "Fish &amp; chips": "<script>x</script>",
        "What this page is for.": "Para qué\0",
        "Harbour Budget Watch": "",
        "The register": "El registro",
    }
    report = po.import_po(translation, edited(content.encode(), bad), user)

    assert texts(translation) == {"The register": "El registro"}
    assert (report.saved, report.unchanged) == (1, 0)
    lines = {problem.text: (problem.line, problem.reason) for problem in report.problems}
    assert {text: reason for text, (_line, reason) in lines.items()} == {
        "What this page is for.": "it has a character that cannot be stored (NUL)",
        "Who decides": "its markup is broken at <b>",
        "Ask the buyer first .": "Unrecognised id found in an <a> tag: a7",
        "Fish & chips": "<script> tag is not allowed. Strings can only contain standard HTML "
        "inline tags (such as <b>, <a>)",
    }
    written = edited(content.encode(), bad).decode().split("\n")
    assert written[lines["Who decides"][0]] == 'msgid "Who decides"'
    assert str(report.problems[0]).startswith("Line ")


def test_placeholders_must_be_those_of_the_source(story, translation, user):
    story.summary = "Dear %(name)s, {count} left"
    story.save_revision().publish()
    assert reasons(take(translation, user, {story.summary: "Quedan {count}"})) == [
        "%(name)s is missing"
    ]
    assert reasons(take(translation, user, {story.summary: "%(name)s {count} {x}"})) == [
        "{x} does not stand in the source"
    ]
    assert take(translation, user, {story.summary: "{count} para %(name)s, 100 % suyo"}).saved == 1


def test_a_lost_link_is_named_and_the_text_saved(translation, user):
    report = take(translation, user, {f"Ask {LINKED} <b>first</b>.": "Pregunte <b>antes</b>."})

    assert report.saved == 1
    (problem,) = report.problems
    assert problem.saved
    assert problem.reason == "it was saved, but 1 link of the source is missing"


def test_a_file_that_is_cut_anywhere_gives_only_what_is_whole(translation, user):
    changes = {"The register": "El registro", "Who decides": "Quién decide", "Twice.": "Dos veces."}
    content = edited(po.export_po(translation), changes)
    start = content.index(b'msgctxt "title"')
    for end in range(start, len(content), 7):
        StringTranslation.objects.all().delete()
        report = po.import_po(translation, content[:end], user)
        found = texts(translation)
        assert found.items() <= changes.items()
        assert report.saved == StringTranslation.objects.count()
        assert report.problems
    StringTranslation.objects.all().delete()
    assert po.import_po(translation, content.rstrip(b"\n"), user).problems == []
    assert texts(translation) == changes


def test_a_file_in_another_encoding_is_read_if_it_says_so_and_else_named(translation, user):
    content = edited(
        po.export_po(translation), {"Who decides": "Quién", "The register": "Registro"}
    )
    latin = content.decode().encode("latin-1")
    report = po.import_po(translation, latin, user)
    assert reasons(report) == ["it has letters in another encoding; save the file as UTF-8"]
    assert texts(translation) == {"The register": "Registro"}

    declared = latin.replace(b"charset=UTF-8", b"charset=ISO-8859-1")
    assert po.import_po(translation, declared, user).problems == []
    assert texts(translation)["Who decides"] == "Quién"
    sixteen = content.decode().encode("utf-16")
    assert po.import_po(translation, sixteen, user).unchanged == 2
    marked = b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
    assert po.import_po(translation, marked, user).unchanged == 2


def test_plurals_unfinished_and_repeated_entries_are_named(translation, user):
    content = edited(po.export_po(translation), {"The register": "El registro"})
    content = content.replace(
        b'msgid "The register"', b'msgid "The register"\nmsgid_plural "Registers"'
    ).replace(b'msgstr "El registro"', b'msgstr[0] "El registro"\nmsgstr[1] "Los registros"')
    title = b'\nmsgctxt "body"\nmsgid "Who decides"\nmsgstr "%s"\n'
    path = polib.pofile(content.decode()).find("Who decides").msgctxt.encode()
    again = title.replace(b"body", path)
    report = po.import_po(translation, content + again % b"Uno" + again % b"Otro", user)

    assert reasons(report) == [
        "it has plural forms, which texts of pages do not",
        "it stands in the file before, translated differently",
    ]
    assert texts(translation) == {"Who decides": "Uno"}


def test_a_text_without_its_place_is_taken_where_it_stands_once(translation, user):
    content = edited(po.export_po(translation), {"Who decides": "Quién", "Twice.": "Dos veces."})
    bare = re.sub(rb'msgctxt ".*"\n', b"", content)
    report = po.import_po(translation, bare, user)

    assert texts(translation) == {"Who decides": "Quién"}
    assert reasons(report) == [
        "it stands in the page 2 times, and the file does not say which is meant"
    ]


def test_a_translation_of_a_text_that_has_changed_since_is_kept_in_memory(story, translation, user):
    content = edited(po.export_po(translation), {"What this page is for.": "Para qué es."})
    change_summary(story, "What this page is now for.")
    report = po.import_po(translation, content, user)

    assert report.saved == 1
    (problem,) = report.problems
    assert problem.saved
    assert problem.reason.startswith("the text has changed since")
    (row,) = [row for row in progress.rows(translation) if row.state == "changed"]
    assert (row.source, row.former.data) == ("What this page is now for.", "Para qué es.")

    unknown = content.replace(b"What this page is for.", b"What nobody wrote.")
    assert reasons(po.import_po(translation, unknown, user)) == ["the page has no such text"]


def test_what_somebody_else_translated_since_is_not_overwritten(translation, user):
    content = edited(
        po.export_po(translation), {"The register": "Mi registro", "Who decides": "Quién decide"}
    )
    title = StringSegment.objects.get(source=translation.source, context__path="title")
    theirs = StringTranslation.objects.create(
        translation_of=title.string,
        context=title.context,
        locale=translation.target_locale,
        data="Su registro",
        translation_type="manual",
    )
    report = po.import_po(translation, content, user)

    assert texts(translation) == {"The register": "Su registro", "Who decides": "Quién decide"}
    assert reasons(report) == [
        "it has been translated in the hub since the file was made, as “Su registro”; that was kept"
    ]
    # Without the hub's own header the dates that every file has are asked.
    bare = content.replace(b'"X-Hub-Exported', b'"X-Other')
    assert po.import_po(translation, bare, user).saved == 0
    StringTranslation.objects.filter(pk=theirs.pk).update(
        updated_at=timezone.now() - timedelta(hours=1)
    )
    assert po.import_po(translation, content, user).saved == 1
    assert texts(translation)["The register"] == "Mi registro"


def test_the_same_file_can_be_uploaded_again_as_the_work_goes_on(translation, user):
    content = po.export_po(translation)
    po.import_po(translation, edited(content, {"The register": "Registro"}), user)
    better = edited(content, {"The register": "El registro"})
    assert po.import_po(translation, better, user).saved == 1

    other = User.objects.create_user("luis")
    report = po.import_po(translation, edited(content, {"The register": "Otro"}), other)
    assert report.saved == 0
    assert texts(translation) == {"The register": "El registro"}


def test_nothing_is_half_written_when_the_database_fails(translation, user, monkeypatch):
    content = edited(
        po.export_po(translation), {"The register": "El registro", "Who decides": "Quién"}
    )
    save, count = StringTranslation.save, []

    def failing(row, *arguments, **options):
        count.append(1)
        if len(count) == 2:
            raise RuntimeError
        return save(row, *arguments, **options)

    monkeypatch.setattr(StringTranslation, "save", failing)
    with pytest.raises(RuntimeError):
        po.import_po(translation, content, user)
    assert texts(translation) == {}


def test_a_file_of_three_megabytes_costs_no_more_queries_than_a_small_one(
    translation, user, django_assert_max_num_queries
):
    content = edited(po.export_po(translation), {"The register": "El registro"})
    entry = 'msgctxt "title"\nmsgid "Text %d"\nmsgstr "' + "palabra " * 20 + '"\n\n'
    content += ("\n" + "".join(entry % number for number in range(15_000))).encode()
    assert len(content) > 3_000_000
    with django_assert_max_num_queries(20):
        report = po.import_po(translation, content, user)

    assert (report.saved, len(report.problems)) == (1, 15_000)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("R&D", True),
        ("5 < 6", True),
        ("a<br>b<br/>c", True),
        ("<b>a</b> <i>b</i>", True),
        ("<b>a</i>", False),
        ("a</b>", False),
        ("<b", False),
        ("a <a id=", False),
        ("<b>a", False),
    ],
)
def test_markup_is_whole_or_named(text, whole):
    assert (markup.problem("source", text) == "") is whole


def test_reading_survives_any_bytes():
    for content in (b'msgid "', b"msgstr", b'"a"', b"#~", b'#~ msgid "\\', b"\xff\xfe", b"\n" * 99):
        file = po_file.read(content)
        assert all(not entry.is_whole for entry in file.entries)


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
