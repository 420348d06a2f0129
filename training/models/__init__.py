from training.models.clinic import ClinicPage, ClinicQuestion
from training.models.evaluation import Evaluation
from training.models.index import TrainingIndexPage
from training.models.next_session import Interest, NextSessionPage
from training.models.registration import Registration, RegistrationStatus
from training.models.roster import Roster
from training.models.sessions import RegistrationQuestion, SessionPage, SessionQuerySet
from training.models.stuck import StuckAnswer, StuckRequest, StuckState
from training.models.vocabularies import Format, Level

__all__ = [
    "ClinicPage",
    "ClinicQuestion",
    "Evaluation",
    "Format",
    "Interest",
    "Level",
    "NextSessionPage",
    "Registration",
    "RegistrationQuestion",
    "RegistrationStatus",
    "Roster",
    "SessionPage",
    "SessionQuerySet",
    "StuckAnswer",
    "StuckRequest",
    "StuckState",
    "TrainingIndexPage",
]
