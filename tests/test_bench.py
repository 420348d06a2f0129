"""What the benchmark programme recorded."""

from bench.__main__ import recorded


def test_every_result_says_what_it_was_measured_against():
    rows = recorded()
    assert [row.name for row in rows].count("registrations on SQLite") == 2
    for row in rows:
        assert row.name
        assert row.unit
        assert row.reference
        assert row.value > 0
        assert row.ratio > 0
