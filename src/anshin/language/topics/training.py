"""Learns a classifier from examples; the only place that needs scikit-learn, for the build and the nightly retraining.

A linear support vector machine for each topic over TF-IDF of the features; its scores become probabilities by one
logistic curve, fitted to what models said about authors they had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from anshin.language.topics.codes import CODES, base_code
from anshin.language.topics.features import grams, said, weight
from anshin.language.topics.model import URGENT_MARK, About, TopicModel
from anshin.language.topics.urgency import UrgentKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anshin.language.topics.examples import Example

FOLDS: Final = 5
STRICTNESS: Final = 1.0
"""The machine's C."""
RAREST: Final = 2
"""A feature must stand in so many examples."""
MOST_FEATURES: Final = 90_000


def train(examples: Sequence[Example], *, digest: str, codes: Sequence[str] = CODES) -> TopicModel:
    """A model for these examples. Limits: about 20 s and 400 MB for 5,000 messages; some authors at least."""
    codes = (*codes, *(f"{URGENT_MARK}{kind}" for kind in UrgentKind))
    counted = [features_of(example) for example in examples]
    slope, shift = _calibrated(examples, held_out_scores(examples, codes=codes, counted=counted), codes)
    about = About(digest=digest, example_count=len(examples), slope=slope, shift=shift)
    return _fitted(examples, counted, codes, about)


def retrain(examples: Sequence[Example], *, base: About, codes: Sequence[str]) -> TopicModel:
    """A model for these examples whose scores become probabilities as those of `base` do."""
    codes = (*codes, *(f"{URGENT_MARK}{kind}" for kind in UrgentKind))
    about = About(f"{base.digest}-{len(examples)}", len(examples), base.slope, base.shift)
    return _fitted(examples, [features_of(example) for example in examples], codes, about)


def held_out_scores(
    examples: Sequence[Example], *, codes: Sequence[str] = CODES, counted: Sequence[dict[str, float]] | None = None
) -> NDArray[np.float32]:
    """Examples × codes: the score each example gets from a model that never saw its author."""
    counted = counted or [features_of(example) for example in examples]
    authors = [example.author for example in examples]
    scores = np.zeros((len(examples), len(codes)), dtype=np.float32)
    folds = GroupKFold(min(FOLDS, len(set(authors))))
    for learn, judge in folds.split(counted, groups=authors):
        model = _fitted([examples[i] for i in learn], [counted[i] for i in learn], codes, About("", 0, 1.0, 0.0))
        for i in judge:
            scores[i] = model.scores(said(examples[i].subject, examples[i].text))
    return scores


def features_of(example: Example) -> dict[str, float]:
    """The features of one example with what they count."""
    found = grams(said(example.subject, example.text))
    return {gram: weight(gram, count) for gram, count in found.items()}


def _fitted(
    examples: Sequence[Example], counted: Sequence[dict[str, float]], codes: Sequence[str], about: About
) -> TopicModel:
    names = DictVectorizer(dtype=np.float32)
    matrix = names.fit_transform(counted)
    common = np.asarray((matrix > 0).sum(axis=0)).ravel() >= RAREST
    rarity = TfidfTransformer().fit(matrix[:, common])
    learnt = rarity.transform(matrix[:, common])
    coefficients, intercepts = _machines(learnt, examples, codes)
    vocabulary = names.get_feature_names_out()[common]
    strength = np.abs(coefficients).max(axis=1)
    kept = np.sort(np.argsort(-strength, kind="stable")[:MOST_FEATURES])
    scales = np.maximum(np.abs(coefficients[kept]).max(axis=0), 1e-9) / 127
    return TopicModel(
        codes=tuple(codes),
        vocabulary=tuple(vocabulary[kept]),
        rarity=rarity.idf_[kept].astype(np.float32),
        weights=np.rint(coefficients[kept] / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        intercepts=intercepts.astype(np.float32),
        about=about,
    )


def _machines(matrix: Any, examples: Sequence[Example], codes: Sequence[str]) -> tuple[Any, Any]:
    """Coefficients (features × codes) and intercepts; a code without examples is never proposed."""
    coefficients = np.zeros((matrix.shape[1], len(codes)))
    intercepts = np.full(len(codes), -4.0)
    for column, code in enumerate(codes):
        wanted = np.array([_has(example, code) for example in examples])
        if not wanted.any():
            continue
        machine = LinearSVC(C=STRICTNESS, class_weight="balanced", random_state=1, max_iter=5_000)
        machine.fit(matrix, wanted)
        coefficients[:, column], intercepts[column] = machine.coef_[0], machine.intercept_[0]
    return coefficients, intercepts


def _has(example: Example, code: str) -> bool:
    """A shop's own topic counts for the project's above it as well."""
    if code.startswith(URGENT_MARK):
        return example.urgent_kind == code[1:]
    return any(topic == code or base_code(topic) == code for topic in example.topics)


def _calibrated(examples: Sequence[Example], scores: NDArray[np.float32], codes: Sequence[str]) -> tuple[float, float]:
    topics = [column for column, code in enumerate(codes) if not code.startswith(URGENT_MARK)]
    right = np.array([[_has(example, codes[column]) for column in topics] for example in examples])
    curve = LogisticRegression(C=1e6).fit(scores[:, topics].reshape(-1, 1), right.ravel())
    return float(curve.coef_[0][0]), float(curve.intercept_[0])
