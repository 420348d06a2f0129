"""Whether the hub is well, for load balancers and monitoring."""

import logging
import secrets

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hub.jobs import worker_is_alive

logger = logging.getLogger(__name__)

PROBE_FILE = "readyz.txt"


@never_cache
@require_safe
def healthz(request):
    """The process answers. Says nothing about what it depends on: restarting would not mend that."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """Everything that visitors and editors depend on; 503 if any of it fails.

    What exactly is wrong goes to the log: the answer is public.
    """
    checks = {
        "database": _passes(check_database),
        "cache": _passes(check_cache),
        "storage": _passes(check_storage),
        "worker": _passes(check_worker),
    }
    ready = all(checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def _passes(check) -> bool:
    try:
        check()
    except Exception:  # noqa: BLE001 - each backend fails in its own way
        logger.exception("Not ready: %s failed.", check.__name__)
        return False
    return True


def check_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_cache():
    probe = secrets.token_hex(8)
    cache.set("hub:readyz", probe, 60)
    # Two probes may cross, so any probe will do.
    if not cache.get("hub:readyz"):
        raise RuntimeError("The cache forgets.")


def check_storage():
    """Reads a small file back, which is written the first time."""
    if not default_storage.exists(PROBE_FILE):
        default_storage.save(PROBE_FILE, ContentFile(b"ok"))
    with default_storage.open(PROBE_FILE) as probe:
        if probe.read(2) != b"ok":
            raise RuntimeError("The storage garbles.")


def check_worker():
    if not worker_is_alive():
        raise RuntimeError("No worker is running: start `manage.py work`.")
