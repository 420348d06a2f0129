"""Who may do what to translations: every address of wagtail-localize, and the core's, by role."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone
from wagtail.contrib.forms.utils import get_forms_for_user
from wagtail.models import Page

from hub import jobs
from hub.models import LanguageTeam, Topic, TranslationTask, User
from hub.models.pages import UnfinishedTranslation
from hub.roles import EDITORS, FUNDING_OFFICERS, TRAINING_OFFICERS, set_up_roles
from hub.translation import teams
from tests import factories
from tests.translating import locale_of, publish, submit, translate, write

STRANGER, NO_ADMIN, ADMIN = "stranger", "no admin", "administrator"
TRANSLATOR, REVIEWER = "translators es", "reviewers es"
OTHER_TRANSLATOR, OTHER_REVIEWER = "translators fr", "reviewers fr"
ROLES = [
    STRANGER,
    NO_ADMIN,
    EDITORS,
    TRAINING_OFFICERS,
    FUNDING_OFFICERS,
    TRANSLATOR,
    OTHER_TRANSLATOR,
    REVIEWER,
    OTHER_REVIEWER,
    ADMIN,
]

STAFF = set(ROLES) - {STRANGER, NO_ADMIN}
MANAGE = {EDITORS, ADMIN}
PUBLISH = {REVIEWER, *MANAGE}
TRANSLATE = {TRANSLATOR, *PUBLISH}
WITH_LANGUAGES = {OTHER_TRANSLATOR, OTHER_REVIEWER, *TRANSLATE}

# Every address of wagtail-localize with the methods it answers, what it is asked of (a page, a
# term, both, or neither) and the roles that may use it for Spanish.
TABLE = {
    "javascript_catalog": ("get", "", STAFF),
    "submit_page_translation": ("get post", "page", MANAGE),
    "submit_snippet_translation": ("get post", "term", MANAGE),
    "update_translations": ("get post", "page term", MANAGE),
    "edit_string_translation": ("put delete", "page term", TRANSLATE),
    "edit_override": ("put delete", "page", TRANSLATE),
    "download_pofile": ("get", "page term", TRANSLATE),
    "upload_pofile": ("post", "page term", TRANSLATE),
    "machine_translate": ("post", "page term", TRANSLATE),
    "preview_translation": ("get", "page term", TRANSLATE),
    "stop_translation": ("post", "page term", PUBLISH),
    "convert_to_alias": ("get post", "page", MANAGE),
    "translations_report": ("get", "", WITH_LANGUAGES),
    "translations_report_results": ("get", "", WITH_LANGUAGES),
    "snippets_api_listing": ("get", "term", WITH_LANGUAGES),
    "snippets_api_detail": ("get", "term", WITH_LANGUAGES),
}
# What is asked of a locked page: seeing stays possible, writing does not.
SEEING = {"download_pofile", "preview_translation"}


class Work:
    """A chapter and a topic in Spanish, everything one can be asked about them."""

    def __init__(self, site):
        set_up_roles()
        self.chapter = factories.ChapterPageFactory(
            parent=site.toolkit, slug="map", share_image=factories.ImageFactory()
        )
        self.topic = factories.TopicFactory(title="Coalitions")
        self.translations = {
            "page": submit(self.chapter, locale_of("es")),
            "term": submit(self.topic, locale_of("es")),
        }
        submit(site.home, locale_of("fr"))
        self.page = self.translations["page"].get_target_instance()
        self.term = self.translations["term"].get_target_instance()

    def arguments(self, name: str, of: str) -> dict:
        term = {"app_label": "hub", "model_name": "topic"}
        if not of:
            return {}
        if name in {"submit_snippet_translation", "snippets_api_detail"}:
            return {**term, "pk": self.topic.pk}
        if name == "snippets_api_listing":
            return term
        if name == "submit_page_translation":
            return {"page_id": self.chapter.pk}
        if name == "convert_to_alias":
            return {"page_id": self.page.pk}
        translation = self.translations[of]
        if name == "update_translations":
            return {"translation_source_id": translation.source_id}
        arguments = {"translation_id": translation.pk}
        if name == "edit_string_translation":
            arguments["string_segment_id"] = translation.source.stringsegment_set.first().pk
        if name == "edit_override":
            segment = translation.source.overridablesegment_set.first()
            arguments["overridable_segment_id"] = segment.pk
        return arguments


@pytest.fixture
def work(site):
    return Work(site)


def log_in(client, role: str) -> User | None:
    if role == STRANGER:
        return None
    user = User.objects.create_user(role, is_superuser=role == ADMIN)
    if role not in {NO_ADMIN, ADMIN}:
        user.groups.add(group_of(role))
    client.force_login(user)
    return user


def group_of(role: str) -> Group:
    kind, _space, code = role.rpartition(" ")
    if code in {"es", "fr"}:
        return getattr(LanguageTeam.objects.get(locale__language_code=code), kind)
    return Group.objects.get(name=role)


def ask(client, method: str, address: str):
    """The answer, with whatever it changed taken back."""
    with transaction.atomic():
        if method == "put":
            form = "application/x-www-form-urlencoded"
            response = client.put(address, "value=1", content_type=form)
        elif method == "post":
            po = SimpleUploadedFile(
                "a.po", b'msgid ""\nmsgstr "X-WagtailLocalize-TranslationID: 0"\n'
            )
            response = client.post(address, {"file": po, "next": "/admin/pages/"})
        else:
            response = getattr(client, method)(address)
        transaction.set_rollback(True)
    return response


def is_let_in(response) -> bool:
    if response.status_code == 403:
        return False
    if response.status_code == 302:
        return response.url != "/admin/" and not response.url.startswith("/admin/login/")
    return response.status_code < 500


def addresses(work: Work):
    for name, (methods, kinds, roles) in TABLE.items():
        for method in methods.split():
            for kind in kinds.split() or [""]:
                address = reverse(f"wagtail_localize:{name}", kwargs=work.arguments(name, kind))
                yield f"{method} {name} {kind}".strip(), method, address, roles


def test_table_has_every_address_of_the_library():
    _prefix, resolver = get_resolver().namespace_dict["wagtail_localize"]
    assert {pattern.name for pattern in resolver.url_patterns} == set(TABLE)


# wagtail-localize's report is not sorted.
@pytest.mark.filterwarnings("ignore:Pagination may yield inconsistent results")
@pytest.mark.parametrize("role", ROLES)
def test_role_reaches_exactly_these_addresses(work, client, role):
    log_in(client, role)
    reached, wanted = set(), set()
    for name, method, address, roles in addresses(work):
        response = ask(client, method, address)
        if is_let_in(response):
            reached.add(name)
        elif role == STRANGER:
            # wagtail-localize's parts for scripts say 403; pages lead to the login.
            assert response.status_code == 403 or response.url.startswith("/admin/login/"), name
        if role in roles:
            wanted.add(name)
    assert reached == wanted


@pytest.mark.filterwarnings("ignore:Pagination may yield inconsistent results")
@pytest.mark.parametrize("role", [EDITORS, TRANSLATOR, REVIEWER, ADMIN])
def test_locked_page_can_be_seen_and_not_changed(work, client, role):
    log_in(client, role)
    keeper = User.objects.create_user("keeper")
    Page.objects.filter(pk=work.page.pk).update(
        locked=True, locked_by=keeper, locked_at=timezone.now()
    )
    for name, method, address, _roles in addresses(work):
        url_name = name.split()[1]
        if name.endswith(" page") and url_name in {*SEEING, "edit_string_translation"}:
            assert is_let_in(ask(client, method, address)) == (url_name in SEEING), name
        elif name.endswith(" page") and url_name not in {"submit_page_translation"}:
            assert method == "get" or not is_let_in(ask(client, method, address)), name


def test_unknown_address_of_the_library_is_for_administrators():
    from hub.translation import guard

    assert "a_new_address" not in guard.RULES
    for superuser in (True, False):
        request = type("Request", (), {"user": User(is_superuser=superuser)})
        assert guard._administers(request) is superuser


# The core's own addresses


TERMS = {
    "edit/{english}/": {EDITORS, ADMIN},
    "edit/{spanish}/": TRANSLATE,
    "delete/{english}/": {EDITORS, ADMIN},
    "delete/{spanish}/": {EDITORS, ADMIN},
    "add/": {EDITORS, ADMIN},
    "add/?locale=es": {EDITORS, ADMIN},
    "history/{english}/": {EDITORS, ADMIN, *WITH_LANGUAGES},
}


@pytest.mark.parametrize("role", ROLES)
def test_role_changes_terms_in_its_own_language_alone(work, client, role):
    log_in(client, role)
    numbers = {"english": work.topic.pk, "spanish": work.term.pk}
    reached = {
        address
        for address in TERMS
        if is_let_in(ask(client, "get", f"/admin/snippets/hub/topic/{address.format(**numbers)}"))
    }
    assert reached == {address for address, roles in TERMS.items() if role in roles}


def test_officer_looks_after_the_levels_of_the_source_alone(work, client):
    log_in(client, TRAINING_OFFICERS)
    level = factories.LevelFactory()
    spanish = submit(level, locale_of("es")).get_target_instance()
    for term, allowed in [(level, True), (spanish, False)]:
        for action in ("edit", "delete"):
            address = f"/admin/snippets/training/level/{action}/{term.pk}/"
            assert is_let_in(ask(client, "get", address)) is allowed
    assert not is_let_in(ask(client, "post", "/admin/snippets/training/level/add/?locale=es"))


def test_translator_cannot_save_a_term_of_another_language_by_posting(work, client):
    log_in(client, OTHER_TRANSLATOR)
    address = f"/admin/snippets/hub/topic/edit/{work.term.pk}/"
    response = client.post(address, {"title": "Changed", "slug": "changed"})
    assert (response.status_code, response.url) == (302, "/admin/")
    assert Topic.objects.get(pk=work.term.pk).title == "Coalitions"


PAGES = {
    "{spanish}/edit/": TRANSLATE,
    "{spanish}/history/": TRANSLATE,
    "{spanish}/unpublish/": PUBLISH,
    "{spanish}/delete/": PUBLISH,
    "{spanish}/move/": PUBLISH,
    "{english}/edit/": MANAGE,
    "{english}/unpublish/": MANAGE,
    "{english}/delete/": MANAGE,
    "{english}/move/": MANAGE,
    "add/toolkit/chapterpage/{toolkit}/": MANAGE,
}


@pytest.mark.parametrize("role", ROLES)
def test_role_reaches_pages_of_its_own_language_alone(site, work, client, role):
    log_in(client, role)
    Page.objects.filter(pk=work.page.pk).update(live=True)
    numbers = {
        "spanish": work.page.pk,
        "english": work.chapter.pk,
        "toolkit": site.toolkit.get_translation(locale_of("es")).pk,
        "french": site.home.get_translation(locale_of("fr")).pk,
    }
    reached = {
        address
        for address in PAGES
        if is_let_in(ask(client, "get", f"/admin/pages/{address.format(**numbers)}"))
    }
    assert reached == {address for address, roles in PAGES.items() if role in roles}


@pytest.mark.parametrize("role", [TRANSLATOR, REVIEWER, OTHER_REVIEWER, TRAINING_OFFICERS])
def test_page_is_not_moved_into_another_language(site, work, client, role):
    log_in(client, role)
    french = site.home.get_translation(locale_of("fr"))
    for page in (work.page, work.chapter):
        response = client.post(f"/admin/pages/{page.pk}/move/{french.pk}/confirm/")
        assert (response.status_code, response.url) == (302, "/admin/")
    assert not french.get_children().exists()


@pytest.fixture
def at_once(monkeypatch):
    """wagtail-localize publishes once its transaction is committed, which a test's never is."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, *_a, **_k: function())


