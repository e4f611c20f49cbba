"""The watch over the log sees what it is there for; that the suite's own lines tell nothing is seen at its end."""

import logging

import pytest

from tests.log_watch import LogWatch


@pytest.mark.parametrize(
    "told", ["Case of 柏木 由紀子", "Sent to y-kashiwagi@mail.example", "Called 090-1234-5678", "4242 4242 4242 4242"]
)
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
