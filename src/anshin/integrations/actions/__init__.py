"""The verbs of this room."""

from anshin.integrations.actions.answers import Answered, TakenOver, forget_answers, once
from anshin.integrations.actions.keys import count_use, make_key, revoke_key, revoke_keys_of
from anshin.integrations.actions.refusals import BadKey, BadWebhook, StillBeingDone, UnknownWebhook, WordTaken
from anshin.integrations.actions.sending import deliver, hold_after_restore
from anshin.integrations.actions.telling import forget_tellings, send_again, send_all_again, send_test, tell
from anshin.integrations.actions.webhooks import (
    add_webhook,
    change_webhook,
    pause_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
)
from anshin.integrations.rules import fingerprint

__all__ = [
    "Answered",
    "BadKey",
    "BadWebhook",
    "StillBeingDone",
    "TakenOver",
    "UnknownWebhook",
    "WordTaken",
    "add_webhook",
    "change_webhook",
    "count_use",
    "deliver",
    "fingerprint",
    "forget_answers",
    "forget_tellings",
    "hold_after_restore",
    "make_key",
    "once",
    "pause_webhook",
    "remove_webhook",
    "resume_webhook",
    "revoke_key",
    "revoke_keys_of",
    "rotate_secret",
    "send_again",
    "send_all_again",
    "send_test",
    "tell",
]
