from django.conf import settings
from django.core.management.base import BaseCommand
from wagtail.models import Locale

from hub.demo import translations


class Command(BaseCommand):
    help = (
        "Brings the PO files of the demo content up to date with the pages of this database, which "
        "must hold the demo as it was loaded. What is translated already is kept."
    )

    def add_arguments(self, parser):
        parser.add_argument("language")
        parser.add_argument("names", nargs="*", help="slugs of pages, or vocabulary; all if none")

    def handle(self, language, names, **options):
        locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
        for (app_label, name), instances in translations.sources(locale).items():
            if not names or name in names:
                path = translations.po_path(app_label, name, language)
                translations.write(path, translations.source_texts(instances), language)
                self.stdout.write(str(path.relative_to(settings.BASE_DIR)))
