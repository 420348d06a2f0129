"""Files that visitors send with a form, in tests: sent, kept, handed out and scanned."""

from datetime import timedelta

from django.core.files.storage import FileSystemStorage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import Locale, Page

from hub import jobs
from hub.models import Attachment, Submission

NOT_ACCEPTED = (
    "This kind of file is not accepted. "
    "Accepted are CSV, DOCX, JPEG, JPG, ODP, ODS, ODT, PDF, PNG, PPTX, TXT, XLSX."
)
ROOM = "There is room for 5 files. This one was not kept."


def new_submission(page: Page, key: str = "one") -> Submission:
    return Submission.objects.create(
        page_id=page.pk,
        locale=Locale.get_default(),
        form_data={"message": "Hello"},
        address="amina@example.org",
        idempotency_key=key,
        retained_until=timezone.localdate() + timedelta(days=90),
    )


def lone_submission() -> Submission:
    # Tests with transactions of their own leave an empty database behind.
    Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    return new_submission(root)


def sent(content: bytes = b"A plan.", name: str = "plan.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


def stored(folder) -> list[str]:
    """The names of all files in the private storage."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def content_of(attachment: Attachment) -> bytes:
    with storages["private"].open(attachment.path) as content:
        return content.read()


def refuse_to(monkeypatch, *methods: str):
    def fail(*_arguments, **_options):
        raise OSError("The file storage failed: Could not connect")

    for method in methods:
        monkeypatch.setattr(FileSystemStorage, method, fail)


def run(name: str):
    next(job for job in jobs.all_jobs() if job.name == name).run()


def is_clean(file) -> bool:
    """A scanner for the tests."""
    content = file.read()
    if b"broken" in content:
        raise ConnectionError("The scanner does not answer.")
    return b"virus" not in content
