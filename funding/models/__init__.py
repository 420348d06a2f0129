from funding.models.awards import AwardsPage
from funding.models.criteria import CriteriaVersion, Criterion
from funding.models.desk import Conflict, Decision, OutcomeReport, RequestMessage, Review
from funding.models.fund import FundPage
from funding.models.request_page import RequestPage, RequestQuestion
from funding.models.requests import GrantRequest, RequestStatus

__all__ = [
    "AwardsPage",
    "Conflict",
    "CriteriaVersion",
    "Criterion",
    "Decision",
    "FundPage",
    "GrantRequest",
    "OutcomeReport",
    "RequestMessage",
    "RequestPage",
    "RequestQuestion",
    "RequestStatus",
    "Review",
]
