from django import template
from django.db.models import Count
from wagtail.models import Page

from home.models import StoryPage
from hub.localized import for_readers, localized_pages, reader_locale

register = template.Library()


@register.simple_tag
def help_cards(page) -> list[tuple]:
    """The kinds of help on offer, each with the page it leads to in this language."""
    return _with_targets(page.help_cards, page.locale)


@register.simple_tag
def changes(page) -> list[tuple]:
    """What readers said and what changed, each with where to see it in this language."""
    return _with_targets(page.changes, page.locale)


def _with_targets(stream, locale) -> list[tuple]:
    values = [block.value for block in stream]
    keys = [value["page"].translation_key for value in values if value["page"]]
    targets = {
        page.translation_key: page for page in localized_pages(keys, locale, Page.objects.all())
    }
    return [
        (value, targets.get(value["page"].translation_key) if value["page"] else None)
        for value in values
    ]


@register.simple_tag
def related_stories(page, limit: int = 2) -> list[StoryPage]:
    """The stories an editor chose for ``page``; else those that share most topics with it.

    In the language of the page. Asks the page for both, so that a preview shows what an editor has
    chosen and not yet saved.
    """
    stories = StoryPage.objects.for_cards()
    locale = reader_locale(page)
    links = page.related_stories.select_related("story")
    chosen = localized_pages([link.story.translation_key for link in links], locale, stories)
    if chosen or not page.topic_list:
        return chosen[:limit]
    # By key: the topics of a story in another language are other rows of the same terms.
    topics = [link.topic.translation_key for link in page.topic_list]
    return list(
        for_readers(stories.filter(topic_links__topic__translation_key__in=topics), locale)
        .exclude(translation_key=page.translation_key)
        .annotate(shared_topics=Count("topic_links"))
        .order_by("-shared_topics", "untranslated", "-date", "-pk")[:limit]
    )
