"""What the frame of every desk page shows: the rail."""

from typing import Any

from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, Any]:
    """Nothing outside the desk."""
    return {}
