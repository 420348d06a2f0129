from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm


class ChapterForm(WagtailAdminPageForm):
    def clean(self):
        cleaned = super().clean()
        inner = self.parent_page and self.parent_page.specific_class is type(self.instance)
        if inner and cleaned.get("part") not in (None, "step"):
            self.add_error(
                "part",
                _(
                    "A chapter within a step is numbered with it. Choose “A step, or a chapter of one”."
                ),
            )
        for row in self.formsets["prerequisites"].forms if "prerequisites" in self.formsets else []:
            if not row.is_valid() or row.cleaned_data.get("DELETE") or not row.has_changed():
                continue
            if not row.cleaned_data.get("chapter") and not row.cleaned_data.get("text"):
                row.add_error("text", _("Choose a chapter or say in words what is needed."))
        return cleaned


class TemplateForm(WagtailAdminPageForm):
    """Allows one file per language and format: the two make up the download address."""

    def clean(self):
        cleaned = super().clean()
        seen = {}
        for row in self.formsets["files"].forms if "files" in self.formsets else []:
            document = row.is_valid() and row.cleaned_data.get("document")
            if not document or row.cleaned_data.get("DELETE"):
                continue
            if document.download_key in seen:
                row.add_error(
                    "document",
                    forms.ValidationError(
                        _(
                            "“%(other)s” is already the %(format)s file in %(language)s. To bring a "
                            "newer version, edit that document and replace its file."
                        )
                        % {
                            "other": seen[document.download_key],
                            "format": document.file_extension.upper(),
                            "language": document.language_name,
                        }
                    ),
                )
            seen[document.download_key] = document.title
        return cleaned
