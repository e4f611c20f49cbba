"""Which adapter fills which socket, and what runs by the clock: in one place."""

from typing import cast

from django.conf import settings


def fill_sockets() -> None:
    """Plug every adapter in. Called once at start, when all rooms are loaded."""
    from anshin.cases.ports import closing_checks, filled_forms, reply_check
    from anshin.channels.web_form.queries import KeptAnswers
    from anshin.commerce.ports import order_files, stock_files
    from anshin.connectors.csv_files.adapter import CsvOrderFiles
    from anshin.connectors.csv_files.consultations import CsvLedgerFiles
    from anshin.connectors.csv_files.stock import CsvStockFiles
    from anshin.connectors.json_orders.adapter import OrderFilesAndJson
    from anshin.delivery.queries import ArrangementsCheck
    from anshin.insights.ports import ledger_files
    from anshin.plumbing.jobs import timetable
    from anshin.project.sign_in_post import SignInPost
    from anshin.project.timetable import TIMETABLE
    from anshin.project.visitor_post import VisitorPost
    from anshin.replies.actions.checking import PlaceholderCheck
    from anshin.replies.ports import case_sources, objectors
    from anshin.returns.actions import ReturnClosingCheck, ReturnObjector, ReturnSource
    from anshin.shops.ports import postbox
    from anshin.visits.ports import letter_slot

    reply_check.fill(PlaceholderCheck())
    case_sources.fill((ReturnSource(),))
    objectors.fill((ReturnObjector(),))
    closing_checks.fill((ArrangementsCheck(), ReturnClosingCheck()))
    postbox.fill(SignInPost())
    letter_slot.fill(VisitorPost())
    order_files.fill(OrderFilesAndJson(CsvOrderFiles()))
    stock_files.fill(CsvStockFiles())
    ledger_files.fill(CsvLedgerFiles())
    filled_forms.fill(KeptAnswers())
    _keepers()
    _mail()
    _safety()
    _papers()
    _money()
    _programs()
    _as_set()
    timetable.register(TIMETABLE)


def _as_set() -> None:
    """What the installation's settings put in the place of something else."""
    if settings.ANSHIN_OUTSIDE:
        _practice()
    if settings.ANSHIN_JOBS == "celery":
        _broker()
    if settings.ANSHIN_LIVE_URL:
        _bell()
    if settings.ANSHIN_FILES:
        _file_store()


def _bell() -> None:
    """What tells web processes of each other's changes instead of the database. redis is imported only for it."""
    from anshin.connectors.bells.adapter import RedisBell
    from anshin.plumbing.live.ports import carrier

    carrier.fill(RedisBell(settings.ANSHIN_LIVE_URL))


def _file_store() -> None:
    """A bucket instead of a folder. boto3 is imported only for it; `serve` and `worker` say what is wrong with it."""
    from anshin.plumbing.files.ports import Shelf, shelf
    from anshin.project.cli.file_store import Refusing, Unfit, bucket

    try:
        shelf.fill(bucket(settings.ANSHIN_FILES))
    except Unfit:
        shelf.fill(cast(Shelf, Refusing()))


def _broker() -> None:
    """What tells workers on other machines of jobs. Celery is imported only here and by its worker."""
    from anshin.connectors.brokers.adapter import CeleryBroker
    from anshin.plumbing.jobs.ports import broker

    broker.fill(CeleryBroker(settings.ANSHIN_BROKER_URL, settings.TASKS["default"]["QUEUES"]))


def _mail() -> None:
    """Mail that leaves, originals of mail that came, and whether the mailboxes are well."""
    from anshin.cases.ports import originals, outbox
    from anshin.channels.email.alerts.well import mailboxes_are_well
    from anshin.channels.email.originals.rereading import MailOriginals
    from anshin.channels.email.ports import transport
    from anshin.channels.email.sending.adapter import EmailOutbox
    from anshin.channels.email.sending.counted import Counted
    from anshin.channels.email.sending.over_http import ByAccount, ServiceTransport
    from anshin.channels.email.servers.smtp import SmtpTransport
    from anshin.plumbing.wellness import more_looks

    outbox.fill(EmailOutbox())
    originals.fill(MailOriginals())
    transport.fill(Counted(ByAccount(SmtpTransport(), ServiceTransport())))
    more_looks.fill((mailboxes_are_well,))


