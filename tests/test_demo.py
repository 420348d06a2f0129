"""The demo is whole, loads once, and leaves alone what editors have changed."""

import re
import socket
import tomllib
from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.management import CommandError, call_command
from django.utils import timezone
from docx import Document
from wagtail.models import Locale, Page, ReferenceIndex, Site
from wagtail_localize.models import StringTranslation, Translation

from funding import questions
from funding.models import (
    CriteriaVersion,
    Decision,
    FundPage,
    GrantRequest,
    RequestPage,
    RequestStatus,
    Review,
)
from home.models import HomePage, StoryPage
from home.templatetags.home_tags import related_stories
from hub.demo import translations
from hub.models import (
    Country,
    HubDocument,
    OutgoingMail,
    SiteSettings,
    Topic,
    TranslationTask,
    User,
)
from hub.translation import checks, glossary, progress
from toolkit.demo.files_builder.catalogue import CATALOGUES
from toolkit.demo.files_builder.editions import FILE_NAMES
from toolkit.demo.handlers import FILES
from toolkit.models import ChapterPage, TemplatePage
from toolkit.outline import outline_of
from training import seats
from training.models import (
    Format,
    Level,
    Registration,
    RegistrationStatus,
    Roster,
    SessionPage,
)
from training.models.registration import HOLDING

PAGES = sorted(Path(settings.BASE_DIR).glob("*/demo/pages/*.toml"))


