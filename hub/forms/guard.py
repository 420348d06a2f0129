"""What keeps machines from flooding a form, without keeping people out or knowing who they are.

Nothing here discards what somebody wrote: a person whose browser filled the hidden field, or whose
office shares one address, is told so and sends again.
"""

import ipaddress
import logging

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

# A field that people do not see. The hyphen keeps it apart from editors' questions.
HONEYPOT = "hub-website"
# Generous, because a class that registers together, or a whole country, may share an address.
POSTS_PER_PERIOD = 30
# From all addresses together: more than any announcement brings, less than a flood of them.
POSTS_PER_FORM = 600
PERIOD = 10 * 60  # seconds

HONEYPOT_FILLED = _(
    "A hidden field was filled in, as machines do and some browsers too. It is empty again: "
    "send the form once more."
)
TOO_MANY = _(
    "Many forms have come from your connection in the last minutes. Nothing you wrote is lost: "
    "wait ten minutes, then send it again."
)


def visitor_address(request) -> str:
    """The visitor's IP address, or "" if unknown.

    ``HUB_PROXY_COUNT`` says how many proxies of ours stand in front; each adds the address it saw
    at the end of X-Forwarded-For. What comes before those can be made up by anyone.
    """
    proxies = getattr(settings, "HUB_PROXY_COUNT", 0)
    if not proxies:
        return request.META.get("REMOTE_ADDR", "")
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return seen[-proxies] if len(seen) >= proxies else ""


def _counter_key(address: str) -> str | None:
    """A cache key that does not give the address away; one for a whole IPv6 subscriber (/64)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    if ip.version == 6:
        ip = ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False).network_address
    return "hub:forms:" + salted_hmac("hub.forms.guard", str(ip), algorithm="sha256").hexdigest()


def too_many(request, page) -> bool:
    """Counts this post and says whether its address, or this form from all of them, had too many.

    Without a cache nothing is counted: a form that works beats a limit that does.
    """
    limits = {f"hub:forms:page:{page.translation_key}": POSTS_PER_FORM}
    if key := _counter_key(visitor_address(request)):
        limits[key] = POSTS_PER_PERIOD
    return any(_counted(key) > limit for key, limit in limits.items())


def _counted(key: str) -> int:
    """How often ``key`` was counted in this period, now included; 0 if the cache cannot say."""
    try:
        if cache.add(key, 1, PERIOD):
            return 1
        return cache.incr(key)
    except ValueError:  # the counter expired between the two
        return 0
    except Exception:  # noqa: BLE001 - each cache backend fails in its own way
        logger.exception("The cache is down: form posts are not limited.")
        return 0
