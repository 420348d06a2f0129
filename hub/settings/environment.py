"""Reads the environment and collects everything that is missing before stopping.

An administrator who has to restart eight times to learn of eight missing variables gives up;
``Environment.stop_if_incomplete`` names them all at once, one sentence each.
"""

import json

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    def __init__(self, **scheme):
        super().__init__(**scheme)
        self.problems: list[str] = []

    def required(self, name: str, purpose: str) -> str:
        """The value of ``name``; if it is unset or empty, "" and a problem that says what it is for."""
        value = self.str(name, default="")
        if not value:
            self.problems.append(f"{name} is not set: {purpose}")
        return value

    def json_object(self, name: str) -> dict:
        """The value of ``name`` as JSON, {} if it is unset; anything but an object is a problem."""
        try:
            value = json.loads(self.str(name, default="") or "{}")
        except ValueError:
            value = None
        if not isinstance(value, dict):
            self.problems.append(f'{name} is not a JSON object such as {{"AUTH_KEY": "..."}}.')
            return {}
        return value

    def stop_if_incomplete(self):
        if self.problems:
            raise ImproperlyConfigured(
                "The hub cannot start.\n" + "\n".join(f"- {problem}" for problem in self.problems)
            )
