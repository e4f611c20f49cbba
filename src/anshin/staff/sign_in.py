"""Sign-in of staff: accounts are made by invitation only, and a session loads the person with their shops at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from anshin.shops.queries import signed_in_person

if TYPE_CHECKING:
    from anshin.shops.models import Person


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up: the owner invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's interface
        return False


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in by mail address and password; one query brings the person and their memberships."""

    def get_user(self, user_id: int) -> Person | None:
        return signed_in_person(user_id)
