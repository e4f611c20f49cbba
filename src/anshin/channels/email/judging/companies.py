"""The dated list of companies that swindlers imitate, with their true domains; see companies.toml."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Company:
    """One company of the list; companies.toml says what each field means. The shop itself has no `name`."""

    name: str
    domains: tuple[str, ...]
    labels: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    is_worldwide: bool = False


def _read() -> dict[str, Any]:
    with resources.files("anshin.channels.email.judging").joinpath("companies.toml").open("rb") as file:
        return tomllib.load(file)


def _company(given: dict[str, Any]) -> Company:
    values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in given.items()}
    return Company(**values)


_LIST = _read()
COMPANIES: tuple[Company, ...] = tuple(map(_company, _LIST["companies"]))
CONSUMER_DOMAINS: frozenset[str] = frozenset(_LIST["consumer_domains"])
SENDING_SERVICES: frozenset[str] = frozenset(_LIST["sending_services"])
LURES: frozenset[str] = frozenset(_LIST["lures"])
MILD_LURES: frozenset[str] = LURES | frozenset(_LIST["mild_lures"])
NOT_MEANT: frozenset[str] = frozenset(_LIST["not_meant"])
NOT_CLAIMING: tuple[str, ...] = tuple(_LIST["not_claiming"])
GENUINE: frozenset[str] = frozenset(domain for company in COMPANIES for domain in company.domains)
