"""Django's settings, made from the documented environment variables in environment.py."""

import os
import sys
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from anshin.plumbing import clock
from anshin.plumbing.web.reach import Network, networks_of
from anshin.project import database, environment
from anshin.project.identity_apps import identity_apps

clock.shift_from_environment()

TESTING = "pytest" in sys.modules
ANSHIN_MODE = "test" if TESTING else environment.read("ANSHIN_MODE")
ANSHIN_OUTSIDE = ANSHIN_MODE in {"development", "demo", "test"}  # /dev/… pages exist
DEBUG = ANSHIN_MODE == "development"
BASE = Path(__file__).resolve().parents[1]
DATA = Path(environment.read("ANSHIN_DATA")).resolve()


def _secret_key() -> str:
    """The secret of this installation; a fixed one only where nothing is at stake (tests, building pages)."""
    if TESTING:
        return "only-for-tests-" + "x" * 40
    key_file = DATA / "secret.key"
    given = environment.read("ANSHIN_SECRET_KEY")
    return given or (key_file.read_text().strip() if key_file.exists() else "not-set-up")


def _inside_networks() -> tuple[Network, ...]:
    """Networks inside in which mail servers may stand. Raises BadSetting, naming what is no network."""
    try:
        return networks_of(environment.read("ANSHIN_INSIDE_NETWORKS"))
    except ValueError as error:
        raise environment.BadSetting(f"ANSHIN_INSIDE_NETWORKS: {error}") from error


def _whole(name: str, *, least: int) -> int:
    """A setting that is a whole number. Raises BadSetting."""
    told = environment.read(name)
    if not told.isdecimal() or int(told) < least:
        raise environment.BadSetting(f"{name} must be a whole number, at least {least}, not “{told}”.")
    return int(told)


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = [host.strip() for host in environment.read("ANSHIN_HOSTS").split(",") if host.strip()]
ANSHIN_ADDRESS = environment.read("ANSHIN_ADDRESS").rstrip("/")
CSRF_TRUSTED_ORIGINS = [ANSHIN_ADDRESS]
SMIME_ISSUERS = "" if TESTING else environment.read("ANSHIN_SMIME_ISSUERS")
ANSHIN_PROXIES = _whole("ANSHIN_PROXIES", least=0)
ANSHIN_INSIDE_NETWORKS = () if TESTING else _inside_networks()

_url = os.environ.get("ANSHIN_TEST_DATABASE_URL", "") if TESTING else environment.read("DATABASE_URL")
DATABASES = {"default": database.from_url(_url) if _url else database.sqlite(DATA / "anshin.sqlite3")}
if TESTING:
    DATABASES["default"]["CONN_MAX_AGE"] = 0

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "anshin.plumbing.pages",
    "anshin.plumbing.backups",
    "anshin.plumbing.files",
    "anshin.plumbing.jobs",
    "anshin.plumbing.journal",
    "anshin.plumbing.live",
    "anshin.plumbing.search",
    "anshin.shops",
    "anshin.commerce",
    "anshin.cases",
    "anshin.replies",
    "anshin.routing",
    "anshin.connectors.carriers",
    "anshin.connectors.csv_files",
    "anshin.connectors.json_orders",
    "anshin.connectors.papers",
    "anshin.connectors.bank_files",
    "anshin.connectors.payments",
    "anshin.connectors.feeds",
    "anshin.channels.email",
    "anshin.channels.web_form",
    "anshin.satisfaction",
    "anshin.delivery",
    "anshin.returns",
    "anshin.slips",
    "anshin.visits",
    "anshin.safety",
    "anshin.integrations",
    "anshin.promoters",
    "anshin.insights",
    "anshin.staff",
    "anshin.portal",
    "anshin.widget",
    "anshin.api",
    "anshin.project",
    "allauth",  # behind ours, whose templates and translations come first
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "anshin.project.outside",
]
MIDDLEWARE = [
    "anshin.plumbing.watching.middleware.Watched",
    "django.middleware.security.SecurityMiddleware",
    "anshin.plumbing.pages.shields.Shields",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "anshin.plumbing.pages.away.WayBack",
    "anshin.plumbing.pages.language_choice.LanguageChoice",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "anshin.project.urls"
ASGI_APPLICATION = "anshin.project.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("anshin.plumbing.pages.loader.Loader", ["django.template.loaders.app_directories.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anshin.plumbing.pages.context.page",
                "anshin.staff.context.desk",
                "anshin.channels.email.context.notices",
            ],
            "builtins": ["django.templatetags.i18n", "anshin.plumbing.pages.templatetags.pages"],
        },
    }
]

