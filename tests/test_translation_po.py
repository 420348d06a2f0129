"""PO files that come in: they are taken entry by entry, and what is left out is named."""

import re
from datetime import timedelta

import polib
import pytest
from django.utils import timezone
from wagtail_localize.models import StringSegment, StringTranslation

from hub.models import TranslationTask, User
from hub.translation import markup, po, po_file, progress
from tests.po_files import LINKED, change_summary, edited, reasons, story_to_translate
from tests.translating import locale_of, submit, texts


@pytest.fixture
def story(site):
    return story_to_translate(site)


@pytest.fixture
def translation(story):
    return submit(story, locale_of("es"))


@pytest.fixture
def user(db):
    return User.objects.create_user("ana")


def take(translation, user, changes: dict[str, str]) -> po.Report:
    return po.import_po(translation, edited(po.export_po(translation), changes), user)


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
