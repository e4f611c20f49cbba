"""What goes into a message, and what happens when the broker is away."""

import logging

import pytest

from anshin.connectors.brokers.adapter import CeleryBroker
from anshin.connectors.brokers.app import make_app, message_priority
from anshin.project.cli.worker import broker_trouble

NOBODY = "amqp://guest:guest@127.0.0.1:9/"


@pytest.mark.parametrize(
    ("ours", "rabbit", "redis"),
    [(-10, 0, 9), (0, 1, 8), (10, 2, 7), (50, 5, 4), (60, 6, 3), (90, 9, 0), (100, 9, 0), (1000, 9, 0), (-99, 0, 9)],
)
def test_priorities_keep_their_order_in_both_brokers(ours, rabbit, redis):
    assert message_priority(ours, "amqp://x") == rabbit
    assert message_priority(ours, "redis://x") == redis


def test_each_of_our_queues_is_one_of_the_broker():
    app = make_app("amqp://x", ["default", "mail_in"])
    assert {queue.name for queue in app.conf.task_queues} == {"anshin.default", "anshin.mail_in"}
    assert app.conf.task_queues[0].queue_arguments == {"x-max-priority": 9}
    assert not make_app("redis://x", ["default"]).conf.task_queues[0].queue_arguments


def test_a_broker_that_is_away_stops_nobody_and_is_complained_of_once(caplog):
    post = CeleryBroker(NOBODY, ["default"])
    with caplog.at_level(logging.WARNING):
        for number in (1, 2, 3):
            post.tell(number, queue="default", priority=0)
        post.flush()
    said = [record.getMessage() for record in caplog.records if "broker takes no messages" in record.getMessage()]
    assert len(said) == 1


@pytest.mark.parametrize(
    ("jobs", "url", "vendor", "words"),
    [
        ("rows", "", "sqlite", ""),
        ("celery", "amqp://x", "postgresql", ""),
        ("celery", "amqp://x", "sqlite", "needs PostgreSQL"),
        ("celery", "", "postgresql", "needs ANSHIN_BROKER_URL"),
        ("celery", "http://x", "postgresql", "needs ANSHIN_BROKER_URL"),
        ("rq", "", "postgresql", "may be rows or celery"),
    ],
)
def test_a_wrong_setting_is_a_sentence(settings, monkeypatch, jobs, url, vendor, words):
    settings.ANSHIN_JOBS, settings.ANSHIN_BROKER_URL = jobs, url
    monkeypatch.setattr("django.db.connection.vendor", vendor)
    trouble = broker_trouble()
    assert words in trouble
    assert bool(trouble) == bool(words)
