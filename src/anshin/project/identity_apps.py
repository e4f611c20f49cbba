"""Where staff may sign in besides: Google, Microsoft and a server of the operator's own, as the settings name them."""

from __future__ import annotations

from typing import Any

from anshin.project import environment

# Sources: https://accounts.google.com/.well-known/openid-configuration and
# https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration, as documented in November 2026.
_GOOGLE = "https://accounts.google.com"
_MICROSOFT = "https://login.microsoftonline.com/"  # its issuer names the tenant by number, whatever the settings say


def identity_apps() -> list[dict[str, Any]]:
    """The apps in the form that django-allauth reads. Raises BadSetting, naming what is missing."""
    return [_app(name.strip()) for name in environment.read("ANSHIN_SIGN_IN_WITH").split(",") if name.strip()]


def _app(name: str) -> dict[str, Any]:
    match name:
        case "google":
            return _made("google", "Google", _GOOGLE, "ANSHIN_GOOGLE")
        case "microsoft":
            tenant = environment.read("ANSHIN_MICROSOFT_TENANT")
            if not tenant:
                # every organisation is then an issuer of its own, which no single issuer can be compared with
                raise environment.BadSetting("ANSHIN_SIGN_IN_WITH=microsoft needs ANSHIN_MICROSOFT_TENANT.")
            return _made("microsoft", "Microsoft", f"{_MICROSOFT}{tenant}/v2.0", "ANSHIN_MICROSOFT", issuer=_MICROSOFT)
        case "oidc":
            issuer = environment.read("ANSHIN_OIDC_ISSUER")
            if not issuer:
                raise environment.BadSetting("ANSHIN_SIGN_IN_WITH=oidc needs ANSHIN_OIDC_ISSUER.")
            return _made("oidc", environment.read("ANSHIN_OIDC_NAME") or "OpenID Connect", issuer, "ANSHIN_OIDC")
        case _:
            raise environment.BadSetting(f"ANSHIN_SIGN_IN_WITH knows google, microsoft and oidc, not {name}.")


def _made(key: str, name: str, address: str, prefix: str, *, issuer: str = "") -> dict[str, Any]:
    """`issuer`: how the issuer of tokens begins, where it is not the address."""
    client = environment.read(f"{prefix}_CLIENT_ID")
    if not client:
        raise environment.BadSetting(f"ANSHIN_SIGN_IN_WITH={key} needs {prefix}_CLIENT_ID.")
    return {
        "provider_id": key,
        "name": name,
        "client_id": client,
        "secret": environment.read(f"{prefix}_CLIENT_SECRET"),
        "settings": {
            "server_url": address.rstrip("/"),
            "issuer": issuer or address.rstrip("/"),
            "scope": ["openid", "email", "profile"],
        },
    }