# In one process, so that the demo is loaded once.
pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, loaded once for this module and taken back after it."""
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


LANGUAGES = ["en", "es", "fr", "ar"]
COMPLETE = ["es", "fr"]
# What the demo offers in Arabic: the way in, and one of each kind of page below it.
ARABIC = {
    "home-ar",
    "contact",
    "toolkit",
    "understand-your-context",
    "read-the-system",
    "develop-the-strategy",
    "templates",
    "training",
    "launch-community-call",
    "funding",
    "request",
    "past-grants",
}


def of(model, language: str = "en"):
    return model.objects.filter(locale__language_code=language)


def test_demo_has_a_home_page_in_four_languages(client):
    homes = HomePage.objects.values_list("locale__language_code", flat=True)
    assert sorted(homes) == sorted(LANGUAGES)
    for language in LANGUAGES:
        assert client.get(f"/{language}/").headers["Content-Language"] == language


def without_texts(language: str) -> dict[str, list[str]]:
    """The texts that no person has translated, by page or term."""
    missing = {}
    for translation in Translation.objects.filter(target_locale__language_code=language):
        texts = [row.source for row in progress.rows(translation) if row.state != "done"]
        if texts:
            missing[translation.source.object_repr] = texts
    return missing


@pytest.mark.parametrize("language", COMPLETE)
def test_demo_is_complete_in_spanish_and_french(language):
    sources = of(Page).filter(depth__gt=1).values_list("translation_key", flat=True)
    translated = of(Page, language).filter(live=True, alias_of=None)
    assert set(translated.values_list("translation_key", flat=True)) == set(sources)
    assert set(translated.values_list("slug", flat=True)) - {f"home-{language}"} == set(
        of(Page).filter(depth__gt=2).values_list("slug", flat=True)
    )
    for model in (Topic, Country, Level, Format):
        terms = of(model, language)
        assert terms.count() == of(model).count()
        assert all(term.is_translated for term in terms)
    assert without_texts(language) == {}


def test_demo_offers_in_arabic_what_it_promises():
    assert set(of(Page, "ar").filter(live=True).values_list("slug", flat=True)) == ARABIC
    submitted = of(Page).filter(slug__in=translations.SUBMITTED["ar"])
    assert set(without_texts("ar")) == set(submitted.values_list("title", flat=True))


def test_demo_translations_are_up_to_date_for_readers_and_on_the_desk():
    progress.bring_up_to_date()
    waiting = TranslationTask.objects.filter(state=TranslationTask.State.WORKING)
    assert [
        (task.translation.target_locale.language_code, task.percent_done) for task in waiting
    ] == [("ar", 0)] * len(translations.SUBMITTED["ar"])
    tasks = TranslationTask.objects.exclude(pk__in=waiting)
    assert set(tasks.values_list("state", flat=True)) == {TranslationTask.State.PUBLISHED}
    assert [str(task) for task in tasks if task.outdated or task.words_to_do] == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_demo_messages_are_those_of_the_sources(language):
    """As `manage.py demo_messages` would leave them: no text more, none less, none empty."""
    english = Locale.objects.get(language_code="en")
    paths = set()
    for (app_label, name), instances in translations.sources(english).items():
        path = translations.po_path(app_label, name, language)
        paths.add(path)
        if path.exists():
            messages = polib.pofile(str(path))
            texts = list(translations.source_texts(instances))
            assert [entry.msgid for entry in messages] == texts, path.name
            assert messages.percent_translated() == 100, path.name
            assert not messages.obsolete_entries(), path.name
    paths.add(translations.po_path("home", translations.GLOSSARY, language))
    on_disk = set(Path(settings.BASE_DIR).glob(f"*/demo/translations/{language}/*.po"))
    assert on_disk <= paths


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_demo_translations_keep_to_the_glossary(language):
    """The demo shows what the hub warns of: so it gives no cause, but for a word in two senses."""
    locale = Locale.objects.get(language_code=language)
    terms = glossary.of(locale)
    assert len(terms) >= 12
    rows = StringTranslation.objects.filter(locale=locale).select_related("translation_of")
    warned = [
        row for row in rows if checks.warnings(row.translation_of.data, row.data, glossary=terms)
    ]
    assert len(warned) < len(rows) * 0.08


def test_demo_search_and_references_are_indexed():
    story = StoryPage.objects.get(slug="the-hospital-price-list", locale__language_code="es")
    assert story in StoryPage.objects.search(story.title)
    users = ReferenceIndex.get_references_to(story.image).values_list("object_id", flat=True)
    assert str(story.pk) in users


def test_demo_leaves_the_page_tree_whole():
    assert Page.find_problems() == ([], [], [], [], [])


def test_demo_has_the_whole_toolkit():
    outline = outline_of(of(Page).get(slug="toolkit").specific)
    assert [entry.number for entry in outline.steps] == ["1", "2", "3", "4"]
    assert sum(len(step.children) for step in outline.steps) >= 9
    assert len(outline.openings) == 1
    assert len(outline.stalls) == 1


def test_demo_chapters_are_long_enough_to_work_with():
    lengths = {
        chapter.slug: len(" ".join(chapter.searchable_parts()).split())
        for chapter in of(ChapterPage)
        if chapter.part != "step" or chapter.depth == 5
    }
    assert {slug: words for slug, words in lengths.items() if words < 500} == {}


def test_demo_has_ten_templates_with_files():
    templates = list(of(TemplatePage).live().prefetch_related("files__document"))
    assert len(templates) == 10
    assert all(template.sorted_files for template in templates)
    assert all(template.chapter_links.exists() for template in templates)
    extensions = {file.file_extension for page in templates for file in page.sorted_files}
    assert {"docx", "xlsx", "odt", "pptx", "pdf"} <= extensions


def test_demo_template_files_have_words_to_search_for():
    documents = [
        file for page in of(TemplatePage) for file in page.own_language_first(page.files.all())
    ]
    assert [document.title for document in documents if len(document.extracted_text) < 200] == []


def test_demo_offers_every_template_file():
    on_disk = {(path.parent.name, path.name) for path in FILES.glob("*/*.*")}
    rows = [
        row for path in PAGES for row in tomllib.loads(path.read_text("utf-8")).get("files", [])
    ]
    assert Counter((row["language"], row["file"]) for row in rows) == Counter(on_disk)


@pytest.mark.parametrize("language", FILE_NAMES)
def test_demo_template_in_another_language_has_the_formats_version_and_licence_of_the_english(
    language,
):
    for slug, name in FILE_NAMES[language].items():
        files = {}
        for file in of(TemplatePage).get(slug=slug).sorted_files:
            facts = (file.file_extension, file.version, file.licence)
            files.setdefault(file.language, set()).add(facts)
        assert files[language] == files["en"], slug
        paths = (FILES / language).glob(f"{name}.*")
        assert {path.suffix for path in paths} == {f".{ending}" for ending, *_ in files["en"]}


@pytest.mark.parametrize("language", FILE_NAMES)
def test_demo_template_file_says_its_own_title_and_language(language):
    for path in (FILES / language).glob("*.docx"):
        properties = Document(path).core_properties
        document = HubDocument.objects.get(file=f"documents/{path.name}")
        assert (properties.language, properties.title) == (language, document.title)


@pytest.mark.parametrize("language", FILE_NAMES)
def test_demo_template_file_words_keep_their_placeholders(language):
    catalogue = polib.pofile(str(CATALOGUES / f"{language}.po"))
    assert catalogue.percent_translated() == 100
    for entry in catalogue:
        wanted, found = (set(re.findall(r"{\w+}", text)) for text in (entry.msgid, entry.msgstr))
        assert found == wanted, entry.msgid


def test_demo_sessions_cover_levels_formats_past_and_future():
    sessions = of(SessionPage).live()
    assert sessions.count() == 8
    assert set(sessions.values_list("format__slug", flat=True)) == set(
        of(Format).values_list("slug", flat=True)
    )
    assert set(sessions.exclude(level=None).values_list("level__slug", flat=True)) == set(
        of(Level).values_list("slug", flat=True)
    )
    assert sessions.upcoming().count() == 4
    assert all(session.write_up and session.recording_url for session in sessions.past())


def test_demo_agendas_add_up_to_the_length_of_the_session():
    wrong = {
        session.slug: (sum(item.value["minutes"] for item in session.agenda), session.minutes)
        for session in of(SessionPage)
        if sum(item.value["minutes"] for item in session.agenda) != session.minutes
    }
    assert wrong == {}


def test_demo_has_six_stories_and_their_pictures():
    stories = of(StoryPage).live()
    assert stories.count() == 6
    assert all(story.image and story.image_alt for story in stories)


def test_demo_pages_that_end_with_stories_have_some():
    bare = [
        page.slug
        for page in Page.objects.live().filter(depth__gt=1).specific()
        if page.story_panels[0] in page.content_panels and not related_stories(page)
    ]
    assert bare == []


def test_demo_pages_are_all_reachable(client):
    broken = {
        page.url: client.get(page.url).status_code
        for page in Page.objects.live().filter(depth__gt=1)
    }
    assert set(broken.values()) == {200}


def test_demo_links_between_pages_all_lead_somewhere(client):
    """Every internal link on every demo page, followed once."""
    links = Counter()
    for page in Page.objects.live().filter(depth__gt=1):
        html = client.get(page.url).content.decode()
        links.update(re.findall(r'href="(/[^"#?]*)', html))
        assert "<a>" not in html
    broken = {}
    for link in links:
        if not link.startswith(("/static/", "/media/")):
            response = client.get(link)
            if response.streaming:
                response.getvalue()  # to the end, where the test client closes the file
            if response.status_code != 200:
                broken[link] = response.status_code
    assert broken == {}


def test_demo_names_invented_evidence_as_such():
    for path in PAGES:
        for block in tomllib.loads(path.read_text("utf-8")).get("body", []):
            if block["type"] == "evidence" and "country" in block["value"]:
                assert block["value"]["invented"] is True, path.name


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


def test_demo_launch_call_shows_its_time_in_four_cities(client):
    html = client.get("/en/training/launch-community-call/").content.decode()
    facts = re.findall(r"<dt>([^<]+)</dt><dd class=\"num\">(\w+) ([\d:]+)", html)
    assert [(city, time) for city, _day, time in facts] == [
        ("New York", "10:30"),
        ("UTC", "14:30"),
        ("Nairobi", "17:30"),
        ("Kathmandu", "20:15"),
    ]


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


def test_demo_has_living_rosters_and_sends_nobody_mail():
    rosters = {roster.source_page.slug: roster for roster in Roster.objects.all()}
    full = rosters["building-power-against-vested-interests"]
    assert full.is_full
    assert full.registrations.in_line().count() == 4
    past = rosters["partners-who-disagree"]
    assert Counter(past.registrations.values_list("status", flat=True)) == {
        "attended": 12,
        "no-show": 3,
        "cancelled": 2,
    }
    for roster in rosters.values():
        holding = roster.registrations.filter(status__in=HOLDING)
        assert roster.taken == holding.count()
        assert roster.capacity is None or roster.taken <= roster.capacity
    people = Registration.objects.all()
    assert set(people.values_list("locale__language_code", flat=True)) == set(LANGUAGES)
    assert all(re.fullmatch(r"Participant \d\d", person.name) for person in people)
    assert all(re.fullmatch(r"participant-\d\d@example\.org", row.address) for row in people)
    assert not OutgoingMail.objects.exists()


def test_demo_leaves_a_roster_alone_that_staff_have_changed():
    person = Registration.objects.filter(status="confirmed").first()
    seats.change(person, RegistrationStatus.CANCELLED, tell=False)
    before = Registration.objects.count()
    call_command("load_demo", verbosity=0)
    person.refresh_from_db()
    assert (person.status, Registration.objects.count()) == ("cancelled", before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_demo_criteria_say_what_everybody_needs_to_know_of_them(language):
    (version,) = CriteriaVersion.objects.filter(language=language)
    assert version.number == 1
    assert len(version.criteria) == 12
    for criterion in [*version.required, *version.not_funded]:
        assert criterion.if_not_met, criterion.statement
    for criterion in version.scored:
        assert re.findall(r"^(\d) – .+$", criterion.rubric, re.M) == list("3210")
    assert all(criterion.decline for criterion in version.criteria)
    assert all(criterion.hint for criterion in version.criteria if criterion.question)
    asked = {name for name, _label in questions.CHOICES}
    assert {criterion.question for criterion in version.criteria} - {""} <= asked


def test_demo_fund_names_no_days_but_those_it_decides_by():
    fund = of(FundPage).get()
    told = " ".join(step.value["when"] for step in fund.next_steps)
    assert f"Within {fund.decision_days} days" in told


def test_demo_has_requests_in_every_status_and_language_and_sends_nobody_mail():
    requests = GrantRequest.objects.select_related("locale", "criteria")
    assert set(requests.values_list("status", flat=True)) == set(RequestStatus.values)
    assert set(requests.values_list("locale__language_code", flat=True)) == set(LANGUAGES)
    for request in requests:
        language = request.locale.language_code
        assert request.criteria.language == request.page.locale.language_code == language
        assert re.fullmatch(
            r"applicant-\d\d@example\.org", request.address or request.typed[questions.EMAIL]
        )
    assert not OutgoingMail.objects.exists()


def test_demo_requests_answer_the_questions_of_the_form():
    """What waits to be decided could be sent as it is; what is decided has the same questions."""
    for request in GrantRequest.objects.sent().select_related("criteria"):
        page = RequestPage.objects.get(pk=request.page_id)
        form_class = page.form_class_for(request.criteria)
        assert set(request.form_data) <= set(form_class.base_fields)
        if request.is_undecided:
            form = form_class({**request.form_data, "hub-consent": "on"}, page=page)
            # Of the form as a whole it is said that it was not shown to anybody.
            assert list(form.errors) == [NON_FIELD_ERRORS], request.reference


def test_demo_desk_has_something_of_all_that_staff_meet():
    undecided = GrantRequest.objects.undecided()
    assert all(request.days_left > 0 and not request.is_late for request in undecided)
    assert undecided.filter(is_confidential=True, assignee=None).count() == 1
    assert undecided.get(status="question").messages.count() == 1
    reviews = undecided.get(status="reading").reviews.order_by("reviewer__username")
    assert [(review.reviewer.username, review.is_given) for review in reviews] == [
        ("reviewer-a", True),
        ("reviewer-b", False),
    ]
    for review in Review.objects.exclude(given_at=None).select_related("request__criteria"):
        keys = {criterion.key for criterion in review.request.criteria.scored}
        assert set(review.scores) == keys
        assert set(review.scores.values()) <= set(Review.Points.values)


def test_demo_decisions_of_the_last_year_suffice_for_a_median():
    decisions = Decision.objects.select_related("request__criteria")
    year_ago = timezone.now() - timedelta(days=365)
    assert decisions.filter(decided_at__gte=year_ago).count() >= 6
    for decision in decisions:
        request = decision.request
        assert request.sent_at < decision.decided_at < timezone.now()
        assert decision.decided_at.date() <= request.target_on
        assert len(request.criteria.by_key(decision.reasons)) == len(decision.reasons)
        assert bool(decision.amount) == request.is_granted
        assert set(decision.purposes) == (set(LANGUAGES) if request.is_granted else set())
        for criterion in request.criteria.by_key(decision.reasons):
            assert criterion.decline_sentence in decision.letter


def test_demo_past_grants_name_only_those_who_agreed():
    paid = GrantRequest.objects.filter(status__in=["paid", "reported"])
    assert paid.count() == 4
    named = paid.filter(may_be_named=True)
    assert sorted(named.values_list("public_name", flat=True)) == [
        "Red de Municipios de Muestra",
        "Réseau des Communes Modèles",
    ]
    assert set(paid.exclude(may_be_named=True).values_list("public_name", flat=True)) == {""}
