"""What wagtail-localize would do in the background.

The settings name this class and wagtail-localize loads it with its models: what needs the hub's own
models is imported when it is called.
"""

from wagtail_localize.tasks import ImmediateBackend


class SubmissionBackend(ImmediateBackend):
    """Leaves sections to the worker, makes no aliases, and does anything else at once."""

    def enqueue(self, func, args, kwargs):
        name = func.__name__
        if name == "translate_page_subtree":
            from hub.translation import submit

            page_id, locales, _components, user = args
            submit.submit_section(page_id, locales, user)
        elif name != "synchronize_tree":  # fills a language with pages live in another's words
            super().enqueue(func, args, kwargs)
