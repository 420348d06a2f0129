"""No traces are left with readers, and browsers are told to allow nothing but our own."""

from django.contrib.sessions.models import Session

from tests.reading import soup

PUBLIC = {
    "/": 302,
    "/en/": 200,
    "/en/toolkit/": 200,
    "/en/toolkit/templates/": 200,
    "/en/training/": 200,
    "/en/funding/": 200,
    "/en/stories/": 200,
    "/en/stories/feed/": 200,
    "/en/contact/": 200,
    "/en/about/": 200,
    "/en/search/": 200,
    "/en/search/?q=procurement": 200,
    "/en/nothing-here/": 404,
    "/nothing-here/": 404,
    "/fr/": 404,
    "/en": 301,
    "/sitemap.xml": 200,
    "/sitemap-en.xml": 200,
    "/robots.txt": 200,
    "/healthz": 200,
}


def test_public_addresses_set_no_cookie_and_open_no_session(pages, client):
    for address, status in PUBLIC.items():
        response = client.get(address)
        assert (address, response.status_code) == (address, status)
        assert (address, dict(response.cookies)) == (address, {})
        assert "Cookie" not in response.headers.get("Vary", "")
    assert not Session.objects.exists()


def test_every_kind_of_page_sets_no_cookie(pages, client):
    for name, page in vars(pages).items():
        response = client.get(page.url)
        assert (name, response.status_code, bool(response.cookies)) == (name, 200, False)
    assert not Session.objects.exists()


def test_forms_refused_set_no_cookie_either(site, client):
    response = client.post(site.contact.url, {"message": "Hello"})
    assert response.status_code in {200, 400, 422}
    assert not response.cookies


def policy_of(response) -> dict[str, list[str]]:
    directives = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in directives}


STRICT = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],
}


def test_public_addresses_have_the_strict_policy(pages, client):
    for address in PUBLIC:
        policy = policy_of(client.get(address))
        policy["script-src"] = [s for s in policy["script-src"] if not s.startswith("'nonce-")]
        assert (address, policy) == (address, STRICT)


def test_addresses_have_the_security_headers(pages, client):
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    for address in [*(a for a in PUBLIC if a != "/en"), "/admin/login/"]:
        response = client.get(address)
        assert (address, {name: response.headers.get(name) for name in expected}) == (
            address,
            expected,
        )


def test_admin_has_a_policy_of_its_own(site, admin_client):
    policy = policy_of(admin_client.get("/admin/"))
    assert policy["script-src"] == ["'self'", "'unsafe-inline'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-src"] == ["'self'"]
    assert policy["form-action"] == ["'self'"]
    everything = [source for sources in policy.values() for source in sources]
    assert [source for source in everything if "//" in source or source in {"*", "https:"}] == []


def test_public_page_shown_to_staff_keeps_the_strict_policy(site, admin_client):
    response = admin_client.get("/en/")
    assert policy_of(response)["style-src"] == ["'self'"]


def test_public_pages_have_nothing_inline_and_nothing_foreign(pages, client):
    """What the policy would block must not be there in the first place."""
    for page in vars(pages).values():
        html = soup(client.get(page.url))
        assert html.find_all(style=True) == []
        assert html.find_all("style") == []
        inline = [
            script
            for script in html.find_all("script")
            if not script.get("src") and script.get("type") != "application/ld+json"
        ]
        assert inline == []
        assert [
            tag for tag in html.find_all(True) for name in tag.attrs if name.startswith("on")
        ] == []
        loaded = [tag["src"] for tag in html.find_all(src=True)]
        loaded += [
            tag["href"] for tag in html.find_all("link", rel=["stylesheet", "icon", "preload"])
        ]
        assert [address for address in loaded if not address.startswith("/")] == []
