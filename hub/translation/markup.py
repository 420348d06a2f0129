"""Whether the markup of a translation is that of its source."""

import re
from html.parser import HTMLParser

from django.utils.translation import gettext
from wagtail_localize.strings import StringValue, extract_ids, validate_translation_links

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]\b|\{\{\s*\w+\s*\}\}|\{\w*\}")
_STRAY = re.compile(r"</?[a-zA-Z]")


class _Balance(HTMLParser):
    """Finds what a browser would mend in its own way: tags that do not match, or have no end."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.problem = ""

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag == "br":
            return
        if not self.open or self.open.pop() != tag:
            self.problem = self.problem or f"</{tag}>"

    def handle_data(self, data):
        if found := _STRAY.search(data):
            self.problem = self.problem or data[found.start() :][:20]


def problem(source: str, translation: str) -> str:
    """A sentence on what keeps ``translation`` from standing in for ``source``, or ""."""
    balance = _Balance()
    balance.feed(translation)
    left = balance.rawdata
    balance.close()
    if not _STRAY.match(left):  # a "&" at the end is no tag
        left = ""
    broken = balance.problem or left[:20] or (balance.open and f"<{balance.open[-1]}>")
    if broken:
        return gettext("its markup is broken at %(tag)s") % {"tag": broken}
    try:
        StringValue.from_translated_html(translation)
        validate_translation_links(source, translation)
    except ValueError as error:
        return str(error)
    wanted, found = (sorted(_PLACEHOLDER.findall(text)) for text in (source, translation))
    if missing := [name for name in wanted if name not in found]:
        return gettext("%(name)s is missing") % {"name": missing[0]}
    if extra := [name for name in found if name not in wanted]:
        return gettext("%(name)s does not stand in the source") % {"name": extra[0]}
    return ""


def lost_links(source: str, translation: str) -> int:
    """How many links of the source the translation lacks."""
    return len(extract_ids(source) - extract_ids(translation))
