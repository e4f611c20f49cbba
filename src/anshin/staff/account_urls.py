"""Addresses of signing in and of passwords: what staff need of the sign-in library, and nothing else of it.

Its pages for changing the mail address are left out on purpose: whoever could set an address that is not theirs would
receive the next invitation to it.
"""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as apps
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path
from django.views.decorators.cache import never_cache

from anshin.staff import identities, second_factor_pages, sessions

urlpatterns = [
    path("login/", identities.SignIn.as_view(), name="account_login"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", sessions.leave, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),  # closed: says that accounts come by invitation
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("with/<slug:provider_id>/", identities.start, name="openid_connect_login"),
    path("with/<slug:provider_id>/back/", identities.back, name="openid_connect_callback"),
    path("identities/", identities.identities, name="socialaccount_connections"),
    path("identities/<int:pk>/remove/", identities.remove, name="identity_remove"),
    path("sessions/", sessions.sessions, name="account_sessions"),
    path("sessions/end/", sessions.end_all, name="account_sessions_end"),
    path("sessions/<int:pk>/end/", sessions.end, name="account_session_end"),
    path("factor/needed/", second_factor_pages.needed, name="factor_needed"),
    path("factor/", second_factor_pages.factors, name="mfa_index"),
    path("factor/enter/", factors.authenticate, name="mfa_authenticate"),
    path("factor/again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("factor/app/", never_cache(apps.activate_totp), name="mfa_activate_totp"),
    path("factor/app/remove/", apps.deactivate_totp, name="mfa_deactivate_totp"),
    path("factor/codes/", never_cache(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("factor/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factor/passkeys/", second_factor_pages.factors, name="mfa_list_webauthn"),
    path("factor/passkeys/new/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("factor/passkeys/again/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("factor/passkeys/sign-in/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("factor/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("factor/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]
