"""How one gets into the admin: with the right password, and not by trying many."""

import pytest

from hub.models import User


def test_user_who_is_switched_off_cannot_sign_in(site, client):
    User.objects.create_superuser("gone", password="correct horse battery", is_active=False)
    client.post("/admin/login/", {"username": "gone", "password": "correct horse battery"})
    assert "_auth_user_id" not in client.session


def test_user_signs_in_with_the_right_password(site, client):
    User.objects.create_superuser("keeper", password="correct horse battery")
    response = client.post(
        "/admin/login/",
        {"username": "keeper", "password": "correct horse battery", "next": "/admin/images/"},
    )
    assert (response.status_code, response.url) == (302, "/admin/images/")


TOO_MANY = (
    "Too many failed logins. Wait a quarter of an hour and try again, or ask an administrator."
)


@pytest.fixture
def throttled(site, settings):
    settings.AXES_ENABLED = True
    for name in ("keeper", "other"):
        User.objects.create_superuser(name, password="correct horse battery")


def sign_in(client, username="keeper", password="correct horse battery", **headers):
    return client.post("/admin/login/", {"username": username, "password": password}, **headers)


def test_login_is_refused_after_eight_wrong_passwords(throttled, client, settings):
    answers = [sign_in(client, password=f"wrong {number}").status_code for number in range(8)]
    assert answers == [200] * 7 + [429]
    response = sign_in(client)
    assert response.status_code == 429
    assert response.content.decode() == TOO_MANY
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "_auth_user_id" not in client.session
    assert settings.AXES_FAILURE_LIMIT == 8
    assert settings.AXES_COOLOFF_TIME == 0.25


def test_login_of_others_is_not_refused_with_it(throttled, client):
    for number in range(8):
        sign_in(client, password=f"wrong {number}")
    assert sign_in(client, username="other").status_code == 302


def test_login_counts_from_nought_after_it_worked(throttled, client):
    for _round in range(2):
        for number in range(7):
            assert sign_in(client, password=f"wrong {number}").status_code == 200
        assert sign_in(client).status_code == 302
        client.logout()
