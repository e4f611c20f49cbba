"""A worker in a process of its own, which the tests stop and kill: the command `anshin worker` as it is."""

import argparse
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anshin.project.settings")

import django

django.setup()

from anshin.project.cli import worker  # noqa: E402  after setup

parser = argparse.ArgumentParser()
worker.add_arguments(parser)
sys.exit(worker.run(parser.parse_args()))
