"""A process that takes a batch's file and takes a bank's answer over, and stands still before the commit; to be killed.

python -m tests.commerce.outside.mark_process BATCH REPLY BY MOMENT
"""

import sys
import time
from datetime import datetime

import django


def main(batch_id: int, reply_id: int, member_id: int, moment: str) -> None:
    django.setup()
    from django.db import transaction

    from anshin.commerce import actions
    from anshin.shops.models import Membership

    by, now = Membership.objects.select_related("shop", "person").get(pk=member_id), datetime.fromisoformat(moment)
    actions.take_batch_file(by=by, batch_id=batch_id, now=now)
    sys.stdout.write("taken\n")
    sys.stdout.flush()
    with transaction.atomic():
        actions.apply_bank_reply(by=by, reply_id=reply_id, now=now)
        sys.stdout.write("marked\n")
        sys.stdout.flush()
        time.sleep(120)  # until it is killed


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
