"""What a reader typed, as the terms to look for."""

from dataclasses import dataclass

from hub.stemming import fold, stem, words

# More than anyone means, few enough to be quick.
MAX_TERMS = 16

# Words that say nothing about what is looked for, folded. "How do I ask for money" would otherwise
# only find pages with a "how" and a "do". A query of nothing else is searched for as it is.
STOP_WORDS = {
    language: frozenset(text.split())
    for language, text in {
        "ar": "في من علي الي عن مع هذا هذه ذلك تلك التي الذي الذين ان ما لا لم لن هل كيف متي اين او ثم "
        "و قد كان كل بين هو هي هم نحن انا يا",
        "de": "der die das den dem des ein eine einen einem einer und oder in im an am auf mit von vom "
        "zu zum zur fur ist sind wie was wo wann wer ich wir sie es nicht als auch bei aus",
        "en": "a an the and or of in on at to for from by with as is are was were be been do does did "
        "how what when where which who why i we you it its my our your their this that these "
        "those can could should would not if about into",
        "es": "a al el la los las un una unos unas y e o u de del en con por para que como cuando donde "
        "quien cual es son fue ser se su sus mi mis nuestro nuestra lo le les no si sin sobre",
        "fr": "a au aux le la les un une des de du d l n s c j m t qu et ou en dans avec par pour que qui "
        "quoi comment quand est sont etre se sa son ses mon ma mes notre nos votre vos leur leurs "
        "ce cet cette ces ne pas si sur il elle on nous vous je y",
        "it": "a al alla il lo la i gli le un uno una e o di del della dei in con per da che come quando "
        "dove chi e sono si su non l d",
        "pt": "a ao aos as o os um uma e ou de do da dos das em no na nos nas com por para que como "
        "quando onde quem e sao se seu sua nao sobre",
        "ru": "и в во на с со к ко у о об от до из за по для при что как где когда кто это этот эта эти "
        "не ни же бы ли мы вы я он она они наш ваш их а но или",
    }.items()
}


@dataclass(frozen=True)
class Query:
    """The stems of what was typed, each once, in the order typed.

    There are none if nothing was typed or less than two letters or digits.
    """

    text: str = ""
    terms: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str, language: str) -> "Query":
        typed = [word for _start, _end, word in words(text)]
        ignored = STOP_WORDS.get(language.partition("-")[0].lower(), frozenset())
        telling = [word for word in typed if fold(word) not in ignored] or typed
        terms = tuple(dict.fromkeys(stem(word, language) for word in telling))
        is_enough = sum(map(len, terms)) >= 2
        return cls(text, terms[:MAX_TERMS] if is_enough else ())

    @property
    def is_too_short(self) -> bool:
        return bool(self.text) and not self.terms
