"""Is the installation well? Each look gives a state and a sentence; where something is wrong, with what to do."""

from __future__ import annotations

import shutil
import socket
import ssl
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

import anshin
from anshin.plumbing import clock
from anshin.plumbing.backups import queries as backups
from anshin.plumbing.files.store import StorageAway, StorageRefuses, StorageTrouble, StorageUnwritable, own_shelf
from anshin.plumbing.jobs import queries as jobs
from anshin.plumbing.jobs.terms import State
from anshin.plumbing.live.ports import carrier
from anshin.plumbing.pages import dates
from anshin.plumbing.wellness import BAD, GOOD, WARN, Check, more_looks

if TYPE_CHECKING:
    from collections.abc import Callable

    from anshin.shops.models import Shop

LATE_JOBS = timedelta(minutes=5)
SILENT_CLOCKWORK = timedelta(minutes=10)
LOW_SHARE, LOWEST_SHARE, LOWEST_BYTES = 0.15, 0.05, 1_000_000_000
CLOCK_SECONDS = 1.0
CERTIFICATE_DAYS = 14
_CERTIFICATE_KEPT_SECONDS = 3600


def checks(shop: Shop, *, now: datetime) -> list[Check]:
    """All looks in the order of the page; the worst does not come first, so that each keeps its place."""
    own: tuple[Callable[[Shop, datetime], Check | None], ...] = (
        _work,
        _live,
        _backup,
        _files,
        _disk,
        _clock,
        _certificate,
        _version,
    )
    found = (look(shop, now) for look in (*(more_looks.peek() or ()), *own))
    return [check for check in found if check]


def _work(shop: Shop, now: datetime) -> Check:
    title, url = _("Background work"), reverse("staff:jobs", args=[shop.slug])
    due, ticked = jobs.oldest_due(now=now), jobs.last_tick()
    if (due and due < now - LATE_JOBS) or (ticked and ticked < now - SILENT_CLOCKWORK):
        words = _("Nobody works off what is due. Is ./anshin serve or ./anshin worker running?")
        return Check(title, BAD, words, url)
    if stuck := jobs.counts(shop.pk)[State.STUCK]:
        words = ngettext("%(count)s job waits for a person.", "%(count)s jobs wait for a person.", stuck)
        return Check(title, WARN, words % {"count": stuck}, url)
    return Check(title, GOOD, _("Everything that is due is done."), url)


def _live(_shop: Shop, _now: datetime) -> Check | None:
    told_by = carrier.peek()
    if told_by is None:
        return None  # the database does it
    if not told_by.is_well():
        words = _("Redis does not answer. Pages work; they hear of changes a second later. Look after ANSHIN_LIVE_URL.")
        return Check(_("Open pages"), WARN, words)
    return Check(_("Open pages"), GOOD, _("They hear of changes at once."))


def _backup(shop: Shop, now: datetime) -> Check:
    title, url = _("Backups"), reverse("staff:settings_backups", args=[shop.slug])
    if not settings.ANSHIN_BACKUP_TO:
        return Check(title, WARN, _("No nightly backup is set up"), url)
    found = backups.newest_whole()
    if found is None:
        return Check(title, WARN, _("There is no backup yet. The first is made tonight."), url)
    words = _("Newest backup: %(moment)s") % {"moment": _moment(found.begun_at, now)}
    return Check(title, BAD if backups.is_stale(now=now) else GOOD, words, url)


def _files(_shop: Shop, _now: datetime) -> Check:
    title = _("Files")
    try:
        remark = own_shelf().look()
    except (StorageTrouble, OSError) as trouble:
        known = isinstance(trouble, StorageAway | StorageRefuses)
        return Check(title, BAD, str(trouble) if known else str(StorageUnwritable()))
    if remark == "versions":
        words = _("The bucket keeps old versions: what is erased here stays there. Switch versioning off.")
        return Check(title, WARN, words)
    return Check(title, GOOD, _("Files can be kept and read."))


def _disk(_shop: Shop, _now: datetime) -> Check:
    there = settings.DATA if settings.DATA.exists() else settings.DATA.parent
    usage = shutil.disk_usage(there)
    share = usage.free / usage.total
    words = _("%(free)s GB of %(total)s GB are free.") % {
        "free": f"{usage.free / 1e9:,.0f}", "total": f"{usage.total / 1e9:,.0f}",
    }  # fmt: skip
    if share < LOWEST_SHARE or usage.free < LOWEST_BYTES:
        return Check(_("Disk"), BAD, f"{words} {_('Make room now: without it no mail can be kept.')}")
    if share < LOW_SHARE:
        return Check(_("Disk"), WARN, f"{words} {_('Plan for more, or shorten the periods of keeping.')}")
    return Check(_("Disk"), GOOD, words)


def _clock(_shop: Shop, _now: datetime) -> Check:
    ahead = abs(clock.ahead_of_database().total_seconds())
    if ahead > CLOCK_SECONDS:
        words = _("The clocks of this machine and of the database differ by %(seconds)s seconds. Set both by NTP.")
        return Check(_("Clock"), WARN, words % {"seconds": f"{ahead:.1f}"})
    return Check(_("Clock"), GOOD, _("The clocks of this machine and of the database agree."))


def _certificate(_shop: Shop, now: datetime) -> Check:
    title, address = _("Certificate"), urlsplit(settings.ANSHIN_ADDRESS)
    if address.scheme != "https":
        return Check(title, WARN, _("The desk is reached without encryption. Fine for a trial on one machine only."))
    days = cache.get_or_set(
        f"certificate:{address.netloc}",
        lambda: certificate_days(address.hostname or "", address.port or 443, now=now),
        _CERTIFICATE_KEPT_SECONDS,
    )
    if days is None:
        return Check(title, WARN, _("The certificate could not be looked at from here."))
    words = ngettext("Valid for %(days)s more day.", "Valid for %(days)s more days.", days) % {"days": days}
    if days < CERTIFICATE_DAYS:
        return Check(title, BAD if days < 3 else WARN, f"{words} {_('Renew it, and look why that did not happen.')}")
    return Check(title, GOOD, words)


def certificate_days(host: str, port: int, *, now: datetime) -> int | None:
    """For how many whole days the certificate under which the desk is reached is still valid; None: nobody answers."""
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout=3) as raw,
            context.wrap_socket(raw, server_hostname=host) as line,
        ):
            until = ssl.cert_time_to_seconds(str((line.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError:
        return 0
    except (OSError, KeyError):
        return None
    return max(0, int((until - now.timestamp()) // 86400))


def _moment(moment: datetime, now: datetime) -> str:
    return dates.when(moment, now=now, language=get_language() or "ja")


def _version(_shop: Shop, _now: datetime) -> Check:
    return Check(_("Version of Anshin"), GOOD, anshin.__version__)
