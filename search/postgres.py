"""PostgreSQL's full text search, without the database's own idea of words and stop words."""

import re

from modelsearch.backends.database.postgres import postgres
from modelsearch.query import Phrase, PlainText

# More terms than this end in a RecursionError; nobody means so many.
MAX_TERMS = 64


def cleaned(text: str) -> str:
    """``text`` without what PostgreSQL refuses; a lone quotation mark, which nothing matches, if
    nothing is left."""
    return " ".join(re.split(r"[\s\-\x00]+", text.strip(" -\x00"))[:MAX_TERMS]) or '"'


class CleanTerms:
    def build_tsquery_content(self, query, config=None, invert=False):
        if isinstance(query, PlainText):
            query = PlainText(cleaned(query.query_string), query.operator, query.boost)
        elif isinstance(query, Phrase):
            query = Phrase(cleaned(query.query_string))
        return super().build_tsquery_content(query, config, invert)


class SearchQueryCompiler(CleanTerms, postgres.PostgresSearchQueryCompiler):
    pass


class AutocompleteQueryCompiler(CleanTerms, postgres.PostgresAutocompleteQueryCompiler):
    pass


class PostgresSearchBackend(postgres.PostgresSearchBackend):
    """The stock backend with the ``simple`` configuration.

    Words are stemmed before they get here, each page's in its own language. The database's default
    configuration, usually English, would stem them again and drop words such as the French "but".
    """

    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler

    def __init__(self, params):
        super().__init__({"SEARCH_CONFIG": "simple", **params})
