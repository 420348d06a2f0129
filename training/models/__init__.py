from training.models.evaluation import Evaluation
from training.models.index import TrainingIndexPage
from training.models.registration import Registration, RegistrationStatus
from training.models.roster import Roster
from training.models.sessions import RegistrationQuestion, SessionPage, SessionQuerySet
from training.models.vocabularies import Format, Level

__all__ = [
    "Evaluation",
    "Format",
    "Level",
    "Registration",
    "RegistrationQuestion",
    "RegistrationStatus",
    "Roster",
    "SessionPage",
    "SessionQuerySet",
    "TrainingIndexPage",
]
