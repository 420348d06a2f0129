"""Private links: what opens a submission, and what does not."""

import pytest
from django.core import signing
from django.utils import translation

from funding.models import GrantRequest
from hub.forms import links
from hub.models import Submission
from tests.asking import make_request, open_fund
from tests.factories import ClinicPageFactory, SessionPageFactory
from tests.registering import make_registration
from tests.translating import locale_of
from training.models import Registration


@pytest.fixture
def registration(site):
    return make_registration(SessionPageFactory(parent=site.training))


def test_link_opens_what_it_was_made_for_in_one_query(registration, django_assert_num_queries):
    token = links.token_for(registration)
    with django_assert_num_queries(1):
        assert links.find(Registration.objects.all(), token) == registration


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: "",
        lambda token: "1-0000~nonsense",
        lambda token: token[:-1] + "!",
        lambda token: token.replace("-", "1-", 1),
        lambda token: token.rpartition("~")[0],
        lambda token: signing.Signer(salt="hub.link", sep="~").sign(token.rpartition("~")[0]),
    ],
)
def test_forged_link_is_refused_without_a_query(registration, django_assert_num_queries, forge):
    forged = forge(links.token_for(registration))
    with django_assert_num_queries(0):
        assert links.find(Registration.objects.all(), forged) is None


def test_link_cannot_be_made_without_the_secret(registration, settings):
    settings.SECRET_KEY = "what somebody guesses who has stolen the database"
    forged = links.token_for(registration)
    settings.SECRET_KEY = "the hub's own"
    assert links.find(Registration.objects.all(), forged) is None


def test_link_outlives_a_change_of_the_secret(registration, settings):
    settings.SECRET_KEY = "that of last year"
    token = links.token_for(registration)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "today's", ["that of last year"]
    assert links.find(Registration.objects.all(), token) == registration


def test_link_of_one_kind_opens_no_other(registration):
    """Both are rows of one table, and the key is the same."""
    as_submission = Submission.objects.get(pk=registration.pk)
    assert as_submission.link_key == registration.link_key
    assert links.find(Submission.objects.all(), links.token_for(registration)) is None
    assert links.find(Registration.objects.all(), links.token_for(as_submission)) is None


def test_link_to_a_registration_opens_no_request_for_a_grant(site):
    """Not even if the number and the key were the same."""
    request = make_request(open_fund(site).form)
    alike = Registration(pk=request.pk, link_key=request.link_key)
    assert links.find(GrantRequest.objects.all(), links.token_for(alike)) is None
    assert links.find(GrantRequest.objects.all(), links.token_for(request)) == request


def test_new_key_revokes_the_links_of_before_alone(registration):
    other = make_registration(registration.page.specific, "other")
    former, of_other = links.token_for(registration), links.token_for(other)
    links.renew(registration)
    found = Registration.objects.all()
    assert links.find(found, former) is None
    assert links.find(found, links.token_for(registration)) == registration
    assert links.find(found, of_other) == other


def test_link_opens_nothing_outside_the_queryset(registration):
    token = links.token_for(registration)
    assert links.find(Registration.objects.exclude(pk=registration.pk), token) is None


def test_address_is_in_the_persons_language(registration):
    registration.locale = locale_of("es")
    with translation.override("ar"):
        address = links.address_of(registration, "registration_edit")
    token = links.token_for(registration)
    assert address == f"http://127.0.0.1:8000/es/registration/{token}/edit/"


def test_every_kind_of_submission_has_a_key_of_its_own(site, registration):
    other = Submission(page=ClinicPageFactory(parent=site.training))
    assert len(other.link_key) == 16
    assert other.link_key != registration.link_key
