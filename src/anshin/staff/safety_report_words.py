"""The report on a product-safety notice in words: page, CSV and PDF say the same, because all are drawn from this."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from anshin.plumbing.pages import dates
from anshin.safety.ports import ReportBar, ReportPaper, ReportTable
from anshin.safety.queries import PeriodFigures, Report, facts_of
from anshin.safety.terms import Answer, MailRound, MailState, Standing
from anshin.staff.safety_words import name_of, product_line
from anshin.staff.spreadsheets import BOM, safe_cell

if TYPE_CHECKING:
    from anshin.safety.models import Advisory


def paper(advisory: Advisory, found: Report, *, now: datetime) -> ReportPaper:
    """The whole report in the reader's language."""
    return ReportPaper(
        title=advisory.title,
        sub=" · ".join([_("Product-safety notice: report"), name_of(advisory)]),
        issuer=advisory.shop.name,
        made=_("As of %(moment)s") % {"moment": _exactly(now)},
        rows=tuple(_rows(advisory, found)),
        figures=(
            (_("Recall rate"), percent(found.rate)),
            (_("Corrected rate"), percent(found.corrected)),
            (_("From publication to the page"), seconds_words(found.reached_seconds)),
            (_("From publication to the last mail"), seconds_words(found.last_mail_seconds)),
        ),
        bars_title=_("How far it got"),
        bars=tuple(bars(found)),
        tables=(_periods(found), _ways(found), _answers(found), _rounds(found), _estimates(found)),
        notes=_notes(),
    )


def bars(found: Report) -> Iterator[ReportBar]:
    """From the buyers to those who are safe, and those whom nothing reaches."""
    mails, told = found.first_mails, found.told
    yield ReportBar(_("Buyers"), _people(found.buyers))
    yield ReportBar(_("Orders whose buyers are told"), _orders(told), _share(told, told))
    yield ReportBar(_("Mails written"), _mails(mails.written), _share(mails.written, mails.written))
    yield ReportBar(_("Mails sent"), _mails(mails.sent), _share(mails.sent, mails.written))
    delivered = mails.in_state(MailState.SENT)
    yield ReportBar(_("Arrived: did not come back"), _mails(delivered), _share(delivered, mails.written))
    lost = mails.in_state(MailState.BOUNCED, MailState.FAILED)
    yield ReportBar(_("Came back or refused"), _mails(lost), _share(lost, mails.written))
    by_hand = found.by_hand
    if by_hand.all:
        for name, count in (
            (_("Told by telephone"), by_hand.called),
            (_("Letters posted"), by_hand.written_to),
            (_("Told in another way, or answered"), by_hand.otherwise),
            (_("Still to be called or written to"), by_hand.to_call + by_hand.to_write),
        ):
            yield ReportBar(name, _people(count), _share(count, by_hand.all))
    yield ReportBar(_("Answered"), _orders(found.answered), _share(found.answered, told))
    yield ReportBar(_("Remedy done"), _orders(found.remedied), _share(found.remedied, told))
    missed = by_hand.out_of_reach
    yield ReportBar(_("No way to reach"), _people(missed), _share(missed, found.buyers))


def as_csv(told: ReportPaper) -> str:
    """The same for a spreadsheet, with the mark by which it knows UTF-8; a cell never begins like a formula."""
    file = io.StringIO()
    file.write(BOM)
    writer = csv.writer(file)
    for row in _lines(told):
        writer.writerow([safe_cell(cell) for cell in row])
    return file.getvalue()


def percent(rate: float | None) -> str:
    """83.4 %, or that there is nothing to measure by."""
    return "—" if rate is None else f"{rate:.1f}%"