@pytest.mark.parametrize("role", [TRANSLATOR, OTHER_REVIEWER])
def test_finished_translation_is_not_published_by_who_may_not(work, client, at_once, role):
    write(work.translations["page"])
    log_in(client, role)
    client.post(f"/admin/pages/{work.page.pk}/edit/", {"action": "publish"})
    client.post(f"/admin/pages/{work.page.pk}/edit/", {"action-publish": "action-publish"})
    assert not Page.objects.get(pk=work.page.pk).live


UNFINISHED = "has texts that are not translated yet."


def test_unfinished_translation_is_not_published_by_the_library_either(work, at_once):
    """It publishes a draft before it logs that it has made one."""
    with pytest.raises(UnfinishedTranslation, match=UNFINISHED):
        work.translations["page"].save_target(publish=True)
    assert not Page.objects.get(pk=work.page.pk).live


def test_finished_translation_published_by_the_library_is_noted(work, at_once):
    write(work.translations["page"])
    work.translations["page"].save_target(publish=True)
    task = TranslationTask.objects.get(translation=work.translations["page"])
    assert (task.state, bool(task.published_texts)) == (TranslationTask.State.PUBLISHED, True)


@pytest.mark.parametrize("data", [{"action": "publish"}, {"action-publish": "action-publish"}])
def test_posting_to_the_page_editor_publishes_no_unfinished_translation(
    work, client, at_once, data
):
    log_in(client, REVIEWER)
    response = client.post(f"/admin/pages/{work.page.pk}/edit/", data)
    assert response.status_code in {200, 302}
    assert not Page.objects.get(pk=work.page.pk).live


