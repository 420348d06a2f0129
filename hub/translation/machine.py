"""Machine translation, off unless the environment names a translator (see deploy/env.example).

A machine may be away, slow, wrong or not know a language. Whatever it does, nobody's page breaks
and nothing else is undone: what it could not translate is left to people, with a sentence on why.
"""

import logging
import threading

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext, ngettext
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.machine_translators.base import BaseMachineTranslator
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.strings import StringValue

from hub.models import User
from hub.translation import markup

logger = logging.getLogger(__name__)

# How long a translator may keep somebody waiting, in seconds.
PATIENCE = 20


class Unavailable(Exception):
    """The translator has not answered, or not with translations; says why."""


class CarefulTranslator(BaseMachineTranslator):
    """Any translator for wagtail-localize, kept from breaking what calls it.

    Options: CLASS and OPTIONS as wagtail-localize has them, and TIMEOUT in seconds.
    """

    def __init__(self, options):
        super().__init__(options)
        try:
            self.inner = import_string(options["CLASS"])(options.get("OPTIONS", {}))
            self.display_name = str(self.inner.display_name)
        except Exception:
            logger.exception("The machine translator %s cannot be set up.", options["CLASS"])
            self.inner = None
            self.display_name = options["CLASS"].rpartition(".")[2]

    def can_translate(self, source_locale, target_locale) -> bool:
        if self.inner is None:
            return False
        try:
            return bool(self._ask("can_translate", source_locale, target_locale))
        except Unavailable:
            return False

    def translate(self, source_locale, target_locale, strings) -> dict[StringValue, StringValue]:
        """What the translator has translated, which may be nothing."""
        try:
            return self.answer(source_locale, target_locale, strings)
        except Unavailable:
            return {}

    def answer(self, source_locale, target_locale, strings) -> dict[StringValue, StringValue]:
        """As translate(); raises Unavailable where there is no answer."""
        strings = list(strings)
        found = self._ask("translate", source_locale, target_locale, strings)
        if not isinstance(found, dict):
            raise Unavailable(gettext("It gave no translations."))
        return {
            string: found[string]
            for string in strings
            if isinstance(found.get(string), StringValue)
            and isinstance(found[string].data, str)
            and found[string].data.strip()
            and "\0" not in found[string].data
            and not markup.problem(string.data, found[string].data)
        }

    def _ask(self, question: str, *arguments):
        """The translator's answer within its time, from a thread that may be left behind."""
        if self.inner is None:
            raise Unavailable(gettext("It is not set up."))
        answers: list = []

        def ask():
            try:
                answers.append((True, getattr(self.inner, question)(*arguments)))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the translator's
                answers.append((False, error))

        thread = threading.Thread(target=ask, name="machine translation", daemon=True)
        thread.start()
        thread.join(self.options.get("TIMEOUT", PATIENCE))
        if not answers:
            logger.warning("The machine translator %s does not answer.", self.display_name)
            raise Unavailable(gettext("It does not answer."))
        went_well, answer = answers[0]
        if not went_well:
            logger.error("The machine translator %s failed.", self.display_name, exc_info=answer)
            raise Unavailable(gettext("It is out of order."))
        return answer


def fill(translation: Translation, user: User) -> tuple[bool, str]:
    """Has what is untranslated translated, as not yet reviewed: whether that went well, and a sentence.

    Holds no transaction while the translator is at work.
    """
    translator = get_machine_translator()
    source, target = translation.source.locale, translation.target_locale
    names = {
        "translator": getattr(translator, "display_name", ""),
        "language": target.get_display_name(),
    }
    if translator is None:
        return False, gettext("No machine translation is set up.")
    waiting = _untranslated(translation)
    if not waiting:
        return True, gettext("%(language)s: there is nothing left to translate.") % names
    if not translator.can_translate(source, target):
        return False, gettext("%(translator)s cannot translate into %(language)s now.") % names
    try:
        found = translator.answer(source, target, waiting)
    except Unavailable as reason:
        sentence = gettext("%(language)s: nothing was translated by %(translator)s. %(reason)s")
        return False, sentence % (names | {"reason": reason})
    places = [(place, found[string]) for string in found for place in waiting[string]]
    with transaction.atomic():
        saved = sum(
            StringTranslation.objects.get_or_create(
                translation_of_id=string,
                context_id=context,
                locale=target,
                defaults={
                    "data": value.data,
                    "translation_type": StringTranslation.TRANSLATION_TYPE_MACHINE,
                    "tool_name": translator.display_name,
                    "last_translated_by": user,
                },
            )[1]
            for (string, context), value in places
        )
    left = len(waiting) - len(found)
    sentence = ngettext(
        "%(language)s: %(count)d text was translated by %(translator)s and waits for a person to confirm it.",
        "%(language)s: %(count)d texts were translated by %(translator)s and wait for a person to confirm them.",
        saved,
    ) % (names | {"count": saved})
    if left:
        sentence += " " + ngettext(
            "It could not translate %(count)d.", "It could not translate %(count)d.", left
        ) % {"count": left}
    return bool(saved), sentence


def _untranslated(translation: Translation) -> dict[StringValue, list[tuple[int, int]]]:
    """The places, as (String, context), of each text that has no translation."""
    done = set(
        StringTranslation.objects.filter(
            context__object=translation.source.object_id, locale=translation.target_locale
        ).values_list("translation_of_id", "context_id")
    )
    waiting: dict[StringValue, list[tuple[int, int]]] = {}
    for segment in (
        StringSegment.objects.filter(source=translation.source)
        .select_related("string")
        .order_by("order")
    ):
        place = segment.string_id, segment.context_id
        if place not in done:
            places = waiting.setdefault(segment.string.as_value(), [])
            if place not in places:
                places.append(place)
    return waiting
