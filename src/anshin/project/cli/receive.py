"""The command `anshin receive`: one mail on standard input, for the pipe of a mail server.

What it ends with is what mail servers understand (sysexits.h). Everything that is not the sender's mistake ends with
75, “try again later”, so that no mail is returned because of a fault of ours.
"""

import argparse
import os
import sys
from typing import BinaryIO

HELP = "Take in one mail on standard input, for the pipe of a mail server (Postfix, Exim, procmail)."
BAD_USE = os.EX_TEMPFAIL
_PORTION_BYTES = 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "recipients",
        nargs="*",
        metavar="ADDRESS",
        help="To whom the mail was delivered (default: as Delivered-To, X-Original-To or Envelope-To say).",
    )
    parser.add_argument("--mailbox", action="append", default=[], metavar="ADDRESS", help="The same as ADDRESS.")
    parser.add_argument("--shop", default="", metavar="SLUG", help="Only mailboxes of this shop.")


def run(options: argparse.Namespace) -> int:
    """0 when the mail is kept, 67 or 68 when no mailbox has the address, 65 when it is too large, else 75."""
    try:
        import django

        django.setup()
        return _receive(options)
    except Exception as error:
        return _later(f"The mail could not be kept: {type(error).__name__}: {error}")


def _receive(options: argparse.Namespace) -> int:
    from anshin.channels.email.arriving import receiving
    from anshin.channels.email.rules import LARGEST_MAIL_BYTES
    from anshin.plumbing import clock
    from anshin.shops.queries import shop_by_slug

    shop = shop_by_slug(options.shop) if options.shop else None
    if options.shop and shop is None:
        return _later(f"There is no shop with the short name {options.shop}.")
    raw = _read(sys.stdin.buffer, LARGEST_MAIL_BYTES)
    try:
        named = [*options.mailbox, *options.recipients]
        received = receiving.receive(raw=raw, recipients=named, now=clock.now(), shop=shop)
    except receiving.NobodyHere as error:
        code = os.EX_NOUSER if error.has_domain else os.EX_NOHOST
        return _end(code, f"5.1.1 No mailbox here has this address: {error}")
    except receiving.TooLarge:
        return _end(os.EX_DATAERR, f"5.3.4 The mail is larger than {LARGEST_MAIL_BYTES // 1024 // 1024} MB.")
    except receiving.NotReceived as error:
        return _later(_WHY[type(error).__name__].format(error))
    for address in received.unknown:
        print(f"Kept, but no mailbox here has this address: {address}", file=sys.stderr)
    return os.EX_OK


_WHY = {
    "NobodyNamed": "Nobody said to whom the mail was delivered. Write the address behind `anshin receive`.",
    "NoMailboxes": "There is no mailbox yet in this installation or shop. Is ANSHIN_DATA or DATABASE_URL right?",
    "Ambiguous": "More than one shop has a mailbox {}. Say which: --shop SLUG.",
}


def _read(source: BinaryIO, largest_bytes: int) -> bytes:
    """All that comes, or one byte more than is allowed; the rest is read away so that the writer does not choke."""
    raw = source.read(largest_bytes + 1)
    while source.read(_PORTION_BYTES):
        pass
    return raw


def _later(words: str) -> int:
    return _end(os.EX_TEMPFAIL, f"4.3.0 {words}")


def _end(code: int, words: str) -> int:
    """Mail servers put the first line into their log and, for what is permanent, into the report to the sender."""
    print(" ".join(words.split()), file=sys.stderr)
    return code
