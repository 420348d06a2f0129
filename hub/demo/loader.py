"""Loads the demo content of every app, all of it or nothing."""

import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.files import File
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.module_loading import module_has_submodule
from wagtail.fields import RichTextField
from wagtail.models import Locale, Page, Site

from hub.demo import translations
from hub.demo.indexing import indexed_at_the_end
from hub.demo.streams import StreamReader
from hub.fields import StreamField
from hub.models import HubDocument, HubImage

# Keys that say where a page goes or that the loader itself takes care of.
_STRUCTURE = {"type", "parent", "order", "slug"}


class DemoLoader:
    """Builds the page tree first and fills in the pages after, so that any page may refer to any other."""

    def __init__(self, say: Callable[[str], None]):
        self.say = say
        self.streams = StreamReader(self)
        self.locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
        self.folders = [Path(config.path) / "demo" for config in apps.get_app_configs()]
        self.folders = [folder for folder in self.folders if (folder / "pages").is_dir()]
        self.handlers: dict[str, Callable] = {}
        self._vocabularies: dict[str, type] = {}
        self._pages: dict[str, Page] = {}
        self._images: dict[str, HubImage] = {}
        self._documents: dict[str, HubDocument] = {}
        for config in apps.get_app_configs():
            if module_has_submodule(config.module, "demo"):
                package = import_module(f"{config.name}.demo")
                if module_has_submodule(package, "handlers"):
                    module = import_module(f"{config.name}.demo.handlers")
                    self.handlers |= module.HANDLERS
                    self._vocabularies |= module.VOCABULARIES

    @transaction.atomic
    def load(self):
        with indexed_at_the_end():
            self._load()

    def _load(self):
        descriptions = self._read_pages()
        self._make_room()
        self.say("Terms, pictures and files")
        self._load_vocabularies()
        self._load_images()
        self.say(f"{len(descriptions)} pages")
        for description in descriptions:
            self._pages[description["slug"]] = self._add_page(description)
        for description in descriptions:
            self._fill_page(self._pages[description["slug"]], description)
        self._point_site_at(self._pages["home"])
        for language in translations.languages_of_demo():
            self.say(f"The translation into {language}")
            translations.load(Locale.objects.get_or_create(language_code=language)[0], self.locale)

    def load_people(self):
        """What apps add for a type of page once there are its translations and the accounts."""
        for page in self._pages.values():
            if handler := self.handlers.get(f"after:{page._meta.label}"):
                handler(self, page)

    # What content files refer to by name

    def page(self, slug: str) -> Page:
        return self._pages[slug]

    def term(self, model, slug: str):
        return model.objects.get(slug=slug, locale=self.locale)

    def image(self, name: str) -> HubImage:
        return self._images[name]

    def document(self, name: str) -> HubDocument:
        return self._documents[name]

    def add_document(self, path: Path, **fields) -> HubDocument:
        """A new document with the file at ``path``; later found by the file's name."""
        with path.open("rb") as content:
            document = HubDocument(file=File(content, name=path.name), **fields)
            document.full_clean(exclude=["uploaded_by_user", "collection"])
            document.save()
        self._documents[path.name] = document
        return document

    # The steps of loading

    def _read_pages(self) -> list[dict]:
        """Every page's table, parents before children and siblings in their order."""
        tables = [
            tomllib.loads(path.read_text("utf-8"))
            for folder in self.folders
            for path in sorted((folder / "pages").glob("*.toml"))
            if path.name != "vocabulary.toml"
        ]
        children: dict[str | None, list[dict]] = {}
        for table in tables:
            children.setdefault(table.get("parent"), []).append(table)
        ordered: list[dict] = []

        def visit(parent):
            for table in sorted(children.get(parent, []), key=lambda table: table["order"]):
                ordered.append(table)
                visit(table["slug"])

        visit(None)
        if len(ordered) != len(tables):
            lost = {table["slug"] for table in tables} - {table["slug"] for table in ordered}
            raise ValueError(f"These demo pages have no parent: {sorted(lost)}")
        return ordered

    def _make_room(self):
        """Gives Wagtail's own "Welcome" page another slug: the demo's home page wants "home"."""
        Page.objects.filter(depth=2, slug="home").update(slug="welcome", url_path="/welcome/")

    def _load_vocabularies(self):
        for folder in self.folders:
            path = folder / "pages" / "vocabulary.toml"
            if path.exists():
                for name, terms in tomllib.loads(path.read_text("utf-8")).items():
                    for term in terms:
                        self._vocabularies[name](locale=self.locale, **term).save()

    def _load_images(self):
        for folder in self.folders:
            texts = folder / "images" / "descriptions.toml"
            descriptions = tomllib.loads(texts.read_text("utf-8")) if texts.exists() else {}
            for path in sorted((folder / "images").glob("*.png")):
                with path.open("rb") as content:
                    image = HubImage(
                        title=path.stem.replace("-", " ").capitalize(),
                        file=ImageFile(content, name=path.name),
                        description=descriptions[path.name],
                    )
                    image.save()
                self._images[path.name] = image

    def _add_page(self, table: dict) -> Page:
        model = apps.get_model(table["type"])
        page = model(
            title=table["title"],
            slug=table["slug"],
            locale=self.locale,
            live=False,
            show_in_menus=table.get("show_in_menus", False),
        )
        # What a page cannot be saved without, worked out by its app, which takes the keys away.
        if handler := self.handlers.get(f"before:{table['type']}"):
            handler(self, page, table)
        for name, value in table.items():
            if name not in _STRUCTURE and self._is_plain(model, name):
                setattr(page, name, value)
        parent = self._pages[table["parent"]] if "parent" in table else Page.get_first_root_node()
        return parent.add_child(instance=page)

    def _fill_page(self, page: Page, table: dict):
        for name, value in table.items():
            if name in _STRUCTURE or self._is_plain(type(page), name):
                continue
            if handler := self.handlers.get(name):
                handler(self, page, value)
                continue
            field = page._meta.get_field(name)
            if isinstance(field, StreamField):
                setattr(page, name, self.streams.read(field, value, f"{page.slug}/{name}"))
            elif isinstance(field, RichTextField):
                setattr(page, name, self.streams.rich_text(value))
        page.full_clean()
        page.save_revision(clean=False).publish()

    def _is_plain(self, model, name: str) -> bool:
        """Whether a key is a field to be set as it stands."""
        if name in self.handlers:
            return False
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return not isinstance(field, (StreamField, RichTextField)) and not field.is_relation

    def _point_site_at(self, home: Page):
        site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
        replaced = site.root_page if site.pk else None
        site.root_page = home
        site.site_name = home.title
        site.hostname, site.port = site.hostname or "localhost", site.port or 80
        site.save()
        # Wagtail's own "Welcome" page, as long as nobody has made anything of it.
        if replaced and replaced.specific_class is Page and not replaced.get_children().exists():
            replaced.delete()
