"""SQLite's full text search with one join instead of a subquery for every row.

The stock backend of modelsearch looks the score of each match up in a correlated subquery, which
starts the whole search anew for every row: 2,000 matches took 2 s, 20,000 never came back. It also
passes quotation marks and the like on to SQLite, which takes them for its own syntax and fails.
"""

import re
import unicodedata

from django.db.models import FloatField, Func
from django.db.models.expressions import F
from django.db.models.lookups import Lookup
from modelsearch.backends.database.sqlite import sqlite
from modelsearch.backends.database.sqlite.query import AndNot, normalize
from modelsearch.query import And, MatchAll, Not, Or, Phrase, PlainText
from modelsearch.utils import get_descendants_content_types_pks

INDEX_TABLE = sqlite.IndexEntry._meta.db_table
TEXT_TABLE = sqlite.SQLiteFTSIndexEntry._meta.db_table
# SQLite's own limit is an expression 256 levels deep; nobody means this many words.
MAX_TERMS = 64


class Relevance(Func):
    """How well an entry matches; less is better, as in SQLite.

    bm25() takes a weight for each column: autocomplete, body, title. The title has a term of its
    own because bm25 levels off: however large the weight of the title, a word repeated in the body
    would catch up with it. So a word in the title counts for as much as it could ever count in the
    body, twice over.
    """

    output_field = FloatField()

    def as_sql(self, compiler, connection, **_extra):
        return f"(bm25({TEXT_TABLE}, 0, 1, 0) + 2 * bm25({TEXT_TABLE}, 0, 0, 100))", []


class AutocompleteRelevance(Func):
    output_field = FloatField()

    def as_sql(self, compiler, connection, **_extra):
        return f"bm25({TEXT_TABLE}, 1, 0, 0)", []


class IsFound(Lookup):
    """The condition that joins a model's primary key to the entries that match.

    The two tables are in the FROM clause already (see ``search``). An entry names its object in
    text, so that it can belong to a table with any sort of key; it is the entry's side that is
    converted, because SQLite then goes from the matches to the objects by their primary key.
    """

    lookup_name = "is_found"
    prepare_rhs = False

    def __init__(self, key, match: str, content_types: list[int]):
        self.match, self.content_types = match, content_types
        super().__init__(key, None)

    def as_sql(self, compiler, connection):
        key, params = self.process_lhs(compiler, connection)
        types = ", ".join(str(int(pk)) for pk in self.content_types)
        return (
            f'({TEXT_TABLE} MATCH %s AND "{INDEX_TABLE}"."id" = "{TEXT_TABLE}"."rowid" '
            f'AND {key} = CAST("{INDEX_TABLE}"."object_id" AS integer) '
            f'AND "{INDEX_TABLE}"."content_type_id" IN ({types}))',
            [self.match, *params],
        )


def quoted(term: str, prefix: bool = False) -> str:
    """One term in SQLite's syntax, or "" if there is no letter or digit in it.

    Between quotation marks nothing but a quotation mark is special. A NUL would end the query.
    """
    term = re.sub(r'["\x00]', " ", term).strip()
    if not any(unicodedata.category(letter)[0] in "LN" for letter in term):
        return ""
    return f'"{term}"*' if prefix else f'"{term}"'


def expression(query, prefix: bool = False) -> str:
    """A search query in SQLite's syntax; "" if it holds no term to look for.

    With ``prefix``, the last term of plain text need only be the beginning of a word.
    """
    if isinstance(query, Phrase):
        return quoted(query.query_string)
    if isinstance(query, PlainText):
        terms = query.query_string.split()[:MAX_TERMS]
        parts = [
            quoted(term, prefix and number == len(terms)) for number, term in enumerate(terms, 1)
        ]
        operator = query.operator.upper()
    elif isinstance(query, And | Or):
        parts = [expression(part, prefix) for part in query.subqueries]
        operator = "AND" if isinstance(query, And) else "OR"
    elif isinstance(query, AndNot):
        wanted, unwanted = (
            expression(query.subquery_a, prefix),
            expression(query.subquery_b, prefix),
        )
        return f"({wanted} NOT {unwanted})" if wanted and unwanted else wanted
    else:
        raise NotImplementedError(f"{type(query).__name__} is not supported by SQLite search.")
    parts = [part for part in parts if part]
    return f"({f' {operator} '.join(parts)})" if parts else ""


class SearchQueryCompiler(sqlite.SQLiteSearchQueryCompiler):
    relevance = Relevance

    def search(self, config, start, stop, score_field=None):
        """The objects found, best first, as a queryset that may be filtered and counted further."""
        query = normalize(self.query)
        if isinstance(query, MatchAll):
            return self.queryset[start:stop]
        if isinstance(query, Not):
            queryset = self.without(query.subquery)
        else:
            queryset = self.matching(self.queryset, query)
            if self.order_by_relevance or score_field:
                score_field = score_field or "_score"
                queryset = queryset.annotate(**{score_field: self.relevance()})
            if self.order_by_relevance:
                queryset = queryset.order_by(score_field, "-pk")
        if not queryset.query.order_by:
            # Without an order, a result could appear on two pages of a list and another on none.
            queryset = queryset.order_by("-pk")
        return queryset[start:stop]

    def matching(self, queryset, query):
        terms = expression(query, prefix=self.LAST_TERM_IS_PREFIX)
        if not terms:
            return queryset.none()
        columns = " ".join(self.columns())
        # Nothing else in Django puts a table without a relation into FROM; both names are constants.
        joined = queryset.extra(tables=[TEXT_TABLE, INDEX_TABLE])  # noqa: S610
        return joined.filter(
            IsFound(
                F("pk"),
                f"{{{columns}}} : {terms}",
                get_descendants_content_types_pks(queryset.model),
            )
        )

    def without(self, query):
        if isinstance(query, MatchAll):
            return self.queryset.none()
        unwanted = self.matching(self.queryset.model._default_manager.order_by(), query)
        return self.queryset.exclude(pk__in=unwanted.values("pk"))

    def columns(self) -> list[str]:
        """Where to look: SQLite's table has the title in one column and all other fields in another."""
        if self.fields is None:
            return self.FTS_TABLE_FIELDS
        return sorted({"title" if field == "title" else "body" for field in self.fields})


class AutocompleteQueryCompiler(SearchQueryCompiler, sqlite.SQLiteAutocompleteQueryCompiler):
    relevance = AutocompleteRelevance

    def columns(self):
        return self.FTS_TABLE_FIELDS


class SearchResults(sqlite.SQLiteSearchResults):
    def _do_count(self):
        # Nobody sees the order of a count; without it SQLite need not score every match.
        return self.get_queryset().order_by().count()


class SQLiteSearchBackend(sqlite.SQLiteSearchBackend):
    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
