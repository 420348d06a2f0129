"""Machine translation: off by default, and whatever a translator does, nothing else breaks."""

import threading

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.machine_translators.base import BaseMachineTranslator
from wagtail_localize.machine_translators.dummy import DummyTranslator
from wagtail_localize.models import StringTranslation
from wagtail_localize.strings import StringValue

from hub.models import TranslationTask, User
from hub.settings.environment import Environment
from hub.translation import machine, progress
from tests import factories
from tests.translating import locale_of, publish, submit, write

HANGING = threading.Event()


class Working(BaseMachineTranslator):
    display_name = "Test machine"

    def can_translate(self, source_locale, target_locale):
        return target_locale.language_code != "ar"

    def translate(self, source_locale, target_locale, strings):
        return {string: StringValue(f"m: {string.data}") for string in strings}


class Raising(Working):
    def translate(self, source_locale, target_locale, strings):
        raise ConnectionError("key=secret")


class RaisingOnAsking(Working):
    def can_translate(self, source_locale, target_locale):
        raise KeyError("pairs")


class Hanging(Working):
    def translate(self, source_locale, target_locale, strings):
        HANGING.wait(30)


class Nothing(Working):
    def translate(self, source_locale, target_locale, strings):
        return None


class Some(Working):
    """One translation, one that is no text, one with broken markup; none of the others."""

    def translate(self, source_locale, target_locale, strings):
        first, second, third, *_others = strings
        return {
            first: StringValue("m"),
            second: StringValue(None),
            third: StringValue("<script>"),
            StringValue("unasked"): StringValue("m"),
        }


class Broken(Working):
    def __init__(self, options):
        raise ValueError("no key")


@pytest.fixture
def use(settings):
    def configure(translator, timeout=5):
        name = translator if isinstance(translator, str) else translator.__name__
        module = "" if "." in name else f"{__name__}."
        settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {
            "CLASS": "hub.translation.machine.CarefulTranslator",
            "OPTIONS": {"CLASS": module + name, "OPTIONS": {}, "TIMEOUT": timeout},
        }

    HANGING.clear()
    yield configure
    HANGING.set()


@pytest.fixture
def story(site):
    return factories.StoryPageFactory(parent=site.stories, title="The register")


@pytest.fixture
def translation(story):
    return submit(story, locale_of("es"))


@pytest.fixture
def editor(client, db):
    user = User.objects.create_superuser("editor", "editor@example.org", "x")
    client.force_login(user)
    return user


def translated(translation) -> int:
    return StringTranslation.objects.filter(
        locale=translation.target_locale, context__object=translation.source.object_id
    ).count()


def test_it_is_off_unless_a_translator_is_named(client, editor, translation):
    assert get_machine_translator() is None
    assert machine.fill(translation, editor) == (False, "No machine translation is set up.")
    response = client.post(
        reverse("wagtail_localize:machine_translate", args=[translation.pk]), follow=True
    )
    assert "No machine translation is set up." in response.content.decode()


def test_a_machines_texts_wait_for_a_person_to_confirm_them(use, translation, editor):
    use(Working)
    segments = translation.source.stringsegment_set.count()
    went_well, sentence = machine.fill(translation, editor)

    assert went_well
    assert sentence == (
        f"Spanish: {segments} texts were translated by Test machine and wait for a person to "
        "confirm them."
    )
    rows = progress.rows(translation)
    assert {row.state for row in rows} == {"unreviewed"}
    assert {row.text for row in rows} == {f"m: {row.source}" for row in rows}
    progress.bring_up_to_date()
    task = TranslationTask.objects.get(translation=translation)
    assert (task.segments, task.segments_done) == (segments, 0)
    assert machine.fill(translation, editor) == (
        True,
        "Spanish: there is nothing left to translate.",
    )


def test_the_librarys_own_dummy_translator_works(use, translation, editor):
    use("wagtail_localize.machine_translators.dummy.DummyTranslator")
    assert get_machine_translator().display_name == DummyTranslator.display_name
    assert machine.fill(translation, editor)[0]
    assert StringTranslation.objects.get(context__path="title").data == "register The"


def test_what_people_have_translated_is_left_alone(use, translation, editor):
    use(Working)
    write(translation, {"The register": "El registro"})
    StringTranslation.objects.exclude(data="El registro").delete()
    machine.fill(translation, editor)

    row = StringTranslation.objects.get(context__path="title")
    assert (row.data, row.translation_type) == ("El registro", "manual")


