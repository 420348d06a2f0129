"""The admin's front page says what needs doing.

An app adds to the list with Wagtail's own hooks:

    @hooks.register("hub_todo")
    def sessions_without_summary(user) -> Iterable[Todo]: ...

Each function returns only what this user may act on, in a constant number of queries.
"""

from dataclasses import dataclass, field

from wagtail import hooks
from wagtail.admin.ui.components import Component


@dataclass(frozen=True)
class Todo:
    """One line of the list: what to do and where. ``links`` are (title, url), the first few."""

    text: str
    url: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


class TodoPanel(Component):
    name = "todo"
    template_name = "hub/admin/todo_panel.html"
    order = 50

    def __init__(self, request):
        self.request = request

    def get_context_data(self, parent_context):
        user = self.request.user
        return {
            "todos": [todo for function in hooks.get_hooks("hub_todo") for todo in function(user)]
        }
