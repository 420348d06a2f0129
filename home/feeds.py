from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home.models import StoryPage
from hub.addresses import absolute
from hub.languages import offered_languages


class StoryFeed(Feed):
    """The latest stories of a language, as an Atom feed."""

    feed_type = Atom1Feed

    def get_object(self, request):
        if get_language() not in {language.code for language in offered_languages()}:
            raise Http404

    def title(self):
        return _("Stories")

    def subtitle(self):
        return _("How it went for others: what groups did, and what came of it.")

    def link(self):
        return absolute(f"/{get_language()}/stories/")

    def feed_url(self):
        return absolute(reverse("story_feed"))

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
        return absolute(item.url)

    def item_author_name(self, item):
        return item.organisation or _("The hub team")

    def item_pubdate(self, item):
        return item.first_published_at or timezone.now()

    def item_updateddate(self, item):
        return item.last_published_at or timezone.now()
