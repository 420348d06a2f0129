from django.contrib.syndication.views import Feed
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home.models import StoryPage


class StoryFeed(Feed):
    """The latest stories of a language, as an Atom feed."""

    feed_type = Atom1Feed

    def title(self):
        return _("Stories")

    def subtitle(self):
        return _("How it went for others: what groups did, and what came of it.")

    def link(self):
        return f"/{get_language()}/stories/"

    def feed_url(self):
        return f"/{get_language()}/stories/feed/"

    def items(self):
        return (
            StoryPage.objects.live()
            .public()
            .filter(locale__language_code=get_language())
            .order_by("-date", "-pk")[:20]
        )

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.summary

    def item_link(self, item):
        return item.url

    def item_author_name(self, item):
        return item.organisation or _("The hub team")

    def item_pubdate(self, item):
        return item.first_published_at or timezone.now()

    def item_updateddate(self, item):
        return item.last_published_at or timezone.now()
