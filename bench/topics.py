"""How well topics, urgency and language are recognised, and how fast: `./anshin bench topics`.

Two measures, both of messages the model never saw: every author of the examples judged by a model that learnt from
the other authors only, and held-out files (bench/data/topics_unseen_*.jsonl) that are never learnt from, each written
in one go by one hand, or by several that it names, before anybody looked at what the model makes of it. Random splits
would flatter: a hand repeats itself.
"""

import json
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np

from anshin.language.topics import training
from anshin.language.topics.classify import classify, written_in
from anshin.language.topics.codes import CODES
from anshin.language.topics.examples import Example, from_values, read_examples
from anshin.language.topics.features import own_words, said
from anshin.language.topics.model import URGENT_MARK, base_model
from anshin.language.topics.urgency import UrgentKind, judge

HELD_OUT = sorted((Path(__file__).parent / "data").glob("topics_unseen_*.jsonl"))
TODAY = date(2026, 11, 26)
ALL = (*CODES, *(f"{URGENT_MARK}{kind}" for kind in UrgentKind))
LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko")


def main() -> int:
    examples = read_examples()
    held = {path.stem.removeprefix("topics_"): read_held_out(path) for path in HELD_OUT}
    unseen = [example for each in held.values() for example in each]
    print(f"{len(examples)} examples by {len({e.author for e in examples})} authors; {len(unseen)} held out\n")
    scores = training.held_out_scores(examples, codes=ALL)
    topics = len(CODES)
    print("authors the model has not seen")
    report_topics(examples, scores[:, :topics])
    report_hands(examples, scores[:, :topics])
    report_urgency(examples, [dict(zip(UrgentKind, row[topics:], strict=True)) for row in scores])
    for name, given in held.items():
        print(f"\n{name}")
        report_held_out(given)
    report_language([*examples, *unseen])
    report_confusions(examples, scores[:, :topics])
    report_speed([*examples, *unseen])
    return 0


def read_held_out(path: Path) -> list[Example]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(from_values(map(json.loads, lines), path.stem))


def report_held_out(held: list[Example]) -> None:
    model = base_model()
    looks = [model.look(said(example.subject, example.text)) for example in held]
    places = {code: index for index, code in enumerate(CODES)}
    scores = np.zeros((len(held), len(CODES)))
    for row, look in enumerate(looks):
        for code, share in look.topics:
            scores[row, places[code]] = share
    report_topics(held, scores)
    report_urgency(held, [look.urgent for look in looks])
    report_hands(held, scores)


def report_hands(examples: list[Example], scores: np.ndarray) -> None:
    """Top-1 by hand, the worst first; where a file has only one hand there is nothing to tell."""
    best = scores.argmax(axis=1)
    right: dict[str, list[bool]] = {}
    for row, example in enumerate(examples):
        right.setdefault(f"{example.language} {example.author}", []).append(CODES[best[row]] == example.topics[0])
    if len(right) > len({example.language for example in examples}):
        for hand, marks in sorted(right.items(), key=lambda pair: np.mean(pair[1])):
            print(f"    {hand:28} {sum(marks):3}/{len(marks):3}  {np.mean(marks):.2f}")


def report_topics(examples: list[Example], scores: np.ndarray) -> None:
    order = np.argsort(-scores, axis=1, kind="stable")
    for language in LANGUAGES:
        rows = [row for row, example in enumerate(examples) if example.language == language]
        if not rows:
            continue
        first = np.mean([CODES[order[row, 0]] == examples[row].topics[0] for row in rows])
        any_of = np.mean([CODES[order[row, 0]] in examples[row].topics for row in rows])
        three = np.mean([examples[row].topics[0] in {CODES[place] for place in order[row, :3]} for row in rows])
        print(f"  {language:8} {len(rows):5}  top-1 {first:.3f} (one of its topics {any_of:.3f})  top-3 {three:.3f}")


def report_urgency(examples: list[Example], learnt: list[dict[str, float]]) -> None:
    found = [
        judge(said(example.subject, example.text), sent_on=example.sent_on or TODAY, learnt=scores) is not None
        for example, scores in zip(examples, learnt, strict=True)
    ]
    right = sum(is_found and example.is_urgent for is_found, example in zip(found, examples, strict=True))
    urgent = sum(example.is_urgent for example in examples)
    print(f"  urgent   {urgent:5}  recall {right / max(urgent, 1):.3f}  precision {right / max(sum(found), 1):.3f}")


def report_language(examples: list[Example]) -> None:
    wrong = Counter()
    for example in examples:
        said = written_in(example.subject, own_words(example.text)).language
        if said != example.language:
            wrong[f"{example.language} read as {said}"] += 1
    total = len(examples)
    print(f"\nlanguage {total:5}  right {(total - wrong.total()) / total:.4f}  {dict(wrong)}")


def report_confusions(examples: list[Example], scores: np.ndarray) -> None:
    print("\ntopics by authors not seen, Japanese: found of how many, and what they were taken for")
    best = scores.argmax(axis=1)
    for code in CODES:
        rows = [row for row, e in enumerate(examples) if e.language == "ja" and e.topics[0] == code]
        said = Counter(CODES[best[row]] for row in rows)
        others = ", ".join(f"{other} {count}" for other, count in said.most_common(5) if other != code)
        print(f"  {code:26} {said[code]:3}/{len(rows):3}  {others}")


def report_speed(examples: list[Example]) -> None:
    """Of texts as they are, and of three put together, which is about the length of a mail."""
    base_model()
    print()
    for joined in (1, 3):
        groups = [examples[at : at + joined] for at in range(0, 3_000, joined)]
        texts = ["\n".join(example.text for example in group) for group in groups if group]
        start = time.process_time()
        for text in texts:
            classify("お問い合わせ", text, sent_on=TODAY)
        seconds = time.process_time() - start
        length = sum(map(len, texts)) / len(texts)
        print(f"speed    {len(texts) / seconds:,.0f} messages of {length:.0f} characters a second of one core")


if __name__ == "__main__":
    sys.exit(main())
