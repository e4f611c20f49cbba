"""The verbs of the satisfaction room: ask, answer, read, set."""

from anshin.satisfaction.actions.answering import NoScore, TooLate, UnknownSurvey, answer, mark_seen
from anshin.satisfaction.actions.asking import ask, ask_later
from anshin.satisfaction.actions.setting import WrongHours, set_survey

__all__ = [
    "NoScore",
    "TooLate",
    "UnknownSurvey",
    "WrongHours",
    "answer",
    "ask",
    "ask_later",
    "mark_seen",
    "set_survey",
]
