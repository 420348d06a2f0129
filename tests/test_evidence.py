"""The block of evidence: it says its source and year, and is cited in one line."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from hub.blocks import EvidenceBlock
from tests.bodies import cleaned, soup
from tests.factories import CountryFactory, StandardPageFactory

EVIDENCE = {
    "claim": "When notices went online, twice as many firms bid.",
    "author": "Northmere Audit Chamber",
    "title": "Who bids?",
    "country": None,
    "year": 2020,
    "url": "",
    "note": "",
    "invented": False,
}


@pytest.mark.parametrize(
    ("details", "citation"),
    [
        ({}, "Northmere Audit Chamber (2020). Who bids?"),
        ({"title": "Who bids"}, "Northmere Audit Chamber (2020). Who bids."),
        (
            {"title": "Who bids", "note": "Table 3"},
            "Northmere Audit Chamber (2020). Who bids. Table 3.",
        ),
        (
            {"note": "Table 3", "url": "https://audit.example.org/who"},
            "Northmere Audit Chamber (2020). Who bids? Table 3. https://audit.example.org/who",
        ),
    ],
)
def test_evidence_is_cited_in_one_line(details, citation):
    assert EvidenceBlock().to_python(EVIDENCE | details).citation == citation


def test_evidence_shows_its_source_country_and_citation(site, client):
    country = CountryFactory(title="Northmere")
    page = StandardPageFactory(
        parent=site.home, body=[("evidence", EVIDENCE | {"country": country, "invented": True})]
    )
    panel = soup(client.get(page.url).content).find(class_="evidence")
    facts = dict(
        zip(
            [term.get_text() for term in panel.find_all("dt")],
            [fact.get_text() for fact in panel.find_all("dd")],
            strict=True,
        )
    )
    assert facts == {
        "Source": "Northmere Audit Chamber, Who bids?",
        "Country": "Northmere",
        "Year": "2020",
    }
    assert panel.find(class_="badge").get_text() == "made up as an example"
    citation = panel.find(id=panel.find("button")["data-copy"])
    assert citation.get_text() == "Northmere Audit Chamber (2020). Who bids?"


def test_evidence_from_the_future_is_refused():
    year = timezone.now().year
    assert cleaned(EvidenceBlock(), EVIDENCE, year=year)["year"] == year
    with pytest.raises(ValidationError) as refusal:
        cleaned(EvidenceBlock(), EVIDENCE, year=year + 1)
    errors = refusal.value.block_errors
    assert {name: error.messages for name, error in errors.items()} == {
        "year": ["This year has not come yet."]
    }


def test_evidence_of_next_year_is_accepted_next_year(monkeypatch):
    """The limit is the year of the check, not that of the server's start."""
    later = timezone.now().replace(year=timezone.now().year + 1, month=6, day=1)
    monkeypatch.setattr("hub.blocks.timezone.now", lambda: later)
    assert cleaned(EvidenceBlock(), EVIDENCE, year=later.year)["year"] == later.year


@pytest.mark.parametrize("missing", ["claim", "author", "title", "year"])
def test_evidence_without_its_source_is_refused(missing):
    with pytest.raises(ValidationError) as refusal:
        cleaned(EvidenceBlock(), EVIDENCE, **{missing: None if missing == "year" else ""})
    assert list(refusal.value.block_errors) == [missing]
