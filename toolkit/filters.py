from django.utils.translation import gettext_lazy as _

from hub import languages
from hub.files import GROUP_NAMES
from hub.filters import FacetedFilter


class TemplateFilter(FacetedFilter):
    """The template list's filters: language, step, file type and topic."""

    def __init__(self, query, templates, outline, chapters: dict):
        """``chapters`` as toolkit.models.chapters_by_template() gives them."""
        self.outline = outline
        self.chapters = chapters
        super().__init__(query, templates)

    def make_facets(self):
        own = [languages.reader_language()]
        codes = sorted(
            {code for template in self.all for code in self.languages_of(template)},
            key=lambda code: (code not in own, code),
        )
        steps = {entry.number: f"{entry.number} {entry.title}" for entry in self.outline.steps}
        groups = {group for template in self.all for group in self.groups_of(template)}
        topics = {
            link.topic.slug: link.topic.title
            for template in self.all
            for link in template.topic_links.all()
        }
        return [
            self.facet(
                "language",
                _("Language"),
                {code: languages.own_name(code) for code in codes},
                self.languages_of,
            ),
            self.facet("step", _("Step"), steps, self.steps_of),
            self.facet(
                "type",
                _("File type"),
                {group: name for group, name in GROUP_NAMES.items() if group in groups},
                self.groups_of,
            ),
            self.facet(
                "topic",
                _("Topic"),
                dict(sorted(topics.items(), key=lambda topic: topic[1])),
                self.topics_of,
            ),
        ]

    def languages_of(self, template):
        return {file.document.language for file in template.files.all()}

    def groups_of(self, template):
        return {file.document.file_type.group for file in template.files.all()}

    def topics_of(self, template):
        return {link.topic.slug for link in template.topic_links.all()}

    def steps_of(self, template):
        entries = map(self.outline.entry, self.chapters.get(template.translation_key, []))
        return {entry.step.number for entry in entries if entry and entry.step.number}
