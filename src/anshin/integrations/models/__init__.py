"""Tables of the integrations room."""

from anshin.integrations.models.keys import ApiKey, KeptAnswer
from anshin.integrations.models.webhooks import Attempt, Delivery, Telling, Webhook

__all__ = ["ApiKey", "Attempt", "Delivery", "KeptAnswer", "Telling", "Webhook"]
