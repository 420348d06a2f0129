"""What is remembered, and that nothing breaks when it cannot be."""

import pytest
from django.core.cache import cache

from hub import caching
from tests import factories


def test_remember_makes_once_until_something_is_published(site):
    made = []

    def make():
        made.append(1)
        return len(made)

    assert [caching.remember("thing", make), caching.remember("thing", make)] == [1, 1]
    site.home.save_revision().publish()
    assert caching.remember("thing", make) == 2


def test_remember_keeps_none_and_empty_values(site):
    assert caching.remember("nothing", lambda: None) is None
    assert caching.remember("nothing", lambda: "made again") is None


@pytest.fixture(params=["disk", "redis"])
def cache_out_of_order(request, settings, tmp_path):
    if request.param == "disk":
        (tmp_path / "file").write_text("no folder can be made below a file")
        location, backend = str(tmp_path / "file" / "cache"), "ForgivingFileCache"
    else:
        location, backend = "redis://127.0.0.1:1/0", "ForgivingRedisCache"  # nothing listens there
    settings.CACHES = {
        "default": {"BACKEND": f"hub.cache_backends.{backend}", "LOCATION": location}
    }


def test_pages_work_with_the_cache_out_of_order(site, client, cache_out_of_order):
    chapter = factories.ChapterPageFactory(parent=site.toolkit, title="Still here")
    for _visit in range(2):
        response = client.get(chapter.url)
        assert response.status_code == 200
        assert "Still here" in response.content.decode()


def test_editors_publish_with_the_cache_out_of_order(site, client, cache_out_of_order):
    chapter = factories.ChapterPageFactory(parent=site.toolkit, title="Before")
    client.get(chapter.url)
    chapter.title = "After"
    chapter.save_revision().publish()
    assert "After" in client.get(chapter.url).content.decode()


def test_cache_methods_answer_as_if_nothing_were_kept(cache_out_of_order):
    cache.set("key", "value")
    assert cache.get("key", "nothing") == "nothing"
    assert cache.get_many(["key"]) == {}
    assert cache.add("key", 1) is True
    assert cache.get_or_set("key", "made") == "made"
    assert cache.delete("key") is False


@pytest.mark.parametrize(
    "change",
    [
        lambda site: site.toolkit.unpublish(),
        lambda site: site.toolkit.move(site.home, pos="first-child"),
        lambda site: site.toolkit.delete(),
        lambda site: factories.TopicFactory(),
        lambda site: factories.DocumentFactory(),
    ],
    ids=["unpublish", "move", "delete", "term", "document"],
)
def test_generation_moves_on_with_every_visible_change(site, change):
    before = caching.generation()
    change(site)
    assert caching.generation() != before
