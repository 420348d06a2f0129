"""The report of a grantee, behind the private link of the request."""

from django.http import HttpResponseRedirect

from funding import reports, states
from funding.views.link import about, address, behind_link
from funding.views.standing import stand
from hub.forms import private_pages


@behind_link(*private_pages.WRITE)
def report(request, standing):
    asked = standing.request
    if asked.is_draft or asked.status == states.REPORTED:
        return HttpResponseRedirect(address(standing))
    if why := reports.refusal(asked):
        return stand(request, standing, 403, problem=why)

    def make(data=None, files=None):
        return reports.ReportForm(data, page=standing.page)

    def take(form):
        reports.give(asked, form)
        return address(standing, done="reported")

    context = about(standing)
    return private_pages.take_form(request, "funding/request_report.html", context, make, take)