@pytest.mark.parametrize(
    ("translator", "sentence"),
    [
        (Raising, "Spanish: nothing was translated by Test machine. It is out of order."),
        (Hanging, "Spanish: nothing was translated by Test machine. It does not answer."),
        (Nothing, "Spanish: nothing was translated by Test machine. It gave no translations."),
        (RaisingOnAsking, "Test machine cannot translate into Spanish now."),
        (Broken, "Broken cannot translate into Spanish now."),
        ("no.such.Translator", "Translator cannot translate into Spanish now."),
    ],
)
def test_an_outage_translates_nothing_and_says_so(
    client, use, editor, translation, translator, sentence
):
    use(translator, timeout=0.2)
    response = client.post(
        reverse("wagtail_localize:machine_translate", args=[translation.pk]), follow=True
    )
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert translated(translation) == 0


def test_a_translator_that_gives_less_than_asked_for_gives_what_holds(use, translation, editor):
    use(Some)
    segments = translation.source.stringsegment_set.count()
    went_well, sentence = machine.fill(translation, editor)

    assert went_well
    assert f"It could not translate {segments - 1}." in sentence
    assert [row.data for row in StringTranslation.objects.all()] == ["m"]
    assert not StringTranslation.objects.filter(has_error=True).exists()


def test_an_unsupported_language_is_a_sentence_and_offers_no_button(
    client, use, editor, story, translation
):
    use(Working)
    arabic = submit(story, locale_of("ar"))
    response = client.post(
        reverse("wagtail_localize:machine_translate", args=[arabic.pk]), follow=True
    )
    assert "Test machine cannot translate into Arabic now." in response.content.decode()
    assert not get_machine_translator().can_translate(arabic.source.locale, arabic.target_locale)
    assert get_machine_translator().can_translate(arabic.source.locale, translation.target_locale)


@pytest.mark.parametrize("translator", [Raising, Hanging, Working])
def test_syncing_with_a_machine_syncs_whatever_becomes_of_it(
    client, use, editor, story, translation, translator
):
    use(translator, timeout=0.2)
    arabic = submit(story, locale_of("ar"))
    type(story).objects.filter(pk=story.pk).update(summary="It has changed.")
    response = client.post(
        reverse("wagtail_localize:update_translations", args=[translation.source_id]),
        {"use_machine_translation": "on"},
        follow=True,
    )

    assert response.status_code == 200
    assert "cannot translate into Arabic now" in response.content.decode()
    translation.source.refresh_from_db()
    assert "It has changed." in translation.source.content_json
    assert (translated(translation) > 0) is (translator is Working)
    assert translated(arabic) == 0


def test_syncing_publishes_what_is_complete_and_names_the_rest(
    client, use, editor, story, translation, django_capture_on_commit_callbacks
):
    use(Working)
    french = submit(story, locale_of("fr"))
    write(french)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            reverse("wagtail_localize:update_translations", args=[translation.source_id]),
            {"use_machine_translation": "on", "publish_translations": "on"},
            follow=True,
        )
    assert (
        "Not published, because some texts are not translated yet: Spanish"
        in response.content.decode()
    )
    assert french.get_target_instance().live
    assert not translation.get_target_instance().live


def test_a_confirmed_translation_by_machine_can_be_published(use, translation, editor):
    use(Working)
    machine.fill(translation, editor)
    assert not progress.is_complete(translation)
    write(translation)
    assert publish(translation).live


def test_the_environment_names_the_translator(monkeypatch):
    monkeypatch.setenv("HUB_MACHINE_TRANSLATOR_OPTIONS", '{"AUTH_KEY": "x"}')
    env = Environment()
    assert env.json_object("HUB_MACHINE_TRANSLATOR_OPTIONS") == {"AUTH_KEY": "x"}
    assert env.json_object("HUB_NO_SUCH_OPTIONS") == {}
    for wrong in ("{", "[]", "5"):
        monkeypatch.setenv("HUB_MACHINE_TRANSLATOR_OPTIONS", wrong)
        assert env.json_object("HUB_MACHINE_TRANSLATOR_OPTIONS") == {}
    with pytest.raises(ImproperlyConfigured, match="OPTIONS is not a JSON object"):
        env.stop_if_incomplete()
