"""Writing to a part of those on a roster: write, see to how many, send."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages

from training.admin.desk import DeskView
from training.admin.forms import MessageForm
from training.messages import readers, send


class MessageView(FormView, DeskView):
    page_title = gettext_lazy("Write to people")
    template_name = "training/admin/message.html"
    form_class = MessageForm

    def form_valid(self, form):
        given = form.cleaned_data
        people = readers(self.roster, given["statuses"], given["language"])
        count = people.count()
        if not count:
            form.add_error("statuses", _("Nobody is in these groups, so nobody would get it."))
            return self.form_invalid(form)
        if not given["sure"] or "change" in self.request.POST:
            shows = "change" not in self.request.POST
            return self.render_to_response(
                self.get_context_data(form=form, count=count, preview=shows)
            )
        sent = send(
            self.roster,
            people,
            given["key"],
            subject=given["subject"],
            body=given["body"],
            user=self.request.user,
        )
        if sent:
            messages.success(
                self.request,
                ngettext(
                    "The message goes to %(count)d person within a few minutes.",
                    "The message goes to %(count)d people within a few minutes.",
                    sent,
                )
                % {"count": sent},
            )
        else:
            messages.warning(
                self.request, _("This message was sent already; nobody gets it twice.")
            )
        return redirect(self.roster_url)
