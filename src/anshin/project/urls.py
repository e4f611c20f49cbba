"""All addresses of the installation, room by room."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from anshin.plumbing.pages import views as pages
from anshin.project import health
from anshin.project.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("pages/", include("anshin.plumbing.pages.urls")),
    path("account/", include("anshin.staff.account_urls")),
    path("s/<slug:slug>/settings/mail/", include("anshin.channels.email.urls")),
    path("mail/", include("anshin.channels.email.open_urls")),
    path("payments/", include("anshin.connectors.payments.urls")),
    path("f/<slug:shop>/", include("anshin.channels.web_form.urls")),
    path("p/<slug:shop>/", include("anshin.portal.urls")),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics, name="metrics"),
    path("notices/v1/", include("anshin.widget.urls")),
    path("api/", include("anshin.api.urls")),
    path("", include("anshin.staff.urls")),
]
if settings.ANSHIN_OUTSIDE:
    from anshin.plumbing.pages.gallery import components

    urlpatterns.append(path("dev/components", components, name="components"))
    urlpatterns.append(path("dev/", include("anshin.project.outside.urls")))

if settings.ANSHIN_MODE in {"demo", "test"}:
    from anshin.project.outside_sign_in import SignInWithCast, sign_in_as

    urlpatterns = [
        path("account/login/", SignInWithCast.as_view(), name="account_login"),
        path("dev/sign-in", sign_in_as, name="sign_in_as"),
        *urlpatterns,
    ]

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.server_error
