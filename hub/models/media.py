"""Pictures and documents."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Image, SourceImageIOError
from wagtail.search import index

from hub import files, languages


class HubImage(AbstractImage):
    """A picture, with whom to thank for it."""

    credit = models.CharField(
        _("credit"),
        max_length=200,
        blank=True,
        help_text=_(
            "Who made the picture, as it is to be printed. Example: Drawing: the hub team."
        ),
    )

    admin_form_fields = [*Image.admin_form_fields, "credit"]

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    @property
    def preview_url(self) -> str:
        """The picture in the size in which other sites show it; "" while its file cannot be read."""
        try:
            return self.get_rendition("fill-1200x630|format-png").full_url
        except SourceImageIOError:
            return ""


class HubRendition(AbstractRendition):
    image = models.ForeignKey(HubImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]


class HubDocument(AbstractDocument):
    """A file that visitors download, with what they need to know before they do.

    The file can be replaced; every earlier file is kept as a DocumentVersion.
    """

    language = models.CharField(
        _("language"),
        max_length=20,
        default="en",
        help_text=_("The language the file is written in."),
    )
    licence = models.CharField(
        _("licence"),
        max_length=60,
        default="CC BY 4.0",
        help_text=_("What readers may do with it. Example: CC BY 4.0."),
    )
    version = models.CharField(
        _("version"),
        max_length=20,
        default="1.0",
        help_text=_("Raise it when you replace the file. Example: 1.1 after small corrections."),
    )
    extracted_text = models.TextField(editable=False, blank=True)

    admin_form_fields = ("title", "file", "language", "version", "licence", "collection", "tags")

    search_fields = [
        *AbstractDocument.search_fields,
        index.FilterField("language"),
        index.SearchField("extracted_text"),
    ]

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    @property
    def file_type(self) -> files.FileType:
        return files.FILE_TYPES[self.file_extension.lower()]

    @property
    def icon(self) -> str:
        return files.GROUP_ICONS[self.file_type.group]

    @property
    def language_name(self) -> str:
        return languages.own_name(self.language)

    @property
    def download_key(self) -> str:
        """What a download address ends in: the language and format, not the file's name.

        It stays when the file is replaced, and there is at most one such file per template.
        """
        return f"{self.language}-{self.file_extension.lower()}"

    def clean(self):
        # Without a file there is nothing to say about its type: the uploader for several files
        # checks the file first, and then the fields without it.
        if self.file:
            super().clean()
        if self.file and not self.file._committed:
            try:
                files.check(self.file, self.file.name, settings.HUB_DOCUMENT_MAX_BYTES)
            except files.UnacceptableFile as refusal:
                raise ValidationError({"file": refusal.args[0]}) from refusal

    def save(self, *args, **kwargs):
        is_stored = self.file and self.file._committed
        # That uploader stores the file before it saves a new document.
        if self.file and (self._state.adding or not is_stored):
            if self.pk:
                self.keep_stored_file()
            self._set_document_file_metadata()
            self.extracted_text = files.extract_text(self.file, self.file_extension.lower())
            if is_stored:
                self.file.close()
        super().save(*args, **kwargs)

    def keep_stored_file(self):
        """Copies the file that is stored now, if there still is one, to an earlier version."""
        current = HubDocument.objects.filter(pk=self.pk).first()
        if current is None or not current.file.storage.exists(current.file.name):
            return
        with current.open_file() as content:
            self.versions.create(
                file=ContentFile(content.read(), name=current.filename),
                version=current.version,
                file_size=current.file_size,
            )


class DocumentVersion(models.Model):
    """A file that a document had before it was replaced."""

    document = models.ForeignKey(HubDocument, on_delete=models.CASCADE, related_name="versions")
    file = models.FileField(upload_to="documents/versions")
    version = models.CharField(max_length=20)
    file_size = models.PositiveBigIntegerField(null=True)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-replaced_at"]
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")

    def __str__(self):
        return f"{self.document.title} {self.version}"
