"""What the demo's pages of this app say beyond plain fields."""

from pathlib import Path

from toolkit.models import ChapterPrerequisite, ChapterTemplate, TemplateFile

FILES = Path(__file__).parent / "files"


def prerequisites(loader, page, rows):
    page.prerequisites = [
        ChapterPrerequisite(
            locale=page.locale,
            sort_order=i,
            chapter=loader.page(row["chapter"]) if "chapter" in row else None,
            text=row.get("text", ""),
        )
        for i, row in enumerate(rows)
    ]


def templates(loader, page, slugs):
    page.template_links = [
        ChapterTemplate(template=loader.page(slug), sort_order=i) for i, slug in enumerate(slugs)
    ]


def files(loader, page, rows):
    page.files = [
        TemplateFile(
            sort_order=i,
            document=loader.add_document(
                FILES / row["language"] / row["file"],
                title=row.get("title", page.title),
                language=row["language"],
                version=row["version"],
                licence=row["licence"],
            ),
        )
        for i, row in enumerate(rows)
    ]


HANDLERS = {"prerequisites": prerequisites, "templates": templates, "files": files}
VOCABULARIES = {}
