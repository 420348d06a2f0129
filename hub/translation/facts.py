"""What holds in every language at once, such as the time of a session or the pause of a fund.

Such fields are edited on the source page. A translation repeats them as they were when it was made,
so that publishing it, or the source, would leave the two saying different things.
"""

from hub.caching import forget_everything


def set_right(pages, facts: dict):
    """Gives ``pages`` the ``facts``, by field name, where they say otherwise."""
    for page in pages:
        if any(getattr(page, name) != value for name, value in facts.items()):
            type(page).objects.filter(pk=page.pk).update(**facts)
            forget_everything()
