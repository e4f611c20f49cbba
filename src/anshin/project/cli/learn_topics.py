"""The command `anshin learn-topics`: makes the classifier anew from the examples; for whoever changes examples."""

import argparse
import sys

HELP = "Make the classifier of topics anew from the examples (needs no database)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(options: argparse.Namespace) -> int:
    """0 when the model's file was written."""
    from anshin.language.topics.examples import digest, read_examples
    from anshin.language.topics.model import BASE_FILE
    from anshin.language.topics.training import train

    del options
    model = train(read_examples(), digest=digest())
    BASE_FILE.write_bytes(model.to_bytes())
    size = BASE_FILE.stat().st_size
    sys.stderr.write(f"{model.about.example_count} examples, {size:,} bytes: {BASE_FILE}\n")
    return 0
