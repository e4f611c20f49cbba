"""Which topics a shop has, and which model reads its messages."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from anshin.cases.models import ShopTopic, TopicLearning
from anshin.language.topics.codes import CODES
from anshin.language.topics.model import NotAModel, TopicModel, base_model
from anshin.plumbing.files.store import BlobDamaged, read_bytes

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_MOST_KEPT = 4
_kept: dict[str, TopicModel] = {}
_lock = threading.Lock()


def own_topics(shop: Shop) -> list[ShopTopic]:
    """The shop's own topics, by code; also those that are out of use, for old cases have them."""
    return list(ShopTopic.objects.filter(shop=shop).order_by("code"))


def topic_codes(shop: Shop) -> list[str]:
    """Every code that a case of the shop may get."""
    return [*CODES, *ShopTopic.objects.filter(shop=shop, retired_at=None).values_list("code", flat=True)]


def model_for(shop: Shop) -> tuple[str, TopicModel]:
    """Version and model for this shop's messages: what it has taught, else the one that comes with Anshin.

    A learnt model whose base is not the present one any more gives way until the next night.
    """
    base = base_model()
    learnt = TopicLearning.objects.filter(shop=shop, is_used=True).select_related("blob").order_by("-at", "-id").first()
    if learnt is None or learnt.blob is None or learnt.figures.get("base") != base.about.version:
        return base.about.version, base
    with _lock:
        if learnt.version not in _kept:
            try:
                model = TopicModel.from_bytes(read_bytes(learnt.blob))
            except (NotAModel, BlobDamaged):
                return base.about.version, base
            while len(_kept) >= _MOST_KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[learnt.version] = model
        return learnt.version, _kept[learnt.version]


def learnings(shop: Shop, *, most: int = 10) -> list[TopicLearning]:
    """The newest nights of learning."""
    return list(TopicLearning.objects.filter(shop=shop).order_by("-at", "-id")[:most])
