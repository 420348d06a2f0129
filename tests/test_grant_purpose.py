"""What is said in public of a grant: by officers, in every language, and put right when it is wrong."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.asking import make_decided, make_request, officer, open_fund
from tests.translating import locale_of, translate

GIVEN = {"en": "Contracts in time", "es": "", "ar": "العقود في وقتها"}


@pytest.fixture
def fund(site):
    for code in ("es", "ar"):
        locale_of(code)
    return open_fund(site)


@pytest.fixture
def olu(fund, client):
    user = officer()
    client.force_login(user)
    return user


def address(request) -> str:
    return reverse("grant_requests:purpose", args=[request.pk])


def main_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser").main


def kept(request) -> dict:
    request.decision.refresh_from_db()
    return request.decision.purposes


def test_purpose_is_told_in_further_languages(olu, client, fund):
    request = make_decided(fund.form)
    arabic = translate(fund.awards, "ar")
    response = client.post(address(request), GIVEN)
    assert response.url == reverse("grant_requests:request", args=[request.pk])
    assert kept(request) == {"en": "Contracts in time", "ar": "العقود في وقتها"}
    assert "العقود في وقتها" in client.get(arabic.url).content.decode()
    entry = ModelLogEntry.objects.get(action="funding.purpose")
    assert (entry.object_id, entry.user) == (str(request.pk), olu)


def test_form_shows_what_is_public_and_asks_in_every_language(olu, client, fund):
    request = make_decided(fund.form, may_be_named=True, public_name="Harbour Watch")
    main = main_of(client.get(address(request)))
    facts = " ".join(main.dl.get_text(" ").split())
    for fact in ("USD 3,800", "Kenya", "Harbour Watch"):
        assert fact in facts
    inputs = main.select("input[type=text]")
    assert [(one["name"], one["lang"], one["dir"]) for one in inputs] == [
        ("en", "en", "ltr"),
        ("ar", "ar", "rtl"),
        ("es", "es", "ltr"),
    ]
    assert inputs[0]["value"] == "Purpose of amina"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"en": ""}, "Fill this in."),
        ({"es": "x" * 201}, "Take out 1 character: there is room for 200."),
        ({"ar": "a\nb"}, "Write this on one line."),
        ({"en": "a\x00b"}, "This holds an invisible character"),
    ],
)
def test_what_cannot_be_told_is_refused_and_kept_in_the_form(olu, client, fund, change, sentence):
    request = make_decided(fund.form)
    before = request.decision.purposes
    response = client.post(address(request), GIVEN | change)
    assert response.status_code == 422
    main = main_of(response)
    assert sentence in main.text
    if "ar" not in change:
        assert main.find("input", {"name": "ar"})["value"] == GIVEN["ar"]
    assert kept(request) == before


@pytest.mark.parametrize("kind", ["declined", "referred"])
def test_nothing_is_told_of_what_is_no_grant(olu, client, fund, kind):
    request = make_decided(fund.form, kind=kind)
    assert address(request) not in client.get(f"/admin/grant_requests/{request.pk}/").text
    assert client.get(address(request)).status_code == 302
    response = client.post(address(request), GIVEN)
    assert "there is no grant" in main_of(response).text
    assert kept(request) == {}


def test_grant_that_was_handed_back_is_not_told_of_any_more(olu, client, fund):
    request = make_decided(fund.form, status="withdrawn")
    assert "there is no grant" in main_of(client.post(address(request), GIVEN)).text
    assert kept(request) == {"en": "Purpose of amina"}


def test_undecided_request_has_nothing_to_tell(olu, client, fund):
    request = make_request(fund.form)
    assert client.get(address(request)).status_code == 302
    assert client.post(address(request), GIVEN).status_code == 422


def test_officer_is_led_to_what_is_public(olu, client, fund):
    request = make_decided(fund.form)
    assert address(request) in client.get(f"/admin/grant_requests/{request.pk}/").text


def test_form_says_that_a_confidential_grant_is_not_listed(olu, client, fund):
    request = make_decided(fund.form)
    sentence = "nothing of it is told but that there is one grant more"
    assert sentence not in main_of(client.get(address(request))).text
    request.is_confidential, request.assignee = True, olu
    request.save()
    assert sentence in main_of(client.get(address(request))).text
