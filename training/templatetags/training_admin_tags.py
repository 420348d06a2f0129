"""What templates of the officer's desk say that models do not."""

from django import template

from hub.countries import country_name

register = template.Library()


@register.filter
def country(code: str) -> str:
    return country_name(code)
