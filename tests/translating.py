"""Translating pages in tests the way people do: submit, write each text, publish."""

from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object


def locale_of(code: str) -> Locale:
    return Locale.objects.get_or_create(language_code=code)[0]


def submit(instance, locale: Locale) -> Translation:
    """Submits a source for translation, its ancestors with it; the translation stays a draft."""
    if isinstance(instance, Page):
        for ancestor in instance.get_ancestors().filter(depth__gt=1):
            if not ancestor.get_translations().filter(locale=locale).exists():
                translate_object(ancestor, [locale])
    translate_object(instance, [locale])
    return Translation.objects.get(source__object_id=instance.translation_key, target_locale=locale)


def alias(page: Page, locale: Locale) -> Page:
    """An alias of ``page`` in another language, whose parent is there: live in the source's words."""
    return page.create_alias(
        parent=page.get_parent().get_translation(locale),
        update_locale=locale,
        reset_translation_key=False,
    )


def write(translation: Translation, texts: dict[str, str] | None = None):
    """Writes a translation of every text: that of ``texts``, else "es: <the text>"."""
    for segment in StringSegment.objects.filter(source=translation.source).select_related("string"):
        source = segment.string.data
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=translation.target_locale,
            defaults={
                "data": (texts or {}).get(
                    source, f"{translation.target_locale.language_code}: {source}"
                ),
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            },
        )


def publish(translation: Translation) -> Page:
    """Publishes a translation, as a test's transaction never does by itself; the page or term."""
    translation.save_target(publish=False) if is_page(translation) else translation.save_target()
    target = translation.get_target_instance()
    if is_page(translation):
        target.get_latest_revision().publish()
        target.refresh_from_db()
    return target


def is_page(translation: Translation) -> bool:
    return issubclass(translation.source.specific_content_type.model_class(), Page)


def translate(instance, locale: Locale | str, texts: dict[str, str] | None = None):
    """The published translation of a page, its ancestors translated and published too."""
    locale = locale_of(locale) if isinstance(locale, str) else locale
    if isinstance(instance, Page):
        for ancestor in instance.get_ancestors().filter(depth__gt=1).specific():
            if not ancestor.get_translations().filter(locale=locale, live=True).exists():
                translation = submit(ancestor, locale)
                write(translation)
                publish(translation)
    translation = submit(instance, locale)
    write(translation, texts)
    return publish(translation)


def texts(translation: Translation) -> dict[str, str]:
    """What is written of a translation so far, by the source's text."""
    return dict(
        StringTranslation.objects.filter(
            context__object=translation.source.object_id, locale=translation.target_locale
        ).values_list("translation_of__data", "data")
    )
