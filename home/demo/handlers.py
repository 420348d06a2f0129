"""What the demo's pages of this app say beyond plain fields."""

from wagtail.models import Site

from home.models import FeaturedStory, StoryCountry, StoryCredit, StoryTool
from hub.models import (
    Country,
    DisplayZone,
    FooterLink,
    PageTopic,
    RelatedStory,
    SiteSettings,
    Topic,
)


def topics(loader, page, slugs):
    page.topic_links = [
        PageTopic(topic=loader.term(Topic, slug), locale=page.locale, sort_order=i)
        for i, slug in enumerate(slugs)
    ]


def related_stories(loader, page, slugs):
    page.related_stories = [
        RelatedStory(story=loader.page(slug), sort_order=i) for i, slug in enumerate(slugs)
    ]


def featured_stories(loader, page, slugs):
    page.featured_stories = [
        FeaturedStory(story=loader.page(slug), sort_order=i) for i, slug in enumerate(slugs)
    ]


def countries(loader, page, slugs):
    page.country_links = [
        StoryCountry(country=loader.term(Country, slug), locale=page.locale, sort_order=i)
        for i, slug in enumerate(slugs)
    ]


def credit_lines(loader, page, rows):
    page.credits = [
        StoryCredit(locale=page.locale, sort_order=i, **row) for i, row in enumerate(rows)
    ]


def tools(loader, page, slugs):
    page.tools = [StoryTool(target=loader.page(slug), sort_order=i) for i, slug in enumerate(slugs)]


def image(loader, page, name):
    page.image = loader.image(name)


def form_fields(loader, page, rows):
    """The questions of a form page of any app."""
    question = type(page)._meta.get_field("form_fields").related_model
    page.form_fields = [
        question(
            locale=page.locale,
            sort_order=i,
            **row | {"choices": "\n".join(row.get("choices", []))},
        )
        for i, row in enumerate(rows)
    ]


def site(loader, home, table):
    """The site settings, which belong to no page; the home page's file says them."""
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.contact_page = loader.page(table["contact_page"])
    settings.share_image = loader.image(table["share_image"])
    settings.display_zones = [
        DisplayZone(zone=zone, sort_order=i) for i, zone in enumerate(table["zones"])
    ]
    settings.footer_links = [
        FooterLink(column=column, page=loader.page(slug), sort_order=i)
        for column in FooterLink.Column.values
        for i, slug in enumerate(table[column])
    ]
    settings.save()


HANDLERS = {
    "site": site,
    "topics": topics,
    "related_stories": related_stories,
    "featured_stories": featured_stories,
    "countries": countries,
    "credits": credit_lines,
    "tools": tools,
    "image": image,
    "form_fields": form_fields,
}
VOCABULARIES = {"topics": Topic, "countries": Country}
