from hub.models.accounts import User
from hub.models.attachments import Attachment
from hub.models.forms import HubFormField, Submission
from hub.models.jobs import JobRun
from hub.models.mail import OutgoingMail
from hub.models.mail_texts import MailText
from hub.models.media import DocumentVersion, HubDocument, HubImage, HubRendition
from hub.models.pages import BasePage, RelatedStory
from hub.models.release import Release, ReleasePage
from hub.models.site import DisplayZone, FooterLink, SiteSettings
from hub.models.translation import (
    GlossaryTerm,
    LanguageTeam,
    ReaderDemand,
    SectionSubmission,
    SourceChange,
    TranslationTask,
    TranslatorQuestion,
)
from hub.models.vocabularies import Country, PageTopic, Topic, TranslatedText, Vocabulary

__all__ = [
    "Attachment",
    "BasePage",
    "Country",
    "DisplayZone",
    "DocumentVersion",
    "FooterLink",
    "GlossaryTerm",
    "HubDocument",
    "HubFormField",
    "HubImage",
    "HubRendition",
    "JobRun",
    "LanguageTeam",
    "MailText",
    "OutgoingMail",
    "PageTopic",
    "ReaderDemand",
    "RelatedStory",
    "Release",
    "ReleasePage",
    "SectionSubmission",
    "SiteSettings",
    "SourceChange",
    "Submission",
    "Topic",
    "TranslatedText",
    "TranslationTask",
    "TranslatorQuestion",
    "User",
    "Vocabulary",
]
