"""Files in S3: what a browser is told about them, and what happens when S3 does not answer.

S3 keeps an object's type and disposition with it and repeats them to everybody. Left alone,
django-storages takes the type from whoever uploads the file, so that a text could be passed off as
a web page; here it follows from the name, which was checked against the content before.
"""

from contextlib import contextmanager

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.utils.http import content_disposition_header
from storages.backends.s3 import S3Storage

from hub.files import FILE_TYPES

# What browsers show within a page. Python learns some of these only in 3.13.
IMAGE_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
ANYTHING = "application/octet-stream"


class HubS3Storage(S3Storage):
    """Gives up soon, and fails like a disk does: with an OSError, which Wagtail is prepared for.

    boto3 by itself waits for minutes; a page whose picture is missing is better than no page.
    """

    def get_default_settings(self):
        return super().get_default_settings() | {
            "client_config": Config(
                signature_version="s3v4",
                connect_timeout=3,
                read_timeout=20,
                retries={"mode": "standard", "total_max_attempts": 2},
            )
        }

    def _open(self, name, mode="rb"):
        with _failing_as_a_disk_does():
            return super()._open(name, mode)

    def _save(self, name, content):
        with _failing_as_a_disk_does():
            return super()._save(name, content)

    def delete(self, name):
        with _failing_as_a_disk_does():
            super().delete(name)

    def exists(self, name):
        with _failing_as_a_disk_does():
            return super().exists(name)

    def size(self, name):
        with _failing_as_a_disk_does():
            return super().size(name)

    def listdir(self, name):
        with _failing_as_a_disk_does():
            return super().listdir(name)

    def get_modified_time(self, name):
        with _failing_as_a_disk_does():
            return super().get_modified_time(name)


@contextmanager
def _failing_as_a_disk_does():
    try:
        yield
    except (BotoCoreError, ClientError) as failure:
        raise OSError(f"The file storage failed: {failure}") from failure


class PublicStorage(HubS3Storage):
    """Pictures to look at; everything else to download, under its own name and never as a page."""

    def get_object_parameters(self, name):
        ending = name.rpartition(".")[2].lower()
        if ending in IMAGE_TYPES:
            return {"ContentType": IMAGE_TYPES[ending]}
        file_type = FILE_TYPES.get(ending)
        return {
            "ContentType": file_type.content_type if file_type else ANYTHING,
            "ContentDisposition": content_disposition_header(True, name.rpartition("/")[2]),
            # A file that replaces another may take over its name.
            "CacheControl": "no-cache",
        }


class PrivateStorage(HubS3Storage):
    """Files of which nobody but the hub knows what they are, reached by signed addresses alone."""

    def get_object_parameters(self, name):
        return {
            "ContentType": ANYTHING,
            "ContentDisposition": "attachment",
            "CacheControl": "private, no-store",
        }

    def download_address(self, name: str, file_name: str) -> str:
        """A signed address, under which a browser keeps the file as ``file_name``."""
        return self.url(
            name,
            parameters={
                "ResponseContentType": ANYTHING,
                "ResponseContentDisposition": content_disposition_header(True, file_name),
                "ResponseCacheControl": "private, no-store",
            },
        )
