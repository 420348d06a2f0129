"""One function turns text into the stems that are indexed, and a query into those looked for."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

# Languages without an entry are folded, not stemmed: still better than the words as typed.
STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}

# These two take off one of several endings: مشتريات and المشتريات, plaidoyer and plaidoyers only
# meet when the stem is stemmed again.
_STEMMED_AGAIN = {"arabic", "french"}
# "And the", "so the", written together with the word; the stemmer leaves them on.
_ARABIC_AND = re.compile(r"^[وف](?=(?:ال|لل|بال|كال)..)")
# закупка, закупок: the vowel comes and goes. It goes.
_RUSSIAN_FLEETING_VOWEL = re.compile(r"(?<=[бвгджзлмнпрстфхцчшщ])[ое]к$")

_TATWEEL = "\u0640"
_SAME_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ё": "е", _TATWEEL: None}
)
# Letters that Unicode does not take apart, in the spelling of those who do not have the key.
_WITHOUT_THE_KEY = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})

# Marks belong to the word they are written in (tashkeel, accents typed apart, vowel signs), and so
# do soft hyphens and joiners. Chinese and Japanese put no space between words: each character is
# taken for one.
_MARKS = "".join(
    chr(code) for code in range(0x20000) if unicodedata.category(chr(code)) in {"Mn", "Mc"}
)
_JOINERS = "\u00ad\u200c\u200d"
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(
    rf"[{_IDEOGRAPHS}]|[^\W{_IDEOGRAPHS}](?:[^\W{_IDEOGRAPHS}]|[{_MARKS}{_JOINERS}])*"
)


def fold(text: str) -> str:
    """Lower case without accents, tashkeel, tatweel and the variants of alef, yeh and ё.

    Digits of every script become 0 to 9.
    """
    decomposed = unicodedata.normalize("NFKD", _plain(text)).casefold().translate(_WITHOUT_THE_KEY)
    return "".join(
        str(unicodedata.decimal(letter, letter))
        for letter in decomposed
        if not unicodedata.combining(letter)
    )


def words(text: str) -> list[tuple[int, int, str]]:
    """Each word of ``text`` with where it starts and ends."""
    return [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]


# A stem takes 45 microseconds, and the words of a site are few: remembering them makes indexing
# and marking a page some fifty times as fast.
@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The folded stem of one word. Stems before folding too: endings may carry accents."""
    name = STEMMERS.get(language.partition("-")[0].lower())
    if name is None:
        return fold(word)
    plain = _plain(word)
    if name == "arabic":
        plain = _ARABIC_AND.sub("", plain)
    stemmed = _stem_once(name, plain)
    if name in _STEMMED_AGAIN:
        for _repetition in range(3):
            stemmed = _stem_once(name, stemmed)
    if name == "russian":
        stemmed = _RUSSIAN_FLEETING_VOWEL.sub("к", stemmed)
    return fold(stemmed)


@lru_cache(maxsize=50_000)
def spellings(word: str, language: str) -> tuple[str, ...]:
    """The stem of a word, and that of the word as typed by people who leave the accents out.

    The two differ where an accent makes an ending: "licitação" is "licit", "licitacao" "licitaca".
    """
    folded = fold(word)
    stemmed = stem(word, language)
    unaccented = stem(folded, language) if folded.isascii() else stemmed
    return (stemmed,) if unaccented == stemmed else (stemmed, unaccented)


def stems(text: str, language: str) -> list[str]:
    """The stems to index of all words of ``text``, in order, repeats included."""
    return [stemmed for _start, _end, word in words(text) for stemmed in spellings(word, language)]


@lru_cache(maxsize=8)
def text_to_index(text: str, language: str) -> str:
    """The stems of ``text`` as one string; of the latest texts remembered.

    To index a page the search backend asks three times for each of its fields.
    """
    return " ".join(stems(text, language))


def _plain(text: str) -> str:
    """Lower case in one spelling of each letter, accents kept, without invisible characters."""
    composed = unicodedata.normalize("NFKC", text).translate(_SAME_LETTERS).lower()
    return "".join(letter for letter in composed if unicodedata.category(letter) != "Cf")


def _stem_once(name: str, word: str) -> str:
    # A stemmer keeps the word it works on in itself, so threads must not share one; a new one
    # costs next to nothing.
    return snowballstemmer.stemmer(name).stemWord(word)
