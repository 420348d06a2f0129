"""What an applicant reaches by the private link of their request. Included under the language's prefix."""

from django.urls import path

from funding.views import drafting, link, reporting, standing

urlpatterns = [
    path("", link.ask_for_link, name="request_link"),
    path("<str:token>/", standing.request, name="request"),
    path("<str:token>/preview/", drafting.preview, name="request_preview"),
    path("<str:token>/discard/", drafting.discard, name="request_discard"),
    path("<str:token>/message/", standing.message, name="request_message"),
    path("<str:token>/files/", standing.files, name="request_files"),
    path("<str:token>/files/<int:number>/", standing.file, name="request_file"),
    path("<str:token>/name/", standing.name, name="request_name"),
    path("<str:token>/report/", reporting.report, name="request_report"),
    path("<str:token>/withdraw/", standing.withdraw, name="request_withdraw"),
]
