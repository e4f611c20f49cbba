"""Reads templates from the rooms' folders and puts together what never changes in them.

A case's page is made of some 650 nodes. Most are text, icons and sentences that are the same on every page in one
language, side by side with others of their kind; joined beforehand they are drawn as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from threading import RLock
from typing import Any

from django.template import Context, Engine, Template
from django.template.base import Node, NodeList, Origin, TextNode
from django.template.loaders import cached

from anshin.plumbing.pages.templatetags.pages import IconNode, KnownWordsNode, language_code


class Loader(cached.Loader):
    """Django's loader that keeps what it has read; given to a thread when it is folded."""

    def __init__(self, engine: Engine, loaders: Sequence[str]) -> None:
        self._folded: dict[str, Template] = {}
        self._folding = RLock()
        super().__init__(engine, loaders)

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        key = self.cache_key(template_name, skip)
        found = self._folded.get(key)
        if found is None:
            with self._folding:
                found = super().get_template(template_name, skip)
                if key not in self._folded:
                    fold(found.nodelist)
                    self._folded[key] = found
        return found

    def reset(self) -> None:
        """Forget all: a template was changed."""
        self._folded.clear()
        super().reset()


class FoldedNode(Node):
    """Text, icons and known sentences that stand side by side: drawn once a language."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes, self.token, self.origin = nodes, nodes[0].token, nodes[0].origin
        self.drawn: dict[str, str] = {}

    def render(self, context: Context) -> str:
        language = language_code()
        if language not in self.drawn:
            self.drawn[language] = "".join([node.render(context) for node in self.nodes])
        return self.drawn[language]


def fold(nodes: NodeList) -> None:
    """Join what never changes in this list of nodes, and in the lists inside its nodes."""
    for node in nodes:
        for inside in _lists_in(node):
            fold(inside)
    nodes[:] = _folded(nodes)


def _lists_in(node: Any) -> Iterator[NodeList]:
    yield from (inside for _condition, inside in getattr(node, "conditions_nodelists", ()))
    for name in node.child_nodelists:
        inside = getattr(node, name, None)
        if isinstance(inside, NodeList):
            yield inside


def _folded(nodes: Iterable[Node]) -> Iterator[Node]:
    for may_join, group in groupby(nodes, key=_never_changes):
        together = list(group)
        if may_join and len(together) > 1:
            yield FoldedNode(together)
        else:
            yield from together


def _never_changes(node: Node) -> bool:
    return isinstance(node, TextNode | KnownWordsNode) or (isinstance(node, IconNode) and node.known is not None)
