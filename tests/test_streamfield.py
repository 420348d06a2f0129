"""Blocks stay out of migrations, and data migrations leave bodies alone."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import wagtail.fields
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from home.models import StandardPage
from hub.blocks import BodyBlock
from hub.fields import StreamField
from tests.factories import ChapterPageFactory, StandardPageFactory, StoryPageFactory

BODY_FIELDS = [
    (model, field)
    for model in apps.get_models()
    for field in model._meta.get_fields()
    if isinstance(field, StreamField) and field.model is model
]


def stored(page) -> list:
    """What the database holds as the body of a page, as it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT body FROM {page._meta.db_table} WHERE page_ptr_id = %s",  # noqa: S608
            [page.pk],
        )
        return json.loads(cursor.fetchone()[0])


def historical(model) -> type[models.Model]:
    """The model as a migration sees it: its fields as they are deconstructed, nothing else."""
    state = ProjectState.from_apps(apps)
    return state.apps.get_model(model._meta.app_label, model._meta.model_name)


def test_migrations_are_complete(db):
    out = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=1)
    assert out.getvalue() == "No changes detected\n"


def test_stream_fields_are_all_ours():
    """One of Wagtail's own would write its blocks into the migration."""
    foreign = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, wagtail.fields.StreamField) and not isinstance(field, StreamField)
    ]
    assert foreign == []
    assert len(BODY_FIELDS) > 10


@pytest.mark.parametrize(
    ("model", "field"), BODY_FIELDS, ids=[f"{m._meta.label}.{f.name}" for m, f in BODY_FIELDS]
)
def test_stream_field_deconstructs_without_blocks(model, field):
    name, path, args, kwargs = field.deconstruct()
    assert (name, path, args) == (field.name, "hub.fields.StreamField", [])
    assert set(kwargs) <= {"verbose_name", "blank", "help_text"}


def test_stream_field_deconstructed_makes_the_same_column():
    _name, _path, args, kwargs = StandardPage._meta.get_field("body").deconstruct()
    field = StreamField(*args, **kwargs)
    assert field.db_type(connection) == StandardPage._meta.get_field("body").db_type(connection)
    assert dict(field.stream_block.child_blocks) == {}


def test_migration_files_name_no_block():
    files = list(Path(settings.BASE_DIR).glob("*/migrations/0*.py"))
    assert len(files) >= 5
    assert [path.name for path in files if "Block" in path.read_text("utf-8")] == []


def test_data_migration_that_saves_a_page_keeps_its_body(site):
    page = StandardPageFactory(parent=site.home, slug="about")
    before = stored(page)
    assert [block["type"] for block in before] == ["heading", "rich_text"]
    old_page = historical(StandardPage).objects.get(pk=page.pk)
    assert old_page.body == before
    old_page.summary = "Changed by a migration."
    old_page.save()
    assert stored(page) == before
    page = StandardPage.objects.get(pk=page.pk)
    assert page.summary == "Changed by a migration."
    assert page.body[0].value["text"] == "Who decides"


def test_data_migration_may_change_the_blocks(site):
    page = StandardPageFactory(parent=site.home)
    old_page = historical(StandardPage).objects.get(pk=page.pk)
    old_page.body[0]["value"]["text"] = "Who signs"
    old_page.save()
    page = StandardPage.objects.get(pk=page.pk)
    assert page.body[0].value["text"] == "Who signs"
    assert "in one sentence" in page.body[1].value.source


@pytest.mark.parametrize("factory", [ChapterPageFactory, StoryPageFactory])
def test_data_migration_keeps_every_stream_of_a_page(site, factory):
    page = factory(parent=site.toolkit if factory is ChapterPageFactory else site.stories)
    before = {
        field.name: field.value_from_object(page) for _m, field in BODY_FIELDS if _m is type(page)
    }
    historical(type(page)).objects.get(pk=page.pk).save()
    after = type(page).objects.get(pk=page.pk)
    assert {name: getattr(after, name).get_prep_value() for name in before} == {
        name: value.get_prep_value() for name, value in before.items()
    }


def test_data_migration_in_the_state_of_the_migrations_keeps_the_body(site):
    """RunPython on the models that the migration files themselves add up to."""
    page = StandardPageFactory(parent=site.home)
    before = stored(page)

    def rewrite(historical_apps, _schema_editor):
        for old_page in historical_apps.get_model("home", "StandardPage").objects.all():
            old_page.summary = "Rewritten."
            old_page.save()

    state = MigrationLoader(connection).project_state()
    # RunPython asks the schema editor for nothing but its connection.
    editor = SimpleNamespace(connection=connection)
    migrations.RunPython(rewrite).database_forwards("home", editor, state, state)
    assert stored(page) == before
    assert StandardPage.objects.get(pk=page.pk).summary == "Rewritten."


def test_stream_field_with_blocks_reads_json_as_ever():
    field = StreamField(BodyBlock())
    value = field.to_python([{"type": "rich_text", "value": "<p>Hello</p>", "id": "1"}])
    assert value[0].value.source == "<p>Hello</p>"
    assert (
        field.to_python('[{"type": "quote", "value": {"text": "So."}}]')[0].value["text"] == "So."
    )
