"""Model fields shared by every app."""

import zoneinfo

import wagtail.fields
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _


class StreamField(wagtail.fields.StreamField):
    """A StreamField whose blocks stay out of migrations.

    Blocks change often and mean nothing to the database, yet stock Wagtail writes them all into
    every migration. Leaving them out in ``deconstruct`` alone is a trap: a data migration would
    then load pages through a field that knows no blocks and save empty bodies. So a field without
    blocks hands its JSON through untouched.
    """

    def __init__(self, block_types=(), **kwargs):
        super().__init__(block_types or [], **kwargs)

    def deconstruct(self):
        name, path, _args, kwargs = models.Field.deconstruct(self)
        return name, path, [], kwargs

    def to_python(self, value):
        if not self.stream_block.child_blocks and isinstance(value, list):
            return value
        return super().to_python(value)


def validate_zone(value: str):
    """Accepts an IANA zone name that this machine's zone database knows."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a known time zone. Choose a city from the list."),
            code="unknown_zone",
            params={"zone": value},
        )


def zone_choices() -> list[tuple[str, str]]:
    """Every zone that is named after a place, city first so that typing a city finds it."""
    choices = [("UTC", "UTC")]
    for zone in zoneinfo.available_timezones():
        area, _slash, place = zone.partition("/")
        if place and area not in {"Etc", "SystemV", "US", "Brazil", "Canada", "Chile", "Mexico"}:
            city = place.rpartition("/")[2].replace("_", " ")
            choices.append((zone, f"{city} ({zone})"))
    return sorted(choices, key=lambda choice: (choice[0] != "UTC", choice[1]))


class ZoneField(models.CharField):
    """The name of an IANA time zone, such as ``Africa/Nairobi``.

    The choices are offered by the form only: the zone database changes several times a year and
    must cause no migration.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, validate_zone]

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(
            **{"widget": forms.Select(choices=lazy(zone_choices, list)()), **kwargs}
        )
