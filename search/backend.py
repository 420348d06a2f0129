"""The search backend of the database in use; ``WAGTAILSEARCH_BACKENDS`` names this module."""

from django.db import connection


def SearchBackend(params):  # noqa: N802 - the name Wagtail looks for
    # Imported here because each of them defines queries on tables that only its database has.
    if connection.vendor == "sqlite":
        from search.sqlite import SQLiteSearchBackend

        return SQLiteSearchBackend(params)
    if connection.vendor == "postgresql":
        from search.postgres import PostgresSearchBackend

        return PostgresSearchBackend(params)
    from modelsearch.backends.database import SearchBackend as StockBackend

    return StockBackend(params)
