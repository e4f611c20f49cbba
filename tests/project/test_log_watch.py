"""The watch over the log sees what it is there for; that the suite's own lines tell nothing is seen at its end."""

import logging

import pytest

from anshin.project.sealed_log import Line
from tests.log_watch import LogWatch


@pytest.mark.parametrize("told", ["Case of 柏木 由紀子", "Paid with 4242 4242 4242 4242"])
def test_a_line_that_names_somebody_is_kept(told):
    watch, logger = LogWatch(), logging.getLogger("anshin.log_watch_tried")
    logger.propagate = False
    logger.addHandler(watch)
    try:
        logger.info("Job 17 of shop 3 failed.")
        logger.info("%s", told)
        try:
            raise ValueError(told)
        except ValueError:
            logger.exception("Something failed.")
    finally:
        logger.removeHandler(watch)
    assert len(watch.found) == 2


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("450 4.2.1 Busy <m0@docomo.ne.jp>", "450 4.2.1 Busy <…@docomo.ne.jp>"),
        ("Called 090-1234-5678 twice", "Called … twice"),
        ("Job 17 of shop 3", "Job 17 of shop 3"),
    ],
)
def test_a_line_keeps_the_domain_of_an_address_and_no_number(told, written):
    record = logging.LogRecord("anshin.x", logging.WARNING, "", 0, "%s", (told,), None)
    assert Line().format(record).endswith(f"WARNING anshin.x: {written}")
