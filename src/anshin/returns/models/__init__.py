"""Tables of the returns room, one file for each noun."""

from anshin.returns.models.policy import Policy, PolicyShowing

__all__ = ["Policy", "PolicyShowing"]
