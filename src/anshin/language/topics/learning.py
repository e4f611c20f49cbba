"""Learns a shop's model from our examples and what its people corrected; a program of its own, for the nightly job.

scikit-learn is imported here only, so the desk's process never carries it. Some corrections are held out: the new model
is used only if it knows them, and our topics' own examples, no worse than the one before.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from anshin.language.topics.classify import classify
from anshin.language.topics.codes import TOPICS, base_code
from anshin.language.topics.examples import Example, from_values, read_examples
from anshin.language.topics.model import TopicModel, base_model

HELD_OUT_OF: Final = 5
"""Every fifth correction is held out, by the hash of its text, so that it stays held out."""
EMPHASIS: Final = 3
"""How many of our examples one correction outweighs."""
_ANY_DAY: Final = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Report:
    """What a night of learning came to. `changed`: codes of held-out corrections that the new model puts elsewhere."""

    base: str
    correction_count: int
    held_out: int
    right_before: int
    right_after: int
    ours: int
    ours_before: int
    ours_after: int
    changed: tuple[str, ...]

    @property
    def is_no_worse(self) -> bool:
        """Whether the new model may be used."""
        return self.right_after >= self.right_before and self.ours_after >= self.ours_before


def learn(corrections: Sequence[Example], *, codes: Sequence[str], before: TopicModel | None = None) -> Any:
    """The new model and its Report; `before` is the model in use (default: ours). Some 20 s and 500 MB."""
    from anshin.language.topics.training import retrain

    base = base_model()
    held = [example for example in corrections if is_held_out(example)]
    learnt = [example for example in corrections if not is_held_out(example)]
    fresh = retrain([*read_examples(), *(learnt * EMPHASIS)], base=base.about, codes=codes)
    former = before or base
    ours = [Example((topic.code,), "ja", "", topic.example) for topic in TOPICS]
    first, second = ([_best(model, example) for example in held] for model in (former, fresh))
    report = Report(
        base=base.about.version,
        correction_count=len(corrections),
        held_out=len(held),
        right_before=_right(held, first),
        right_after=_right(held, second),
        ours=len(ours),
        ours_before=_right(ours, [_best(former, example) for example in ours]),
        ours_after=_right(ours, [_best(fresh, example) for example in ours]),
        changed=tuple(sorted({new for old, new in zip(first, second, strict=True) if old != new})),
    )
    return fresh, report


def is_held_out(example: Example) -> bool:
    """Whether this correction judges the model instead of teaching it."""
    return int(hashlib.sha256(example.text.encode()).hexdigest(), 16) % HELD_OUT_OF == 0


def _best(model: TopicModel, example: Example) -> str:
    return classify(example.subject, example.text, sent_on=_ANY_DAY, model=model).topics[0][0]


def _right(examples: Sequence[Example], best: Sequence[str]) -> int:
    """A shop's own topic is right for ours above it, and the other way round for a model that does not know it."""
    return sum(base_code(code) == base_code(each.topics[0]) for each, code in zip(examples, best, strict=True))


def main() -> int:
    """Reads {"codes", "corrections"} on standard input, writes {"report", "model"} (base64)."""
    asked = json.load(sys.stdin)
    former = TopicModel.from_bytes(base64.b64decode(asked["before"])) if asked.get("before") else None
    corrections = list(from_values(asked["corrections"], "corrections"))
    model, report = learn(corrections, codes=asked["codes"], before=former)
    said = {"report": asdict(report) | {"is_no_worse": report.is_no_worse}}
    json.dump(said | {"model": base64.b64encode(model.to_bytes()).decode()}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
