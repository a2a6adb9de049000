"""Addresses of the second factor."""

from django.urls import path

from andon.entry import factors_views

app_name = "factors"

urlpatterns = [
    path("sign-in/second-step/", factors_views.second_step, name="second_step"),
    path("sign-in/passkey/", factors_views.passkey_sign_in, name="passkey_sign_in"),
    path("account/", factors_views.mine, name="mine"),
    path("account/code/", factors_views.add_generator, name="generator_new"),
    path("account/code/remove/", factors_views.remove_generator, name="generator_remove"),
    path("account/passkeys/new/", factors_views.add_passkey, name="passkey_new"),
    path("account/passkeys/<int:pk>/", factors_views.rename_passkey, name="passkey_name"),
    path("account/passkeys/<int:pk>/remove/", factors_views.remove_passkey, name="passkey_remove"),
    path("account/recovery-codes/", factors_views.new_codes, name="codes_new"),
    path("account/signing-pin/", factors_views.signing_pin, name="pin_signing"),
    path("account/tablet-pin/", factors_views.tablet_pin, name="pin_tablet"),
]