def test_unfinished_translation_stops_the_whole_bulk_action_with_a_sentence(site, work, client):
    other = factories.ChapterPageFactory(parent=site.toolkit)
    translation = submit(other, locale_of("es"))
    write(translation)
    translation.save_target(publish=False)
    finished = translation.get_target_instance()
    log_in(client, REVIEWER)
    response = client.post(
        f"/admin/bulk/wagtailcore/page/publish/?id={finished.pk}&id={work.page.pk}", follow=True
    )
    assert UNFINISHED in response.content.decode()
    assert not Page.objects.filter(pk__in=[finished.pk, work.page.pk], live=True).exists()


def test_unfinished_translation_does_not_hold_up_what_is_scheduled(work, caplog):
    waiting = factories.StandardPageFactory(parent=work.chapter.get_parent(), live=False)
    past = timezone.now() - timezone.timedelta(minutes=1)
    unfinished = work.page.get_latest_revision()
    for number, revision in enumerate([unfinished, waiting.save_revision()]):
        revision.approved_go_live_at = past + timezone.timedelta(seconds=number)
        revision.save()
    with pytest.raises(Exception, match=UNFINISHED):
        jobs.publish_scheduled()
    assert Page.objects.get(pk=waiting.pk).live
    assert not Page.objects.get(pk=work.page.pk).live
    assert "could not be published at its time" in caplog.text


