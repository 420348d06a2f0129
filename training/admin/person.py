"""One registration: what was answered, what was sent and done, and changing it."""

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import Locale

from hub import languages
from hub.admin.history import history_of
from hub.admin.mail import mails_about
from hub.forms.links import renew
from hub.mail import outbox
from hub.mail.addresses import address_key
from hub.models import OutgoingMail
from training import links, questions, seats
from training.admin.desk import DeskView, PersonView
from training.admin.export import answer_in_words, question_labels
from training.admin.forms import AddForm, EditForm, form_class
from training.admin.history import mail_label
from training.admin.steps import steps_for
from training.models import Registration
from training.stages import Stage, stage_of

# What the form changes, and what is worked out from it; where the person stands is left alone.
WRITTEN = ["form_data", "address", "locale", "address_key", "search_text"]
KNOWN = gettext_lazy("This address is registered for the session already.")


class RegistrationView(PersonView, TemplateView):
    permission_required = "view"
    template_name = "training/admin/person.html"

    def get_page_title(self):
        return self.person_name

    def get_breadcrumbs_items(self):
        *above, _person, here = super().get_breadcrumbs_items()
        return [*above, here]

    def answers(self) -> list[tuple[str, str]]:
        """Question and answer; of a question that was taken out since, the name it had."""
        given = self.registration.form_data
        labels = question_labels(self.roster)
        names = [*labels, *(name for name in given if name not in labels)]
        return [(labels.get(name, name), answer_in_words(name, given.get(name))) for name in names]

    def get_context_data(self, **kwargs):
        steps = [step for step in steps_for(self.roster) if step.fits(self.registration)]
        return super().get_context_data(**kwargs) | {
            "answers": self.answers(),
            "language": languages.own_name(self.registration.locale.language_code),
            "place": self.registration.place_in_line(),
            "mails": mails_about(self.registration, "registrations:mail_again", mail_label),
            "history": history_of(self.registration),
            "steps": steps,
            "may_move": not self.roster.is_over
            and self.registration.status in {seats.CONFIRMED, seats.WAITING, seats.OFFERED},
            "may_get_link": self.registration.anonymised_at is None,
        }


class PersonFormView(FormView):
    """Wagtail's page around a form with a session's questions."""

    template_name = "training/admin/person_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"page": self.session, "user": self.request.user}


class AddView(PersonFormView, DeskView):
    page_title = gettext_lazy("Add a person")

    def get_form_class(self):
        return form_class(AddForm, self.session)

    def dispatch(self, request, *args, **kwargs):
        if self.user_has_permission("change"):
            stage = stage_of(self.roster)
            if stage in {Stage.CANCELLED, Stage.OVER}:
                messages.warning(request, stage.refusal)
                return redirect(self.roster_url)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"adds": True}

    def form_valid(self, form):
        key = f"desk:{form.cleaned_data['key']}"
        stored = Registration.objects.filter(idempotency_key=key).first()
        if stored is None:
            try:
                stored = seats.add(self.new(form, key), self.roster, user=self.request.user)
            except seats.Refused as refusal:
                form.add_error(questions.EMAIL, refusal)
                return self.form_invalid(form)
        name = stored.name or stored.reference
        if stored.holds_seat:
            sentence = _("%(name)s has a seat, and gets the confirmation by mail.")
        else:
            sentence = _(
                "All seats are taken: %(name)s is on the waiting list, and is told so by mail."
            )
        messages.success(self.request, sentence % {"name": name})
        return redirect(self.roster_url)

    def new(self, form, key: str) -> Registration:
        given = form.answers()
        return Registration(
            page_id=self.session.pk,
            locale=Locale.objects.get(pk=form.cleaned_data["language"]),
            form_data=given,
            address=given[questions.EMAIL],
            consent_text=form.cleaned_data["agreed_how"],
            consented_at=timezone.now(),
            idempotency_key=key,
            retained_until=self.session.retained_until(),
            added_by=self.request.user,
        )


class EditView(PersonFormView, PersonView):
    page_title = gettext_lazy("Edit details")

    def dispatch(self, request, *args, **kwargs):
        if self.user_has_permission("change") and self.registration.anonymised_at:
            messages.warning(
                request, _("What this person wrote was deleted when its time was over.")
            )
            return redirect(self.person_url)
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return form_class(EditForm, self.session)

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs() | {"registration": self.registration}
        del kwargs["initial"]
        return kwargs

    def form_valid(self, form):
        registration, given = self.registration, form.answers()
        changed = [form.fields[name].label for name in form.changed_data]
        moves = address_key(given[questions.EMAIL]) != registration.address_key
        registration.form_data = given
        registration.address = given[questions.EMAIL]
        registration.locale_id = form.cleaned_data["language"]
        try:
            with transaction.atomic():
                registration.save(update_fields=WRITTEN)
                if moves:
                    send_new_link(registration)
                if changed:
                    log(
                        registration,
                        "training.edited",
                        user=self.request.user,
                        data={"fields": [str(label) for label in changed]},
                    )
        except IntegrityError:
            form.add_error(questions.EMAIL, KNOWN)
            return self.form_invalid(form)
        if moves:
            messages.success(
                self.request,
                _(
                    "Saved. The new address gets a mail with the link to the registration; links that "
                    "were sent before no longer work."
                ),
            )
        else:
            messages.success(self.request, _("Saved."))
        return redirect(self.person_url)


def send_new_link(registration: Registration) -> bool:
    """Makes the links of before worthless and mails a new one; False if one is on its way already."""
    start = f"training.link:{registration.reference}:"
    if outbox.waiting(start).filter(to=registration.address).exists():
        return False
    renew(registration)
    links.send(registration)
    return True


class LinkView(PersonView, View):
    """The button "Send a new link"."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        if self.registration.anonymised_at or not self.registration.address:
            messages.warning(request, _("There is no address any more that a link could go to."))
        elif send_new_link(self.registration):
            log(self.registration, "training.link", user=request.user)
            messages.success(
                request, _("A mail with a new link goes out. The links of before no longer work.")
            )
        else:
            messages.warning(request, _("A mail with a new link is on its way already."))
        return redirect(self.person_url)


class MailAgainView(PersonView, View):
    """The button "Send again" beside a mail that was given up."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        mail = get_object_or_404(OutgoingMail, pk=kwargs["mail"], submission=self.registration.pk)
        if outbox.send_again(mail):
            messages.success(request, _("The mail goes out again within a minute."))
        else:
            messages.warning(request, _("This mail is not given up: there is nothing to do."))
        return redirect(self.person_url)
