"""What no browser sends to the pages of a request, and what is answered to it."""

import pytest

from funding.models import GrantRequest
from tests.asking import filled_in, make_request, open_fund, private_address, problems, shown
from tests.registering import let_time_pass


@pytest.fixture
def fund(site, monkeypatch):
    let_time_pass(monkeypatch)
    return open_fund(site)


def in_parts(client, url: str, charset: str, values: dict):
    """The answer to a form whose sender says that it is in ``charset``."""
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in values.items()
    )
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    return client.generic("POST", url, f"{body}--x--\r\n".encode(), kind)


@pytest.mark.parametrize("charset", ["raw_unicode_escape", "idna", "hex", "no-such", "utf-8"])
@pytest.mark.parametrize("do", ["save", "send"])
@pytest.mark.parametrize("is_begun", [False, True])
def test_form_is_read_as_utf_8_whatever_its_sender_says(client, fund, charset, do, is_begun):
    draft = is_begun and make_request(fund.form, status="draft")
    goal = "\\ud800 – ميزانية"
    given = filled_in(client, fund.form, **{"hub-goal": goal, "hub-do": do, "hub-revision": "1"})
    answer = in_parts(client, private_address(draft) if draft else fund.form.url, charset, given)
    assert answer.status_code == 302
    kept = GrantRequest.objects.get()
    assert (kept.goal or kept.typed["hub-goal"]) == goal


@pytest.mark.parametrize("charset", ["hex", "idna"])
def test_address_is_read_whatever_the_sender_says(client, fund, charset):
    answer = client.generic("GET", f"{fund.form.url}?sent=x", "", f"text/plain; charset={charset}")
    assert answer.status_code == 200


def test_more_than_the_preview_can_take_is_a_sentence(client, fund):
    draft = make_request(fund.form, status="draft")
    preview = private_address(draft, "request_preview")
    answer = client.post(preview, {"hub-revision": "1", "x": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "more than the form can take" in shown(answer)


@pytest.mark.parametrize("year", ["2206", "9999"])
def test_slip_of_the_year_in_which_a_window_closes_is_pointed_out(client, fund, year):
    given = filled_in(client, fund.form, **{"hub-closes": f"{year}-06-30"})
    answer = client.post(fund.form.url, given)
    assert answer.status_code == 422
    assert "Check the year" in problems(answer)
    assert not GrantRequest.objects.exists()
