"""A process that runs the jobs that are due, with Stripe at the address given; to be killed while it waits there.

python -m tests.connectors.payments.outside.pay_process http://127.0.0.1:PORT
"""

import os
import sys

import django


def main(address: str) -> None:
    django.setup()
    from django.conf import settings

    from anshin.commerce.ports import payments
    from anshin.commerce.terms import PaymentProvider
    from anshin.connectors.payments.adapter import ByProvider, StripePayments
    from anshin.plumbing import clock
    from anshin.plumbing.jobs.inline import run_due_jobs

    settings.MEDIA_ROOT = os.environ["ANSHIN_FILES_OF_TEST"]
    payments.fill(ByProvider({PaymentProvider.STRIPE: StripePayments(address=address)}))
    run_due_jobs(clock.now())


if __name__ == "__main__":
    main(sys.argv[1])
