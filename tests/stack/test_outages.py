"""One of the services stops in the middle: what visitors and monitoring see."""

import re
import time

import pytest

from tests.stack.contact import filled_in, send, stored

WELL = {"database": True, "cache": True, "storage": True, "worker": True}
STORY = "/en/stories/"


@pytest.fixture(scope="module")
def _worker(hub, wait_for):
    worker = hub.start("manage.py", "work")
    try:
        wait_for(lambda: hub.ready()["worker"], seconds=60)
        yield
    finally:
        worker.terminate()
        worker.communicate(timeout=30)


def pictures(page) -> list[str]:
    return re.findall(r'<img[^>]* src="([^"]+)"', page.text)


@pytest.mark.usefixtures("_worker")
def test_hub_is_ready_with_everything_running(hub):
    assert hub.ready() == WELL
    assert hub.get("/readyz").status == 200


@pytest.mark.usefixtures("_worker")
def test_without_redis_pages_are_served_and_readyz_says_so(hub, live_redis, wait_for):
    before = hub.get("/en/toolkit/")
    live_redis.stop()
    try:
        after = hub.get("/en/toolkit/")
        assert (before.status, after.status) == (200, 200)
        assert re.findall("<h1.*?</h1>", after.text) == re.findall("<h1.*?</h1>", before.text)
        assert hub.get("/en/search/?q=budget").status == 200
        assert hub.get("/admin/login/").status == 200
        assert send(hub, filled_in(hub, "without-redis")).status == 302
        assert stored(hub, "without-redis")
        assert hub.ready() == WELL | {"cache": False}
        assert hub.get("/readyz").status == 503
        assert hub.get("/healthz").status == 200
    finally:
        live_redis.start()
    wait_for(lambda: hub.ready() == WELL)


@pytest.mark.usefixtures("_worker")
def test_without_storage_pages_are_served_and_readyz_says_so(hub, stack, wait_for):
    before = hub.get(STORY)
    assert pictures(before)
    stack.swift.proxy.stop()
    try:
        started = time.monotonic()
        assert hub.ready() == WELL | {"storage": False}
        assert time.monotonic() - started < 10
        assert hub.get("/readyz").status == 503
        after = hub.get(STORY)
        assert after.status == 200
        assert pictures(after) == pictures(before)
    finally:
        stack.swift.proxy.start()
    wait_for(lambda: hub.ready() == WELL)


@pytest.mark.usefixtures("_worker")
def test_without_storage_new_pictures_are_left_out_until_it_is_back(
    hub, stack, live_redis, wait_for
):
    """Pictures in a size that was never asked for are made while the page is."""
    before = hub.get(STORY)
    hub.query("DELETE FROM hub_hubrendition")
    live_redis.stop()  # and forgets them too
    live_redis.start()
    stack.swift.proxy.stop()
    try:
        without = hub.get(STORY)
        assert without.status == 200
        assert re.findall("<h1.*?</h1>", without.text) == re.findall("<h1.*?</h1>", before.text)
    finally:
        stack.swift.proxy.start()
    wait_for(lambda: hub.ready() == WELL)
    assert len(pictures(hub.get(STORY))) == len(pictures(before))
