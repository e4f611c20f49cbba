"""Questions on the terminal: an answer comes from a flag, from the environment, or from the person who sits there."""

import argparse
import getpass
import os
from collections.abc import Callable
from pathlib import Path

from anshin.project.cli.wording import _

PREFIX = "ANSHIN_SETUP_"


class Unfit(Exception):
    """An answer cannot be taken; `str(error)` says why and what to do."""


def taken(value: str) -> str:
    """Every answer will do."""
    return value


class Terminal:
    """Asks, or with `is_silent` takes what was given and the defaults."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.is_silent: bool = given.yes
        self._given = given
        self._answers: dict[str, str] = {}
        self._is_second_time = False

    def say(self, *sentences: str) -> None:
        """One line each."""
        for sentence in sentences:
            print(sentence)

    def given(self, name: str) -> str | None:
        """What the flag, ANSHIN_SETUP_<NAME> or the file of ANSHIN_SETUP_<NAME>_FILE says."""
        if self._is_second_time:
            return None
        from_flag = getattr(self._given, name, None)
        if from_flag is not None:
            return str(from_flag)
        variable = PREFIX + name.upper()
        if path := os.environ.get(f"{variable}_FILE"):
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise Unfit(
                    _("The file %(path)s cannot be read: %(why)s.") % {"path": path, "why": error.strerror}
                ) from None
        return os.environ.get(variable)

    def ask_again(self) -> None:
        """From here on, flags count no more; the answers given so far are proposed."""
        self._is_second_time = True

    def ask(
        self,
        name: str,
        question: str,
        *,
        default: str | None = None,
        check: Callable[[str], str] = taken,
        is_secret: bool = False,
    ) -> str:
        """The checked answer. `default` None: there must be one.

        Raises Unfit when nobody can be asked and what was given will not do.
        """
        answer = self.given(name)
        if self._is_second_time and not is_secret:
            default = self._answers.get(name, default)
        while True:
            if answer is None:
                answer = self._answer(name, question, default, is_secret=is_secret)
            try:
                self._answers[name] = check(answer)
                return self._answers[name]
            except Unfit as unfit:
                if self.is_silent:
                    raise
                self.say(f"  ! {unfit}")
                answer = None

    def yes(self, question: str, *, default: bool) -> bool:
        """Yes or no; the default when nobody can be asked."""
        if self.is_silent:
            return default
        said = self._read(f"{question} [{'Y/n' if default else 'y/N'}] ").strip().lower()
        return default if not said else said[0] in {"y", "は"}

    def pick(self, question: str, choices: dict[str, str], *, default: str) -> str:
        """The key of one of `choices`; by number."""
        if self.is_silent:
            return default
        keys = list(choices)
        self.say(question, *(f"  {number}  {choices[key]}" for number, key in enumerate(keys, 1)))
        while True:
            said = self._read(f"  [{keys.index(default) + 1}] ").strip()
            if not said:
                return default
            if said.isdecimal() and 1 <= int(said) <= len(keys):
                return keys[int(said) - 1]
            self.say("  ! " + _("Enter one of the numbers."))

    def _answer(self, name: str, question: str, default: str | None, *, is_secret: bool) -> str:
        if self.is_silent:
            if default is None:
                words = _("“%(question)s” has no answer. Give it as --%(flag)s or in %(variable)s.")
                if is_secret:
                    words = _(
                        "“%(question)s” has no answer. Give it in %(variable)s or in a file in %(variable)s_FILE."
                    )
                flag, variable = name.replace("_", "-"), PREFIX + name.upper()
                raise Unfit(words % {"question": question, "flag": flag, "variable": variable})
            return default
        if is_secret:
            return self._read(f"{question}: ", secretly=True)
        return self._read(f"{question} [{default}]: " if default else f"{question}: ").strip() or default or ""

    def _read(self, prompt: str, *, secretly: bool = False) -> str:
        try:
            return getpass.getpass(prompt) if secretly else input(prompt)
        except EOFError:
            words = _("Nobody answers at this terminal. Use --yes and give the answers as flags; --help lists them.")
            raise Unfit(words) from None