def seconds_words(seconds: int | None) -> str:
    """12秒, 3分20秒, 2時間5分."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return _("%(seconds)s s") % {"seconds": rest}


def _lines(told: ReportPaper) -> Iterator[list[str]]:
    yield [told.sub, told.title, told.made]
    for name, value in (*told.rows, *told.figures):
        yield [name, value]
    yield []
    yield [told.bars_title]
    for bar in told.bars:
        yield [bar.name, _plain(bar.count), "" if bar.percent is None else f"{bar.percent:.1f}"]
    for table in told.tables:
        if table.rows:
            yield []
            yield [table.title]
            yield list(table.heads)
            yield from (list(row) for row in table.rows)
    yield []
    for note in told.notes:
        yield [note]


def _plain(count: str) -> str:
    """The figure without its unit and commas, to be summed."""
    return "".join(each for each in count if each.isdecimal())


def _rows(advisory: Advisory, found: Report) -> Iterator[tuple[str, str]]:
    facts = facts_of(advisory)
    yield _("Publisher"), facts.agency
    yield _("Source"), facts.source_url
    yield pgettext("safety report", "Products"), "、".join(product_line(each) for each in facts.products)
    if advisory.publish_at:
        yield _("Publication time"), _exactly(advisory.publish_at)
    if advisory.released_at:
        yield _("Public since"), _exactly(advisory.released_at)
    if found.first_mails.last_at:
        waiting = found.first_mails.waiting
        rest = (
            ngettext("%(count)s mail still to leave", "%(count)s mails still to leave", waiting) % {"count": waiting}
            if waiting
            else ""
        )
        yield _("Last mail"), " · ".join(filter(None, [_exactly(found.first_mails.last_at), rest]))
    first = _(", first on %(moment)s") % {"moment": _exactly(found.first_shown_at)} if found.first_shown_at else ""
    yield (
        _("Shown on product pages"),
        ngettext("%(count)s time", "%(count)s times", found.shown) % {"count": f"{found.shown:,}"} + first,
    )
    yield _("Items concerned"), f"{found.target:,}"
    yield _("Items done"), f"{found.done:,}"
    yield _("Items thrown away, estimated"), f"{found.scrapped:,}"


def _periods(found: Report) -> ReportTable:
    heads = (
        pgettext("safety report", "Period"),
        _("Answers"),
        pgettext("safety report", "Done"),
        _("Done so far"),
        _("Estimated thrown away"),
        pgettext("safety report", "Rate"),
        pgettext("safety report", "Corrected"),
    )
    return ReportTable(_("Report periods"), heads, tuple(_period(each) for each in found.periods))


def _period(each: PeriodFigures) -> tuple[str, ...]:
    days = f"{each.period.first:%Y/%m/%d} – {each.period.last:%Y/%m/%d}"
    return (
        days if each.period.is_over else _("%(days)s, so far") % {"days": days},
        f"{each.answered:,}",
        f"{each.done:,}",
        f"{each.total:,}",
        f"{each.scrapped:,}",
        percent(each.rate),
        percent(each.corrected),
    )


def _ways(found: Report) -> ReportTable:
    rows = [(str(standing.label), f"{found.by_standing.get(standing, 0):,}") for standing in Standing]
    rows.append((_("By mail, but the mail came back or was refused"), f"{found.without_working_mail:,}"))
    return ReportTable(
        _("On which way"), (pgettext("safety report", "Way"), pgettext("safety report", "Orders")), tuple(rows)
    )


def _answers(found: Report) -> ReportTable:
    rows = tuple((str(said.label), f"{found.answers[said]:,}") for said in Answer if found.answers.get(said))
    heads = (pgettext("safety report", "Answer"), pgettext("safety report", "Orders"))
    return ReportTable(_("What buyers answered"), heads, rows)


def _rounds(found: Report) -> ReportTable:
    heads = (
        pgettext("safety report", "Mails"),
        pgettext("safety report", "Written"),
        pgettext("safety report", "Sent"),
        _("Came back or refused"),
        pgettext("safety report", "Waiting"),
    )
    rows = tuple(
        (
            str(which.label),
            f"{mails.written:,}",
            f"{mails.sent:,}",
            f"{mails.in_state(MailState.BOUNCED, MailState.FAILED):,}",
            f"{mails.waiting:,}",
        )
        for which in MailRound
        if (mails := found.mails.get(which))
    )
    return ReportTable(pgettext("safety report", "Mails"), heads, rows)


def _estimates(found: Report) -> ReportTable:
    heads = (pgettext("safety report", "Ground"), pgettext("safety report", "Written down"), _("Items"))
    rows = tuple((each.ground, f"{_exactly(each.at)} {each.by.person}", f"{each.items:,}") for each in found.estimates)
    return ReportTable(_("Estimates of what is thrown away"), heads, rows)


def _notes() -> tuple[str, ...]:
    return (
        _(
            "Recall rate: items done / items concerned. Corrected rate: (items done + estimated thrown away) / items "
            "concerned, after the recall handbook of METI. Reports: every 3 months in the first year, every 6 months "
            "after it."
        ),
        _(
            "Done: the remedy is settled, or the buyer has thrown the item away; where there is no remedy, the buyer "
            "has stopped using it. Orders cancelled or wholly returned before the notice are not among those concerned."
        ),
        _("Whether mails are opened is not watched: a mail tells nobody that it was read."),
    )


def _share(count: int, whole: int) -> float:
    return 100 * count / whole if whole else 0.0


def _people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": f"{count:,}"}


def _orders(count: int) -> str:
    return ngettext("%(count)s order", "%(count)s orders", count) % {"count": f"{count:,}"}


def _mails(count: int) -> str:
    return ngettext("%(count)s mail", "%(count)s mails", count) % {"count": f"{count:,}"}


def _exactly(at: datetime) -> str:
    return dates.exactly(at, language=get_language() or "ja")
