"""Accuracy of candidates and of what would be accepted, on sets of mentions with gold Wikidata ids.

    python benchmarks/linking/accuracy.py --index names.sqlite dev-news-fair.tsv dev-wiki-fair.tsv

A set has the columns doc, mention, types, gold. `NIL` in gold: there is no item.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nutgraf.reconcile import score, within
from nutgraf.reconcile.authority.index import Authority
from nutgraf.reconcile.classes import kinds_of
from nutgraf.reconcile.items import Item, Query
from nutgraf.reconcile.things import Thing

TYPES = {
    "Q215627": "Person",
    "Q43229": "Organization",
    "Q27096213": "Place",
    "Q1656682": "Event",
}
DEPTH = 50
RESAMPLES = 1000


@dataclass(frozen=True)
class Answer:
    doc: str
    kind: str
    gold: str
    in_index: bool
    ranked: tuple[str, ...]
    score: float
    accepted: bool
    proposal: str

    @property
    def is_right(self) -> bool:
        return bool(self.ranked) and self.ranked[0] == self.gold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--errors", action="store_true", help="print each wrong link and stop")
    arguments = parser.parse_args()
    with Authority.open(arguments.index) as index:
        answers = [answer for path in arguments.sets for answer in answer_all(path, index, arguments.errors)]
    if not arguments.errors:
        sys.stdout.write(report(answers))


def answer_all(path: Path, index: Authority, show_errors: bool) -> list[Answer]:
    documents: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            documents[row["doc"]].append(row)
    found = []
    for doc, rows in documents.items():
        types = [frozenset(TYPES[name] for name in row["types"].split("|") if name in TYPES) for row in rows]
        named = [within.Named(row["mention"], kinds_of(kind)) for row, kind in zip(rows, types, strict=True)]
        for row, kind, full in zip(rows, types, within.resolve(named), strict=True):
            thing = Thing("id/mention", kind or frozenset({"Thing"}), (("en", full),))
            ranked = score.candidates(thing, items(index, thing.query(DEPTH)), {})
            accepted = score.proposal(ranked) == "accept"
            answer = Answer(
                f"{path.name}/{doc}", "/".join(sorted(kind)) or "other", row["gold"],
                row["gold"] != "NIL" and index.item(row["gold"]) is not None,
                tuple(each.item.id for each in ranked), ranked[0].score if ranked else 0.0, accepted,
                score.proposal(ranked),
            )  # fmt: skip
            if show_errors and accepted and not answer.is_right:
                best = ranked[0]
                print(row["mention"], "->", full, "|", row["types"], row["gold"], "|", best.item.id, best.why)
            found.append(answer)
    return found


def items(index: Authority, query: Query) -> list[Item]:
    found = (index.item(match.item.id) for match in index.search(query))
    return [item for item in found if item is not None]


def report(answers: Sequence[Answer]) -> str:
    kinds = sorted({answer.kind for answer in answers})
    head = (
        "| type | mentions | in index | recall @1 | @10 | @50 | right first, in index | accepted "
        "| precision (95 %) | wrong on NIL | review |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---|---:|---:|"
    )
    lines = [head]
    lines += [_line(kind, [each for each in answers if each.kind == kind]) for kind in kinds]
    lines.append(_line("all", answers))
    lines.append("")
    lines.append(f"Coverage at .98 precision, by score alone: {coverage(answers, 0.98):.3f}")
    return "\n".join(lines) + "\n"


def _line(kind: str, answers: Sequence[Answer]) -> str:
    linkable = [each for each in answers if each.gold != "NIL"]
    inside = [each for each in linkable if each.in_index]
    accepted = [each for each in answers if each.accepted]
    wrong_on_nil = sum(each.gold == "NIL" for each in accepted)
    recalls = [_share(each.gold in each.ranked[:depth] for each in linkable) for depth in (1, 10, DEPTH)]
    low, high = interval(accepted)
    precision = f"{_share(each.is_right for each in accepted)} ({low:.2f}–{high:.2f})" if accepted else "–"
    cells = [
        kind, len(answers), len(inside), *recalls, _share(each.is_right for each in inside), len(accepted),
        precision, wrong_on_nil, sum(each.proposal == "review" for each in answers),
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def _share(values: Iterable[bool]) -> str:
    every = list(values)
    return f"{sum(every) / len(every):.3f}" if every else "–"


def interval(answers: Sequence[Answer]) -> tuple[float, float]:
    """A bootstrap interval over documents, of the share that is right."""
    by_doc: dict[str, list[bool]] = defaultdict(list)
    for answer in answers:
        by_doc[answer.doc].append(answer.is_right)
    if not by_doc:
        return 0.0, 0.0
    draw = random.Random(0)  # noqa: S311  # not for secrets
    docs = list(by_doc.values())
    shares = []
    for _ in range(RESAMPLES):
        sample = [value for _ in docs for value in draw.choice(docs)]
        shares.append(sum(sample) / len(sample))
    shares.sort()
    return shares[int(0.025 * RESAMPLES)], shares[int(0.975 * RESAMPLES)]


def coverage(answers: Sequence[Answer], precision: float) -> float:
    """The largest share of mentions that can be linked, best scores first, at that precision."""
    ordered = sorted((each for each in answers if each.ranked), key=lambda each: -each.score)
    best = right = 0
    for number, answer in enumerate(ordered, start=1):
        right += answer.is_right
        if right / number >= precision:
            best = number
    return best / len(answers)


if __name__ == "__main__":
    main()
