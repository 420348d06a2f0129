"""The hub's conventions, as system checks: what `manage.py check` can know, nobody must remember."""

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.module_loading import import_string

from hub import scanners


@register("hub")
def page_types_are_complete(app_configs, **kwargs):
    """Every page type of ours has a template and declares its parents and children."""
    from hub.models import BasePage

    problems = []
    for model in apps.get_models():
        if not issubclass(model, BasePage):
            continue
        try:
            get_template(model.template)
        except TemplateDoesNotExist:
            problems.append(
                Error(f"There is no template {model.template}.", obj=model, id="hub.E001")
            )
        for rule in ("parent_page_types", "subpage_types"):
            if rule not in vars(model):
                problems.append(Error(f"{rule} is not declared.", obj=model, id="hub.E002"))
    return problems


@register("hub")
def file_scanner_is_there(app_configs, **kwargs):
    """Without it no file would ever be handed out, and nobody would know why."""
    if not settings.HUB_FILE_SCANNER:
        return []
    try:
        import_string(settings.HUB_FILE_SCANNER)
    except ImportError as error:
        return [Error(f"HUB_FILE_SCANNER names what cannot be imported: {error}", id="hub.E003")]
    return []


@register("hub")
def clamd_has_an_address(app_configs, **kwargs):
    """The same, if it is ClamAV. Whether it answers there is for the worker to find."""
    if settings.HUB_FILE_SCANNER != "hub.scanners.clamd":
        return []
    try:
        scanners.clamd_address()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="hub.E004")]
    return []
