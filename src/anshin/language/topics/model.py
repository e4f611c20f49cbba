"""A trained classifier: kept in a compact file, read lazily, asked for the topics of a message with probabilities."""

from __future__ import annotations

import io
import json
import zlib
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from anshin.language.topics.features import Said, factor, grams

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BASE_FILE: Final = Path(__file__).parent / "base.model"
UNSURE_BELOW: Final = 0.35
"""Below this probability of its best topic a proposal says “unsure”; measured by bench/topics.py."""
SHOWN_FROM: Final = 0.25
"""A further topic is proposed from this probability on."""
MOST_PROPOSED: Final = 3
URGENT_MARK: Final = "!"
"""A code that begins with it is a kind of urgency, no topic."""
_FORMAT: Final = 1


class NotAModel(ValueError):
    """The bytes are no model that this version can read."""


@dataclass(frozen=True, slots=True)
class About:
    """Where a model comes from. `digest`: of the examples; `slope` and `shift` turn its scores into probabilities."""

    digest: str
    example_count: int
    slope: float
    shift: float

    @property
    def version(self) -> str:
        """What a proposal names as its source."""
        return f"{_FORMAT}-{self.digest}"


@dataclass(frozen=True, slots=True)
class Look:
    """`topics`: every topic with its probability, 0 to 1, the most probable first. `urgent`: by kind the raw score;
    above 0 speaks for it."""

    topics: list[tuple[str, float]]
    urgent: dict[str, float]


class TopicModel:
    """Which topics a message has, learnt from examples. Safe to share between threads: nothing changes."""

    def __init__(
        self,
        *,
        codes: tuple[str, ...],
        vocabulary: tuple[str, ...],
        rarity: NDArray[np.float32],
        weights: NDArray[np.int8],
        scales: NDArray[np.float32],
        intercepts: NDArray[np.float32],
        about: About,
    ) -> None:
        """`weights`: features × codes, whole numbers, `scales` their unit for each code; `rarity`: idf by feature."""
        import numpy as np

        self.codes, self.about = codes, about
        self._vocabulary = vocabulary
        self._place = {feature: index for index, feature in enumerate(vocabulary)}
        self._factors = rarity * np.array([factor(feature) for feature in vocabulary], dtype=np.float32)
        self._rarity, self._weights, self._scales, self._intercepts = rarity, weights, scales, intercepts

    def scores(self, message: Said) -> NDArray[np.float32]:
        """The classifier's raw score for each of `codes`; above 0 speaks for the topic."""
        import numpy as np

        found, place_of = grams(message), self._place
        known = [(place, count) for gram, count in found.items() if (place := place_of.get(gram)) is not None]
        if not known:
            return self._intercepts
        places = np.array([place for place, _ in known], dtype=np.intp)
        counts = np.array([count for _, count in known], dtype=np.float32)
        values = (1.0 + np.log(counts)) * self._factors[places]
        values /= np.sqrt(values @ values)
        scores = (values @ self._weights[places].astype(np.float32)) * self._scales + self._intercepts
        return scores.astype(np.float32)

    def look(self, message: Said) -> Look:
        """What the classifier thinks of a message; several topics may be probable."""
        import numpy as np

        scores = self.scores(message)
        values = self.about.slope * scores + self.about.shift
        shares = [round(float(share), 3) for share in 1.0 / (1.0 + np.exp(-values))]
        by_code = list(zip(self.codes, shares, strict=True))
        topics = sorted((pair for pair in by_code if pair[0][0] != URGENT_MARK), key=lambda pair: -pair[1])
        return Look(
            topics,
            {code[1:]: float(score) for code, score in zip(self.codes, scores, strict=True) if code[0] == URGENT_MARK},
        )

    def to_bytes(self) -> bytes:
        """The model as it is kept in a file or a database."""
        head = {"format": _FORMAT, "codes": self.codes, "about": asdict(self.about)}
        arrays = (self._rarity.astype("<f2"), self._weights, self._scales.astype("<f4"), self._intercepts.astype("<f4"))
        parts = [json.dumps(head).encode(), "\n".join(self._vocabulary).encode(), *(part.tobytes() for part in arrays)]
        out = io.BytesIO()
        for part in parts:
            packed = zlib.compress(part, 9)
            out.write(len(packed).to_bytes(4, "big") + packed)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Raises NotAModel."""
        import numpy as np

        try:
            head_part, words, rarity, weights, scales, intercepts = _parts(content)
            head: dict[str, Any] = json.loads(head_part)
            if head["format"] != _FORMAT:
                raise NotAModel(f"format {head['format']}")
            codes, vocabulary = tuple(head["codes"]), tuple(words.decode().split("\n"))
            return cls(
                codes=codes,
                vocabulary=vocabulary,
                rarity=np.frombuffer(rarity, "<f2").astype(np.float32),
                weights=np.frombuffer(weights, np.int8).reshape(len(vocabulary), len(codes)),
                scales=np.frombuffer(scales, "<f4"),
                intercepts=np.frombuffer(intercepts, "<f4"),
                about=About(**head["about"]),
            )
        except (ValueError, KeyError, TypeError, zlib.error) as wrong:
            raise NotAModel(str(wrong)) from wrong


def proposed(topics: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Of all topics those worth proposing: the best one, and up to two more that are probable; none where unsure."""
    if not topics or topics[0][1] < UNSURE_BELOW:
        return []
    return [topics[0], *((code, share) for code, share in topics[1:MOST_PROPOSED] if share >= SHOWN_FROM)]


@lru_cache(maxsize=1)
def base_model() -> TopicModel:
    """The model that comes with Anshin; read on first use."""
    return TopicModel.from_bytes(BASE_FILE.read_bytes())


def _parts(content: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        parts.append(zlib.decompress(content[at + 4 : at + 4 + size]))
        at += 4 + size
    return parts