def _keepers() -> None:
    """Where else words of customers stand, that are struck and erased with their case."""
    from anshin.cases.ports import keepers
    from anshin.channels.email.originals.striking import MailKeeper
    from anshin.channels.web_form.keeping import FormKeeper
    from anshin.delivery.actions.keeping import TroubleKeeper
    from anshin.replies.actions.keeping import PromiseKeeper
    from anshin.returns.actions import ReturnKeeper
    from anshin.satisfaction.actions.keeping import SurveyKeeper
    from anshin.slips.actions import SlipKeeper

    rooms = (SurveyKeeper(), TroubleKeeper(), ReturnKeeper(), SlipKeeper(), PromiseKeeper())
    keepers.fill((MailKeeper(), FormKeeper(), *rooms))


def _safety() -> None:
    """What takes product-safety mails out, and what brings publishers' lists in."""
    from anshin.channels.email.ports import other_mails
    from anshin.connectors.feeds.adapter import PublishersFeeds, PublishersServers
    from anshin.project.safety_post import SafetyBounces, SafetyMailPost
    from anshin.safety.ports import feed_servers, feeds, safety_post

    safety_post.fill(SafetyMailPost())
    other_mails.fill((SafetyBounces(),))
    feeds.fill(PublishersFeeds())
    feed_servers.fill(PublishersServers())


def _papers() -> None:
    """What prints, and writes for carriers."""
    from anshin.connectors.carriers.adapter import CarrierSlipFiles
    from anshin.connectors.carriers.issued import CarrierIssuedFiles
    from anshin.connectors.csv_files.packing import CsvPackingFiles
    from anshin.connectors.papers.adapter import (
        PrintedLabels,
        PrintedPapers,
        PrintedReturnInvoices,
        PrintedSafetyLetters,
        PrintedSafetyReports,
    )
    from anshin.delivery.ports import packing_files, papers, slip_files
    from anshin.returns.ports import labels, return_invoices
    from anshin.safety.ports import letter_papers, report_papers
    from anshin.slips.ports import issued_files

    labels.fill(PrintedLabels())
    return_invoices.fill(PrintedReturnInvoices())
    papers.fill(PrintedPapers())
    letter_papers.fill(PrintedSafetyLetters())
    report_papers.fill(PrintedSafetyReports())
    slip_files.fill(CarrierSlipFiles())
    packing_files.fill(CsvPackingFiles())
    issued_files.fill(CarrierIssuedFiles())


def _money() -> None:
    """What pays back."""
    from anshin.commerce.ports import payments, transfer_files
    from anshin.commerce.terms import PaymentProvider
    from anshin.connectors.bank_files.adapter import ZenginFiles
    from anshin.connectors.payments.adapter import ByProvider, StripePayments

    payments.fill(ByProvider({PaymentProvider.STRIPE: StripePayments()}))
    transfer_files.fill(ZenginFiles())


def _programs() -> None:
    """What tells other programs."""
    from anshin.connectors.webhooks.adapter import HttpsMessenger
    from anshin.integrations.ports import messenger

    messenger.fill(HttpsMessenger())


def _practice() -> None:
    """Demo, development and tests: nothing leaves the machine, what would leave is shown under /dev/outside."""
    from anshin.channels.email.ports import transport
    from anshin.channels.email.sending.counted import Counted
    from anshin.commerce.fakes import PracticePayments
    from anshin.commerce.ports import payments
    from anshin.commerce.terms import PaymentProvider
    from anshin.connectors.payments.adapter import ByProvider
    from anshin.integrations.fakes import PracticeMessenger
    from anshin.integrations.ports import messenger
    from anshin.project.outside.post_office import OutsidePostOffice
    from anshin.project.outside.publishers import OutsidePublishers
    from anshin.safety.ports import feed_servers

    transport.fill(Counted(OutsidePostOffice()))
    messenger.fill(PracticeMessenger())
    feed_servers.fill(OutsidePublishers())
    payments.fill(ByProvider({PaymentProvider.PRACTICE: PracticePayments()}))
