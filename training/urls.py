"""What a person reaches by the link in their mails. Included under the language's prefix."""

from django.urls import path

from training import views

urlpatterns = [
    path("", views.ask_for_link, name="registration_link"),
    path("<str:token>/", views.registration, name="registration"),
    path("<str:token>/accept/", views.accept, name="registration_accept"),
    path("<str:token>/withdraw/", views.withdraw, name="registration_withdraw"),
    path("<str:token>/edit/", views.edit, name="registration_edit"),
    path("<str:token>/calendar/", views.calendar, name="registration_calendar"),
    path("<str:token>/certificate/", views.certificate, name="registration_certificate"),
    path("<str:token>/evaluation/", views.evaluate, name="registration_evaluation"),
]
