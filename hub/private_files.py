"""Files that visitors send with a form: taking, keeping, handing out and removing them.

A file is in the private storage under the key of its row (hub.models.Attachment) and nowhere else.
The two must not come apart: a file goes when its row does, or when the transaction that was to write
the row is undone; what is left behind by a crash is collected by ``sweep``.
"""

import logging
import weakref
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hub import files
from hub.files import UnacceptableFile
from hub.models.attachments import FOLDER, Attachment, clean_file_name
from hub.models.forms import Submission
from hub.scanners import ScannerDown
from hub.storage import ANYTHING, PrivateStorage

logger = logging.getLogger(__name__)

MAX_BYTES = 10 * 1024 * 1024  # of each file
MAX_FILES = 5  # of each submission
EXTENSIONS = (*files.FILE_TYPES, *files.PICTURES)
# How many files are scanned in one run of the job.
BATCH = 10
# A file without a row is left alone for so long: its row may be about to be written.
ORPHANED_AFTER = timedelta(days=1)

STORAGE_DOWN = gettext_lazy(
    "The file could not be kept, because our storage does not answer. What you wrote is not lost: "
    "try again in a few minutes."
)


GONE = gettext_lazy("What it was sent with has been deleted meanwhile, so it was not kept.")


class StorageDown(ValidationError):
    """The storage does not take the file. The message is a sentence for the person who sent it."""

    def __init__(self):
        super().__init__(STORAGE_DOWN, code="storage_down")


