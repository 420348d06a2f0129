from urllib.parse import urlencode

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe
from wagtail.models import Locale

from hub.languages import offered_languages
from hub.models import Topic
from hub.pagination import paginate
from search.finder import Finder
from search.forms import SearchForm
from search.kinds import kinds
from search.query import Query
from search.results import as_results

RESULTS_PER_PAGE = 10


@require_safe
def search(request):
    """The pages in the reader's language that answer ``?q=``, narrowed by kind and topic.

    Without a query it lists what the filters choose; without either it offers topics.
    """
    language = get_language()
    locale = Locale.objects.filter(language_code=language).first()
    if locale is None or language not in {offered.code for offered in offered_languages()}:
        raise Http404
    topics = list(Topic.objects.filter(locale=locale))
    form = SearchForm(
        request.GET,
        kinds={slug: kind.name for slug, kind in kinds().items()},
        topics={topic.slug: topic.title for topic in topics},
    )
    form.is_valid()
    chosen = form.cleaned_data
    query = Query.parse(chosen["q"], language)
    finder = Finder(query, locale, topics, chosen["kind"], chosen["topic"])
    context = {
        "form": form,
        "query": query,
        "finder": finder,
        "ignored": form.ignored,
        "is_listing": bool(query.terms) or finder.is_filtered,
    }
    if context["is_listing"]:
        found = paginate(request, finder, RESULTS_PER_PAGE)
        context |= {
            "found": found,
            "results": as_results(found, query, language),
            "address": urlencode(chosen, doseq=True) + "&",
            "other_languages": _same_search_in_other_languages(query.text, language),
        }
    if not context["is_listing"] or not finder.count_unfiltered:
        everything = Finder(Query(), locale, topics)
        context["suggestions"] = [choice for choice in everything.topic_choices if choice.count]
    return TemplateResponse(request, "search/search.html", context)


def _same_search_in_other_languages(text: str, language: str) -> list[dict]:
    """``{language, url}`` for each other language of the hub."""
    links = []
    for offered in offered_languages():
        if offered.code != language:
            with override(offered.code):
                links.append(
                    {"language": offered, "url": f"{reverse('search')}?{urlencode({'q': text})}"}
                )
    return links