AUTH_USER_MODEL = "shops.Person"
AUTHENTICATION_BACKENDS = ["anshin.staff.sign_in.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "anshin.staff.passwords.NotBreached"},
]
PASSWORD_HASHERS = [  # the first makes, the others are known until the next sign-in
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_ADAPTER = "anshin.staff.sign_in.StaffAccounts"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ALLAUTH_TRUSTED_PROXY_COUNT = ANSHIN_PROXIES  # whose failed sign-ins are counted together
ACCOUNT_FORMS = {
    "login": "anshin.staff.sign_in_forms.SignInForm",
    "request_login_code": "anshin.staff.sign_in_forms.CodeRequestForm",
    "confirm_login_code": "anshin.staff.sign_in_forms.CodeForm",
    "reset_password": "anshin.staff.sign_in_forms.ResetForm",
    "reset_password_from_key": "anshin.staff.sign_in_forms.ResetKeyForm",
    "set_password": "anshin.staff.sign_in_forms.SetPasswordForm",
    "change_password": "anshin.staff.sign_in_forms.ChangePasswordForm",
    "reauthenticate": "anshin.staff.sign_in_forms.AgainForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told by mail
MFA_ADAPTER = "anshin.staff.second_factor.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute wrong
MFA_FORMS = {
    "authenticate": "anshin.staff.second_factor_forms.FactorForm",
    "authenticate_webauthn": "anshin.staff.second_factor_forms.PasskeyForm",
    "reauthenticate": "anshin.staff.second_factor_forms.FactorAgainForm",
    "reauthenticate_webauthn": "anshin.staff.second_factor_forms.PasskeyAgainForm",
    "login_webauthn": "anshin.staff.second_factor_forms.PasskeyLoginForm",
    "activate_totp": "anshin.staff.second_factor_forms.AppForm",
    "add_webauthn": "anshin.staff.second_factor_forms.AddPasskeyForm",
    "edit_webauthn": "anshin.staff.second_factor_forms.NamePasskeyForm",
}
MESSAGE_STORAGE = "anshin.plumbing.pages.said.SealedMessages"
SOCIALACCOUNT_ADAPTER = "anshin.staff.identities.Identities"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": identity_apps()}}
CACHES = {
    "default": {"BACKEND": "anshin.plumbing.sharing.TwoCaches"},
    "shared": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shops_tried",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds; the link lies in a mailbox and in a job row

ANSHIN_MAIL_APPS = {  # provider: client ID, secret, tenant
    "google": (environment.read("ANSHIN_GOOGLE_CLIENT_ID"), environment.read("ANSHIN_GOOGLE_CLIENT_SECRET"), ""),
    "microsoft": (
        environment.read("ANSHIN_MICROSOFT_CLIENT_ID"),
        environment.read("ANSHIN_MICROSOFT_CLIENT_SECRET"),
        environment.read("ANSHIN_MICROSOFT_TENANT"),
    ),
}

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "anshin_language"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "files"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

TASKS = {
    "default": {
        "BACKEND": "anshin.plumbing.jobs.backend.JobRows",
        "QUEUES": ["default", "mail_in", "mail_out", "import", "reactions", "upkeep", "search", "webhooks"],
        "OPTIONS": {"AT_ONCE": {"mail_in": 1, "import": 1, "webhooks": 2}},
    }
}
ANSHIN_METRICS_TOKEN = "" if TESTING else environment.read("ANSHIN_METRICS_TOKEN")
ANSHIN_LOG = "lines" if TESTING else environment.read("ANSHIN_LOG")
ANSHIN_JOBS = "rows" if TESTING else environment.read("ANSHIN_JOBS")
ANSHIN_BROKER_URL = environment.read("ANSHIN_BROKER_URL")
ANSHIN_LIVE_URL = "" if TESTING else environment.read("ANSHIN_LIVE_URL")
ANSHIN_FILES = "" if TESTING else environment.read("ANSHIN_FILES")
ANSHIN_BACKUP_TO = "" if TESTING else environment.read("ANSHIN_BACKUP_TO")
ANSHIN_BACKUP_PASSPHRASE = "" if TESTING else environment.read("ANSHIN_BACKUP_PASSPHRASE")
ANSHIN_BACKUP_KEEP = int(environment.read("ANSHIN_BACKUP_KEEP"))

_secure = ANSHIN_ADDRESS.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _secure else 0
if _secure:  # a browser takes such a cookie from this host alone, over TLS, for all of it
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_ENGINE = "anshin.plumbing.sessions"
SESSION_IDLE_SECONDS = _whole("ANSHIN_SESSION_IDLE_MINUTES", least=10) * 60
SESSION_COOKIE_AGE = _whole("ANSHIN_SESSION_LONGEST_HOURS", least=1) * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "anshin.plumbing.pages.views.csrf_failed"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}
_form = "json" if ANSHIN_LOG == "json" else "lines"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {"()": "anshin.project.sealed_log.Line"},
        "json": {"()": "anshin.project.sealed_log.JsonLine"},
    },
    "filters": {
        "away": {"()": "anshin.project.sealed_log.DatabaseAway"},
        "sealed": {"()": "anshin.project.sealed_log.SealedPaths"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": _form, "filters": ["away", "sealed"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "anshin": {"level": "INFO"},
        "anshin.access": {"level": "INFO" if _form == "json" else "WARNING"},
    },
}
