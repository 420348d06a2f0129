"""The checks of a release: each looks at one page in one language and says what is missing.

A check takes the facts (hub.translation.readiness), the page and the language, and yields
findings. It reads nothing by itself.
"""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, get_edit_url
from wagtail_localize.strings import StringValue

from hub import languages
from hub.models import HubDocument, HubFormField, TranslationTask
from hub.models.forms import lines
from hub.translation import contents
from hub.translation.readiness import Facts, Finding, has_interface

Findings = Iterator[Finding]


# Where to mend what


def edit_address(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _edit(facts: Facts, page: Page, locale: Locale) -> str:
    return edit_address(_target(facts, page, locale))


def _target(facts: Facts, page: Page, locale: Locale) -> Page:
    return page if locale == facts.source else facts.targets[page.translation_key, locale.pk]


def _submit(page: Page) -> str:
    return reverse("wagtail_localize:submit_page_translation", args=[page.pk])


def _edit_document(document: HubDocument) -> str:
    return reverse("wagtaildocs:edit", args=[document.pk])


# Publication


def not_submitted(facts: Facts, page: Page, locale: Locale) -> Findings:
    yield Finding(_("Not submitted for translation."), _submit(page))


def may_be_published(facts: Facts, page: Page, locale: Locale) -> Findings:
    """Who publishes must be allowed to, and nothing of the page's own may stand in the way."""
    target = _target(facts, page, locale)
    url = edit_address(target)
    if facts.user and not target.permissions_for_user(facts.user).can_publish():
        yield Finding(
            _("%(user)s may not publish it.")
            % {"user": facts.user.get_full_name() or facts.user.get_username()},
            url,
        )
    if target.locked and (facts.user is None or target.locked_by_id != facts.user.pk):
        yield Finding(_("It is locked."), url)
    content = target.latest_revision.content if target.latest_revision else {}
    now = timezone.now()
    if (opens := _instant(content.get("go_live_at"))) and opens > now:
        yield Finding(
            _("It has a time of its own to go public, %(time)s. Take that out.")
            % {"time": _shown(opens)},
            url,
        )
    if (ends := _instant(content.get("expire_at"))) and ends <= now:
        yield Finding(_("It expired on %(time)s.") % {"time": _shown(ends)}, url)


def _instant(text):
    return parse_datetime(text) if text else None


def _shown(instant) -> str:
    return date_format(timezone.localtime(instant), "DATETIME_FORMAT")


def source_content(facts: Facts, page: Page, locale: Locale) -> Findings:
    for name, reason in contents.problems(page.specific_class, facts.contents[page.pk]):
        yield Finding(
            _("%(field)s: %(reason)s") % {"field": capfirst(name), "reason": reason},
            edit_address(page),
        )


def broken_references(facts: Facts, page: Page, locale: Locale) -> Findings:
    """What the source names and nobody can find: its translations take that over."""
    for reference in _once(facts.references[page.pk]):
        if reference.model is Page:
            linked = facts.linked.get(reference.pk)
            if linked is None:
                yield Finding(_("It links to a page that was deleted."), edit_address(page))
            elif not linked.live and not facts.is_public(linked.translation_key, facts.source):
                yield Finding(
                    _("It links to “%(page)s”, which is not public.") % {"page": linked.title},
                    edit_address(linked),
                )
        elif reference.model is HubDocument and reference.pk not in facts.documents:
            yield Finding(_("It offers a file that was deleted."), edit_address(page))


def _once(references) -> list:
    """One reference for each thing, however often a page names it."""
    return list({(row.model, row.pk): row for row in references}.values())


# Texts


def texts(facts: Facts, page: Page, locale: Locale) -> Findings:
    """The counts are those of the translators' desk; errors and machines are told apart."""
    task = facts.translations[page.translation_key, locale.pk].task
    url = _edit(facts, page, locale)
    of_page = facts.texts[page.translation_key]
    rows = [
        of_page.translated.get((locale.pk, string, context))
        for string, context, _path, _data in of_page.segments
    ]
    wrong = sum(bool(row and row.has_error) for row in rows)
    machine = sum(
        bool(row and not row.has_error)
        and row.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE
        for row in rows
    )
    missing = task.segments - task.segments_done - wrong - machine
    missing += sum(bool(row and not row.data and not row.has_error) for row in rows)
    counts = {"total": task.segments}
    if missing > 0:
        yield Finding(
            ngettext(
                "%(count)d of %(total)d texts is not translated.",
                "%(count)d of %(total)d texts are not translated.",
                missing,
            )
            % {**counts, "count": missing},
            url,
        )
    if wrong:
        yield Finding(
            ngettext(
                "%(count)d of %(total)d texts has an error.",
                "%(count)d of %(total)d texts have errors.",
                wrong,
            )
            % {**counts, "count": wrong},
            url,
        )
    if machine:
        yield Finding(
            ngettext(
                "%(count)d of %(total)d texts was translated by a machine and confirmed by nobody.",
                "%(count)d of %(total)d texts were translated by a machine and confirmed by nobody.",
                machine,
            )
            % {**counts, "count": machine},
            url,
        )


def review(facts: Facts, page: Page, locale: Locale) -> Findings:
    task = facts.translations[page.translation_key, locale.pk].task
    url = _edit(facts, page, locale)
    if task.state == TranslationTask.State.RETURNED:
        yield Finding(
            _("A reviewer has sent it back: %(reason)s") % {"reason": task.returned_because}
            if task.returned_because
            else _("A reviewer has sent it back."),
            url,
        )
    elif task.state == TranslationTask.State.IN_REVIEW:
        yield Finding(_("It waits for a review."), url, must=False)


def draft_texts(facts: Facts, page: Page, locale: Locale) -> Findings:
    """What the source's draft says and no translator has been given."""
    new = facts.new_texts.get(page.pk, set()) - facts.texts[page.translation_key].known[locale.pk]
    if new:
        yield Finding(
            ngettext(
                "%(count)d text of the source is in a draft that translators have not been given.",
                "%(count)d texts of the source are in a draft that translators have not been given.",
                len(new),
            )
            % {"count": len(new)},
            edit_address(page),
        )


def text_lengths(facts: Facts, page: Page, locale: Locale) -> Findings:
    """What the page would refuse: mostly texts that are longer than their field."""
    of_page = facts.texts[page.translation_key]
    for string, context, path, _data in of_page.segments:
        row = of_page.translated.get((locale.pk, string, context))
        if row is None or row.has_error or not row.data:
            continue
        place = contents.text_at(page.specific_class, facts.contents[page.pk], path)
        if place is None:
            continue
        if reason := contents.problem_with(place, StringValue(row.data).render_text()):
            yield Finding(
                _("%(field)s: %(reason)s")
                % {"field": capfirst(contents.label_of(place)), "reason": reason},
                _edit(facts, page, locale),
            )


# Forms: an answer must mean the same in every language


def _questions(page: Page, content: dict) -> Iterator[tuple[str, dict]]:
    for name, model, rows in contents.children(page.specific_class, content):
        if issubclass(model, HubFormField):
            for row in rows:
                yield name, row


def form_choices(facts: Facts, page: Page, locale: Locale) -> Findings:
    """The nth choice is stored as the source's nth, so there must be as many, and no two alike."""
    of_page = facts.texts[page.translation_key]
    translated = {
        path: of_page.translated.get((locale.pk, string, context))
        for string, context, path, _data in of_page.segments
    }
    for name, row in _questions(page, facts.contents[page.pk]):
        written = translated.get(f"{name}.{row['translation_key']}.choices")
        if written and written.data:
            own = lines(StringValue(written.data).render_text())
            yield from _compare_choices(row, own, _edit(facts, page, locale))


def form_by_hand(facts: Facts, page: Page, locale: Locale) -> Findings:
    """A form that no longer follows its source: its keys, its choices, what it answers with."""
    url, content = _edit(facts, page, locale), facts.content_in(page, locale)
    own = {row["clean_name"]: row for _name, row in _questions(page, content)}
    for _name, row in _questions(page, facts.contents[page.pk]):
        if row["clean_name"] not in own:
            yield Finding(
                _("The form lacks the question “%(question)s”.") % {"question": row["label"]}, url
            )
        else:
            yield from _compare_choices(row, lines(own[row["clean_name"]]["choices"]), url)
    for name in getattr(page.specific_class, "texts_for_senders", ()):
        if facts.contents[page.pk].get(name) and not content.get(name):
            label = page.specific_class._meta.get_field(name).verbose_name
            yield Finding(_("“%(field)s” is empty.") % {"field": capfirst(str(label))}, url)


def _compare_choices(source: dict, own: list[str], url: str) -> Findings:
    wanted = len(lines(source["choices"]))
    if len(own) != wanted:
        yield Finding(
            _("The question “%(question)s” has %(count)d choices, in the source %(wanted)d.")
            % {"question": source["label"], "count": len(own), "wanted": wanted},
            url,
        )
    elif len(set(own)) < len(own):
        yield Finding(
            _("Two choices of the question “%(question)s” are the same.")
            % {"question": source["label"]},
            url,
        )


def form_interface(facts: Facts, page: Page, locale: Locale) -> Findings:
    has_form = hasattr(page.specific_class, "texts_for_senders")
    if has_form and locale != facts.source and not has_interface(locale):
        yield Finding(
            _("The fixed words of its form and its mails are not translated: readers get English."),
            must=False,
        )


# Files, links and terms: what readers would be given in another language


def files(facts: Facts, page: Page, locale: Locale) -> Findings:
    code, relation = locale.language_code, page.specific_class.language_files
    of_page = [row for row in facts.references_in(page, locale) if row.model is HubDocument]
    offered = [row for row in of_page if relation and row.path.startswith(f"{relation}.")]
    for reference in _once(row for row in of_page if row not in offered):
        document = facts.documents.get(reference.pk)
        if document and document.language != code:
            yield Finding(
                _("The file “%(file)s” is in another language (%(language)s).")
                % {"file": document.title, "language": languages.name_here(document.language)},
                _edit_document(document),
                must=False,
            )
    in_this_language = [
        row
        for row in offered
        if row.pk in facts.documents and facts.documents[row.pk].language == code
    ]
    if relation and not in_this_language:
        yield Finding(
            _("There is no file in %(language)s.") % {"language": languages.name_here(code)},
            edit_address(page),
            must=False,
        )


def links(facts: Facts, page: Page, locale: Locale) -> Findings:
    """Pages it leads to that readers of this language get in the source language."""
    if locale == facts.source:
        return
    for reference in _once(facts.references_in(page, locale)):
        linked = facts.linked.get(reference.pk) if reference.model is Page else None
        if linked is None or facts.is_public(linked.translation_key, locale):
            continue
        if facts.is_public(linked.translation_key, facts.source):
            yield Finding(
                _("It links to “%(page)s”, which is not public in this language.")
                % {"page": linked.title},
                _mend(facts, linked, locale),
                must=False,
            )


def parent(facts: Facts, page: Page, locale: Locale) -> Findings:
    """Without its home page a language has no addresses; other pages above are breadcrumbs."""
    above = facts.parent_of(page)
    if above and not facts.is_public(above.translation_key, locale):
        yield Finding(
            _("“%(page)s”, the page above it, is not public in this language.")
            % {"page": above.title},
            _mend(facts, above, locale),
            must=above.depth == 2 or locale == facts.source,
        )


def _mend(facts: Facts, page: Page, locale: Locale) -> str:
    version = facts.versions.get((page.translation_key, locale.pk))
    return edit_address(version) if version else _submit(page)


def terms(facts: Facts, page: Page, locale: Locale) -> Findings:
    """Topics, countries and the like, which readers see in a corner of the page."""
    for reference in _once(facts.references_in(page, locale)):
        term = facts.terms.get((reference.model, reference.pk))
        if term and not facts.is_translated(term, locale):
            yield Finding(
                _("“%(term)s” (%(kind)s) is not translated.")
                % {"term": term, "kind": term._meta.verbose_name},
                _mend_term(facts, term, locale),
                must=False,
            )


def _mend_term(facts: Facts, term, locale: Locale) -> str:
    if version := facts.term_versions.get((term.translation_key, locale.pk)):
        return get_edit_url(version)
    options = term._meta
    return reverse(
        "wagtail_localize:submit_snippet_translation",
        args=[options.app_label, options.model_name, term.pk],
    )


ON_EVERY_PAGE = [parent, form_interface, files, links, terms]
OF_A_SOURCE = [may_be_published, source_content, broken_references, *ON_EVERY_PAGE]
OF_A_PAGE_BY_HAND = [may_be_published, form_by_hand, *ON_EVERY_PAGE]
OF_A_TRANSLATION = [
    may_be_published,
    texts,
    review,
    draft_texts,
    text_lengths,
    form_choices,
    *ON_EVERY_PAGE,
]
