"""Loads every room's module of one name, so that registers are complete."""

import importlib
import pkgutil

import anshin


def load(name):
    """Import every `anshin.….<name>`."""
    for module in pkgutil.walk_packages(anshin.__path__, "anshin."):
        if module.name.rpartition(".")[2] == name and not module.name.startswith("anshin.project.asgi"):
            importlib.import_module(module.name)