class Withheld(Exception):
    """The file cannot be handed out; ``message`` says why, ``status`` is that of the answer."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.message, self.status = message, status


def _storage() -> Storage:
    return storages["private"]


# Taking


def check(upload):
    """Raises UnacceptableFile unless ``upload`` is a document or picture, and as harmless as it can
    be known to be."""
    files.check(upload, clean_file_name(upload.name), MAX_BYTES, pictures=True)


def keep(submission: Submission, upload) -> Attachment:
    """Stores ``upload``, and its row in the caller's transaction; both, or neither if that is undone.

    Raises UnacceptableFile or StorageDown.
    """
    check(upload)
    name = clean_file_name(upload.name)
    attachment = Attachment(
        submission_id=submission.pk,
        name=name,
        extension=name.rpartition(".")[2].lower(),
        size=upload.size,
    )
    with transaction.atomic():
        _Undo(attachment.path)
        _store(attachment.path, upload)
        attachment.save(force_insert=True)
    return attachment


def keep_all(submission: Submission, uploads: Iterable) -> list[str]:
    """Keeps those that are good, as far as there is room; a sentence about each of the others.

    Storing may take seconds: where there is a choice, call it outside of a transaction.
    """
    problems = []
    is_down = False
    with transaction.atomic():
        # Whoever sends to the same submission at the same time waits here, and counts these too; so
        # does whoever erases it, which leaves no row, or one without a link.
        found = Submission.objects.filter(pk=submission.pk).exclude(link_key="").order_by()
        if found.select_for_update().first() is None:
            return [_about(upload, GONE) for upload in uploads]
        room = MAX_FILES - Attachment.objects.filter(submission=submission.pk).count()
        for upload in uploads:
            try:
                if room <= 0:
                    raise UnacceptableFile(_no_room())
                if is_down:
                    raise StorageDown
                keep(submission, upload)
                room -= 1
            except UnacceptableFile as refusal:
                problems.append(_about(upload, refusal.args[0]))
            except StorageDown as refusal:
                # Each further attempt would take seconds, to no avail.
                is_down = True
                problems.append(_about(upload, refusal.message))
    return problems


def _no_room() -> str:
    return ngettext(
        "There is room for %(limit)d file. This one was not kept.",
        "There is room for %(limit)d files. This one was not kept.",
        MAX_FILES,
    ) % {"limit": MAX_FILES}


def _about(upload, sentence: str) -> str:
    # Isolated, so that a name in Arabic does not mix up an English sentence, or the reverse.
    return _("%(file)s: %(sentence)s") % {
        "file": f"\u2068{clean_file_name(upload.name)}\u2069",
        "sentence": sentence,
    }


def _store(path: str, upload):
    upload.seek(0)
    try:
        # A copy: storages move or close what they are given, and the caller may have to try again.
        _storage().save(path, ContentFile(upload.read()))
    except OSError as failure:
        logger.exception("A file could not be stored.")
        raise StorageDown from failure


class _Undo:
    """Removes a file again unless the transaction of now is committed.

    Nobody is told when a transaction is undone. But then Django drops what it was to call on commit,
    and with it this.
    """

    def __init__(self, path: str):
        self._removal = weakref.finalize(self, _discard, _storage(), path)
        transaction.on_commit(self.committed)
        # Before the calls of others: if one of them failed, Django would drop this after a commit.
        waiting = transaction.get_connection().run_on_commit
        waiting.insert(0, waiting.pop())

    def committed(self):
        self._removal.detach()


# Removing


def remove(attachment: Attachment):
    """Deletes the row, and with it the file once that is committed."""
    attachment.delete()


@receiver(post_delete, sender=Attachment)
def remove_file(instance: Attachment, **_arguments):
    """However the row was deleted: by itself, with its submission, or with many."""
    transaction.on_commit(partial(_discard, _storage(), instance.path))


def _discard(storage: Storage, path: str):
    """Deletes the file; if the storage does not let it, the sweep will."""
    try:
        storage.delete(path)
    except Exception:  # noqa: BLE001 - whatever happens to the file, the rows are as they should be
        logger.exception("The file %s could not be deleted.", path)


# Handing out


def response_for(attachment: Attachment) -> HttpResponse:
    """The file, as a download. Whether this visitor may have it, the caller knows.

    Raises Withheld.
    """
    _refuse_unscanned(attachment)
    try:
        response = _response(attachment)
    except FileNotFoundError as error:
        logger.warning("The file of attachment %s is missing.", attachment.pk)
        raise Withheld(_("This file is missing. Ask for it to be sent again."), 404) from error
    except OSError as error:
        logger.exception("The file of attachment %s could not be read.", attachment.pk)
        raise Withheld(
            _(
                "Our storage does not answer, so the file is out of reach. Try again in a few minutes."
            ),
            503,
        ) from error
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _refuse_unscanned(attachment: Attachment):
    if attachment.scan == Attachment.Scan.REFUSED:
        raise Withheld(_("This file may do harm and is not handed out."), 403)
    if settings.HUB_FILE_SCANNER and attachment.scan == Attachment.Scan.UNSCANNED:
        raise Withheld(_("This file is being checked. Try again in a few minutes."), 403)


def _response(attachment: Attachment) -> HttpResponse:
    storage = _storage()
    if not isinstance(storage, PrivateStorage):
        return FileResponse(
            storage.open(attachment.path),
            as_attachment=True,
            filename=attachment.name,
            content_type=ANYTHING,
        )
    if not storage.exists(attachment.path):
        raise FileNotFoundError(attachment.path)
    return HttpResponseRedirect(storage.download_address(attachment.path, attachment.name))


# Scanning


def scan_some():
    """Lets the scanner of the settings, if there is one, look at some of the files that are new.

    Raises ScannerDown: each further file may take as long to fail.
    """
    if not settings.HUB_FILE_SCANNER:
        return
    is_clean = import_string(settings.HUB_FILE_SCANNER)
    # In any order, so that those the scanner fails on do not hold up the others.
    unscanned = Attachment.objects.filter(scan=Attachment.Scan.UNSCANNED).order_by("?")
    for attachment in unscanned[:BATCH]:
        _scan(attachment, is_clean)


def _scan(attachment: Attachment, is_clean: Callable):
    try:
        with _storage().open(attachment.path) as content:
            verdict = Attachment.Scan.CLEAN if is_clean(content) else Attachment.Scan.REFUSED
    except ScannerDown:
        raise
    except Exception:  # noqa: BLE001 - scanners fail in their own ways; it is tried again
        logger.exception("Attachment %s could not be scanned.", attachment.pk)
        return
    if verdict == Attachment.Scan.REFUSED:
        logger.warning("The scanner refused attachment %s.", attachment.pk)
    Attachment.objects.filter(pk=attachment.pk).update(scan=verdict)


# Sweeping


def sweep():
    """Deletes files that have no row, and reports rows that have no file.

    One folder at a time: each holds a 256th of the files.
    """
    storage = _storage()
    for number in range(256):
        _sweep_folder(storage, f"{number:02x}")


def _sweep_folder(storage: Storage, folder: str):
    # The rows first: a file that comes in between is too young to be taken for an orphan.
    rows = Attachment.objects.filter(
        key__range=(UUID(folder.ljust(32, "0")), UUID(folder.ljust(32, "f")))
    )
    expected = {attachment.path: attachment.pk for attachment in rows.only("key")}
    stored = {f"{FOLDER}/{folder}/{name}" for name in _names_in(storage, f"{FOLDER}/{folder}")}
    for path in stored - expected.keys():
        if storage.get_modified_time(path) < timezone.now() - ORPHANED_AFTER:
            storage.delete(path)
    for path in expected.keys() - stored:
        logger.warning("The file of attachment %s is missing.", expected[path])


def _names_in(storage: Storage, folder: str) -> list[str]:
    try:
        return storage.listdir(folder)[1]
    except FileNotFoundError:  # disks have no folder before the first file
        return []
