"""What an applicant sees of their request, and what they may do with it.

Its steps are in funding.drafts, funding.dialogue and funding.decisions.
"""

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from funding import drafts, intake, questions, reports, states
from funding.criteria import in_language
from funding.models import CriteriaVersion, Decision, GrantRequest, RequestPage
from funding.models.requests import GRANTED
from funding.states import Actor
from hub import private_files
from hub.forms import answers, builder, links, private_pages
from hub.forms.private_pages import Desk
from hub.mail import outbox, words
from hub.models import Attachment, OutgoingMail

NO_FILES_NOW = _("Files can be added until the request is decided.")
NO_FILE = _("Choose a file first.")
NOT_GRANTED = _("A name is only asked for once a grant is awarded.")
NAME_MISSING = _("Write the name that may be published.")


class Standing:
    """How a request stands, in the reader's ``language``. What is asked of its page costs queries."""

    def __init__(self, request: GrantRequest, language: str):
        self.request = request
        self.language = language

    @cached_property
    def page(self) -> RequestPage:
        """The form in the language, else the one that was used. One query."""
        pages = RequestPage.objects.select_related("locale").filter(
            translation_key__in=RequestPage.objects.filter(pk=self.request.page_id).values(
                "translation_key"
            )
        )
        found = {page.locale.language_code: page for page in pages if page.live}
        used = next(page for page in pages if page.pk == self.request.page_id)
        return found.get(self.language, used)

    @cached_property
    def criteria(self) -> CriteriaVersion:
        """The version it was begun under. One query where that is in another language."""
        return in_language(self.request.criteria, self.language)

    @cached_property
    def form_class(self) -> type[intake.RequestForm]:
        return self.page.form_class_for(self.criteria)

    @cached_property
    def files(self) -> list[Attachment]:
        return list(self.request.attachments.all())

    def forget_files(self):
        """After some were added or taken out."""
        self.__dict__.pop("files", None)

    @cached_property
    def messages(self) -> list:
        return list(self.request.messages.all())

    @cached_property
    def decision(self) -> Decision | None:
        return Decision.objects.filter(request=self.request.pk).first()

    @property
    def letter(self) -> str:
        """What the mail with the decision said. Its link is this page's, whenever it was renewed."""
        return words.fill(self.decision.letter, {"link": links.address_of(self.request, "request")})

    @property
    def may_write(self) -> bool:
        return self.request.takes_messages

    @property
    def may_ask_anew(self) -> bool:
        """Whether a new request is the way on, and can be begun."""
        is_over = self.request.status in (states.DECLINED, states.WITHDRAWN)
        return is_over and self.page.live

    @property
    def may_add_files(self) -> bool:
        return self.request.is_undecided and len(self.files) < private_files.MAX_FILES

    @property
    def may_withdraw(self) -> bool:
        return states.may(self.request, states.WITHDRAWN, Actor.APPLICANT)

    @property
    def may_report(self) -> bool:
        return not reports.refusal(self.request)

    def bound(self, data, files=None) -> intake.RequestForm:
        return self.form_class(data, files, page=self.page, has_files=bool(self.files))

    def written(self, given: dict) -> list[tuple[str, list[tuple[str, str]]]]:
        """Questions and what ``given`` answers to them, in words, under the form's headings."""
        form = self.form_class(page=self.page)
        return [
            (
                heading,
                [
                    (field.label, answers.in_words(field.field, given[field.name]))
                    for field in fields
                    if given.get(field.name) not in (None, "", [], False)
                ],
            )
            for heading, fields in form.groups
        ]


class _OwnForm(builder.HubForm):
    """A small form on the page of a request."""

    purpose = ""

    def __init__(self, request: GrantRequest, data=None, files=None, **options):
        super().__init__(data, files, page=Desk(f"funding.{self.purpose}:{request.pk}"), **options)
        self.request = request


class AnswerForm(_OwnForm):
    purpose = "answer"

    text = builder.TextField(
        label=_("What do you want to say?"),
        error_messages={"required": builder.FILL_IN},
        validators=[builder.refuse_controls, builder.LengthValidator(builder.TEXT_LENGTH)],
    )


class FilesForm(_OwnForm):
    purpose = "files"

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields[questions.FILES] = questions.files_field(
            required=True, error_messages={"required": NO_FILE}
        )


class NamingForm(_OwnForm):
    """Whether a grantee may be named in public, and how."""

    purpose = "naming"

    may_be_named = builder.one_of(
        [("yes", _("Yes")), ("no", _("No"))], _("May we name you among the grants on this site?")
    )
    public_name = builder.line_field(
        label=_("Under which name?"),
        help_text=_("Only if you said yes. Your organisation’s, or another you choose."),
        required=False,
    )

    def __init__(self, request, *args, **options):
        initial = {
            "may_be_named": {True: "yes", False: "no"}.get(request.may_be_named, ""),
            "public_name": request.public_name or request.organisation,
        }
        super().__init__(request, *args, initial=initial, **options)

    def clean(self):
        cleaned_data = super().clean()
        if cleaned_data.get("may_be_named") == "yes" and not cleaned_data.get("public_name"):
            self.add_error("public_name", NAME_MISSING)
        return cleaned_data


class LinkForm(private_pages.LinkForm):
    desk = Desk("funding.link")

    email = builder.email_field(
        label=_("Email"), help_text=_("The address in your request, or in your draft.")
    )


def mail_links(address: str):
    """Mails an address the links to all its requests, and to the drafts whose link it was mailed before.

    At most one mail an hour for each, whoever asks. Three queries at most.
    """
    found = GrantRequest.objects.filter(anonymised_at=None).of_address(address)
    mails = [
        drafts.link_mail(request) if request.is_draft else _link_mail(request) for request in found
    ]
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)


def _link_mail(request: GrantRequest) -> OutgoingMail:
    key = f"funding.link:{request.reference}:{timezone.now():%Y%m%d%H}"
    return outbox.unwritten(key, "funding.link", request)


def name_in_public(request: GrantRequest, form: NamingForm):
    """Keeps what a grantee said about being named; it can be changed at any time.

    Raises Refused when there is no grant.
    """
    may_be_named = form.cleaned_data["may_be_named"] == "yes"
    said = {
        "may_be_named": may_be_named,
        "public_name": form.cleaned_data["public_name"] if may_be_named else "",
    }
    granted = GrantRequest.objects.filter(pk=request.pk, status__in=GRANTED)
    if not granted.update(**said):
        raise states.Refused(NOT_GRANTED)
