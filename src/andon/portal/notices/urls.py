"""Addresses of the notices."""

from django.urls import path

from . import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.inbox, name="inbox"),
    path("notices/read/", views.all_read, name="all_read"),
    path("notices/<int:pk>/open/", views.opened, name="open"),
    path("notices/escalated/", views.escalated, name="escalated"),
    path("notices/watch/<str:number>/", views.watch, name="watch"),
    path("notices/settings/", views.settings, name="settings"),
    path("notices/absences/new/", views.absence_new, name="absence_new"),
    path("notices/absences/<int:pk>/end/", views.absence_end, name="absence_end"),
    path("notices/calendar/renew/", views.calendar_renew, name="calendar_renew"),
    path("notices/calendar/end/", views.calendar_end, name="calendar_end"),
    path("calendar/<str:secret>.ics", views.calendar, name="calendar"),
    path("setup/background/", views.duties, name="duties"),
    path("setup/mail/", views.mails, name="mails"),
    path("setup/mail/<int:pk>/again/", views.mail_again, name="mail_again"),
]
