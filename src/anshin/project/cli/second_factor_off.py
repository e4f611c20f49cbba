"""The command `anshin second-factor-off`: for somebody who lost everything and whom no owner can help."""

import argparse

from anshin.project.cli.wording import _, fail

HELP = "Take app, passkeys and recovery codes away from a person who lost them, and sign them out everywhere."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("mail", metavar="ADDRESS", help="The mail address with which the person signs in.")


def run(options: argparse.Namespace) -> int:
    """0 when it was taken away, 2 when nobody has this address or a second factor."""
    from anshin.plumbing import clock
    from anshin.shops.actions import take_factor_away_at_the_server

    if not take_factor_away_at_the_server(mail=options.mail, now=clock.now()):
        return fail(_("Nobody with the address %(mail)s has a second factor."), mail=options.mail)
    print(_("Taken away. The person signs in with the password now, and sets a new one up."))
    return 0
