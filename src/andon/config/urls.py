"""Every address of the application, one line a module."""

from django.urls import include, path

urlpatterns = [
    path("", include("andon.accounts.signin")),
    path("setup/", include("andon.accounts.urls")),
    path("setup/", include("andon.organization.urls")),
    path("r/", include("andon.records.urls")),
    path("nonconformities/", include("andon.modules.nonconformities.urls")),
    path("", include("andon.assurance.urls")),
]
