"""Factories for every page type, and the few other things tests need.

Pages are live and hang where their parent rules allow: give ``parent``, or use the ``site`` fixture
and its sections.
"""

import io
from datetime import timedelta

import factory
import wagtail_factories
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.models import Locale

from funding.models import AwardsPage, Criterion, FundPage, RequestPage, RequestQuestion
from home.models import ContactPage, HomePage, StandardPage, StoryIndexPage, StoryPage
from hub.models import Country, HubDocument, HubImage, PageTopic, Topic
from toolkit.models import (
    ChapterPage,
    ChapterTemplate,
    TemplateFile,
    TemplateIndexPage,
    TemplatePage,
    ToolkitPage,
)
from training.models import (
    ClinicPage,
    Format,
    Level,
    NextSessionPage,
    SessionPage,
    TrainingIndexPage,
)

BODY = [
    ("heading", {"text": "Who decides", "level": "h2"}),
    ("rich_text", "<p>Write the change in one sentence, with a date.</p>"),
]


class HubPageFactory(wagtail_factories.PageFactory):
    title = factory.Sequence(lambda n: f"Page {n}")
    slug = factory.Sequence(lambda n: f"page-{n}")
    summary = "What this page is for."
    last_published_at = factory.LazyFunction(timezone.now)
    first_published_at = factory.LazyFunction(timezone.now)

    class Meta:
        abstract = True


class HomePageFactory(HubPageFactory):
    title = "Plain Tender"
    statement = "Make the case for open procurement."
    pilot_strip = "This hub is a pilot."

    class Meta:
        model = HomePage


class StandardPageFactory(HubPageFactory):
    body = BODY

    class Meta:
        model = StandardPage


class ContactPageFactory(HubPageFactory):
    title = "Write to us"
    to_addresses = "team@example.org"

    class Meta:
        model = ContactPage


class StoryIndexPageFactory(HubPageFactory):
    title = "Stories"
    slug = "stories"

    class Meta:
        model = StoryIndexPage


class StoryPageFactory(HubPageFactory):
    title = factory.Sequence(lambda n: f"Story {n}")
    organisation = "Harbour Budget Watch"
    body = BODY

    class Meta:
        model = StoryPage


class ToolkitPageFactory(HubPageFactory):
    title = "Four steps"
    slug = "toolkit"

    class Meta:
        model = ToolkitPage


class ChapterPageFactory(HubPageFactory):
    title = factory.Sequence(lambda n: f"Chapter {n}")
    minutes = 40
    body = BODY

    class Meta:
        model = ChapterPage


class TemplateIndexPageFactory(HubPageFactory):
    title = "Templates"
    slug = "templates"

    class Meta:
        model = TemplateIndexPage


class TemplatePageFactory(HubPageFactory):
    title = factory.Sequence(lambda n: f"Template {n}")

    class Meta:
        model = TemplatePage


class TrainingIndexPageFactory(HubPageFactory):
    title = "Training"
    slug = "training"

    class Meta:
        model = TrainingIndexPage


class FormatFactory(factory.django.DjangoModelFactory):
    title = "Peer learning circle"
    slug = factory.Sequence(lambda n: f"format-{n}")
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = Format


class LevelFactory(factory.django.DjangoModelFactory):
    title = "New to advocacy"
    slug = factory.Sequence(lambda n: f"level-{n}")
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = Level


class SessionPageFactory(HubPageFactory):
    title = factory.Sequence(lambda n: f"Session {n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(minutes=90))
    zone = "America/New_York"
    format = factory.SubFactory(FormatFactory)
    language = "en"

    class Meta:
        model = SessionPage


class ClinicPageFactory(HubPageFactory):
    title = "I am stuck"
    slug = "stuck"
    to_addresses = "training@example.org"

    class Meta:
        model = ClinicPage


class NextSessionPageFactory(HubPageFactory):
    title = "Tell me about the next session"
    slug = "next"

    class Meta:
        model = NextSessionPage


class FundPageFactory(HubPageFactory):
    title = "Mini grants"
    slug = "funding"
    usual_maximum = 5000

    class Meta:
        model = FundPage


class RequestPageFactory(HubPageFactory):
    title = "Request a mini grant"
    slug = "request"
    to_addresses = "grants@example.org"

    class Meta:
        model = RequestPage


class RequestQuestionFactory(factory.django.DjangoModelFactory):
    label = factory.Sequence(lambda n: f"Question {n}")
    field_type = "multiline"
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = RequestQuestion


class AwardsPageFactory(HubPageFactory):
    title = "Past grants"
    slug = "past-grants"

    class Meta:
        model = AwardsPage


class CriterionFactory(factory.django.DjangoModelFactory):
    kind = "required"
    statement = "A political window, with a date"
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = Criterion


class TopicFactory(factory.django.DjangoModelFactory):
    title = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = Topic


class CountryFactory(factory.django.DjangoModelFactory):
    title = "Northmere"
    slug = factory.Sequence(lambda n: f"country-{n}")
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = Country


def docx_bytes(text: str = "Context brief") -> bytes:
    """A real Word document with one paragraph."""
    import docx

    document = docx.Document()
    document.add_paragraph(text)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


class DocumentFactory(factory.django.DjangoModelFactory):
    title = factory.Sequence(lambda n: f"Document {n}")
    language = "en"
    file = factory.LazyAttribute(
        lambda document: ContentFile(docx_bytes(document.title), "brief.docx")
    )

    class Meta:
        model = HubDocument


def png_bytes(width: int = 64, height: int = 48) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height), "#9c2f16").save(content, "PNG")
    return content.getvalue()


class ImageFactory(factory.django.DjangoModelFactory):
    title = factory.Sequence(lambda n: f"Picture {n}")
    file = factory.LazyFunction(lambda: ContentFile(png_bytes(), "picture.png"))

    class Meta:
        model = HubImage


def add_topics(page, *topics):
    """Gives ``page`` the topics, saved at once."""
    for topic in topics:
        PageTopic.objects.create(page=page, topic=topic, locale=page.locale)


def add_file(template: TemplatePage, **fields) -> HubDocument:
    """A new document attached to a template page."""
    document = DocumentFactory(**fields)
    TemplateFile.objects.create(page=template, document=document)
    return document


def use_template(chapter: ChapterPage, template: TemplatePage):
    ChapterTemplate.objects.create(page=chapter, template=template)