def test_translation_that_was_stopped_is_a_page_like_any_other(work, client):
    """Whoever stops a translation takes the page over; its words are theirs from then on."""
    translation = work.translations["page"]
    write(translation)
    publish(translation)
    translation.enabled = False
    translation.save()
    log_in(client, EDITORS)
    html = client.get(f"/admin/pages/{work.page.pk}/edit/").content.decode()
    assert 'name="action-publish"' in html


# What visitors wrote


@pytest.mark.parametrize("role", ["translators", "reviewers"])
def test_messages_of_visitors_are_not_for_translators(site, client, admin_client, role):
    spanish = locale_of("es")
    form = translate(site.contact, spanish)
    user = User.objects.create_user("translator")
    user.groups.add(getattr(teams.set_up_team(spanish), role))
    client.force_login(user)
    assert not get_forms_for_user(user).exists()
    for page in (form, site.contact):
        response = client.get(f"/admin/forms/submissions/{page.pk}/")
        assert (response.status_code, response.url) == (302, "/admin/")
    assert admin_client.get(f"/admin/forms/submissions/{form.pk}/").status_code == 200


def test_translation_cannot_send_visitors_messages_elsewhere(site):
    translation = submit(site.contact, locale_of("es"))
    paths = translation.source.overridablesegment_set.values_list("context__path", flat=True)
    texts = translation.source.stringsegment_set.values_list("context__path", flat=True)
    assert not [path for path in [*paths, *texts] if "to_addresses" in path]
