import logging

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.test import Client
from wagtail.models import Locale, Page, ReferenceIndex

from hub.demo.loader import DemoLoader
from hub.models import HubImage, User
from hub.roles import (
    EDITORS,
    FUNDING_OFFICERS,
    GRANT_REVIEWERS,
    TRAINING_OFFICERS,
    set_up_roles,
)
from hub.translation.teams import set_up_team

PASSWORD = "demo"  # noqa: S105 - refused outside dev settings, and meant to be known
ACCOUNTS = {
    "editor": EDITORS,
    "training": TRAINING_OFFICERS,
    "funding": FUNDING_OFFICERS,
    "reviewer-a": GRANT_REVIEWERS,
    "reviewer-b": GRANT_REVIEWERS,
}
LANGUAGES = ("es", "fr", "ar")
ACCOUNTS_OF_TEAMS = {
    f"{role}-{language}": (language, f"{role}s")
    for role in ("translator", "reviewer")
    for language in LANGUAGES
}


class Command(BaseCommand):
    help = "Loads the demo content and accounts, once. What is there already stays as it is."

    def handle(self, verbosity, **options):
        if not getattr(settings, "HUB_ALLOW_DEMO", False):
            raise CommandError(
                "The demo has accounts with a known password, so it is only loaded with development settings."
            )
        self.verbosity = verbosity
        home_page = apps.get_model("home.HomePage")
        if home_page.objects.exists():
            self.say("The hub has content already; it stays as it is.")
            self.add_roles_and_accounts()
        else:
            self.say("Loading the demo content")
            logging.disable(logging.INFO)  # Wagtail logs every page it publishes
            self.load()
            self.say("  Pictures in the sizes that pages need")
            self.visit_pages_with_pictures()
            logging.disable(logging.NOTSET)

    @transaction.atomic
    def load(self):
        """Content, then accounts, then what people are said to have sent and staff to have done."""
        loader = DemoLoader(lambda line: self.say(f"  {line}"))
        loader.load()
        self.add_roles_and_accounts()
        loader.load_people()

    def add_roles_and_accounts(self):
        set_up_roles()
        self.add_accounts()

    def say(self, line: str):
        if self.verbosity:
            self.stdout.write(line)
            self.stdout.flush()

    def visit_pages_with_pictures(self):
        """Opens each page with pictures, so that the first visitor does not wait for their sizes.

        Translations and lists show the pictures of these pages.
        """
        client = Client(HTTP_HOST="127.0.0.1")
        users = ReferenceIndex.objects.filter(
            to_content_type=ContentType.objects.get_for_model(HubImage),
            base_content_type=ContentType.objects.get_for_model(Page),
        )
        pages = Page.objects.live().filter(
            locale=Locale.get_default(),
            pk__in=set(map(int, users.values_list("object_id", flat=True))),
        )
        for page in pages:
            client.get(page.url)

    def add_accounts(self):
        if not User.objects.filter(username="admin").exists():
            User.objects.create_superuser("admin", "admin@example.org", PASSWORD)
        groups = {name: Group.objects.get(name=group) for name, group in ACCOUNTS.items()}
        for name, (language, role) in ACCOUNTS_OF_TEAMS.items():
            locale, _created = Locale.objects.get_or_create(language_code=language)
            groups[name] = getattr(set_up_team(locale), role)
        password = make_password(PASSWORD)  # slow by design: once for all
        for name, group in groups.items():
            user, created = User.objects.get_or_create(
                username=name, defaults={"email": f"{name}@example.org"}
            )
            if created:
                user.password = password
                user.save()
                user.groups.add(group)
