"""The saved queries: that they answer, only from the graph, and only what the articles state."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from nutgraf import pipeline, workspace
from nutgraf.dataset.store import Dataset
from nutgraf.terms.vocabulary import SCHEMA
from tests.queries.saved_queries import (
    FOLDER,
    ROOT,
    Answers,
    Case,
    Row,
    SavedQuery,
    ask,
    cases,
    load,
    read_answers,
)
from tests.queries.supporting_records import Built, Item, SupportingRecords

QUERIES = load()
CASES = cases(QUERIES)
ANSWERED = [case for case in CASES if read_answers(case.file).rows]
QUESTIONS = [each for each in QUERIES if each.id[0].isupper()]
"""The analysts' own; the others are about the evidence."""
NOT_STATED = {"", "not marked"}
"""What an answer says where an article says nothing."""

IDS = """
S01 S02 S04 S05 S07 S08 S10 S11 S12 S14 S16 C01 C03 C04 C06 C07 C09 C11 C12 C14 P01 P03 P04 P06 P07 P09 P10
N01 N03 N04 N06 N07 N09 N10 T01 T03 T04 T05 T07 T08
""".split()
WITHOUT_ANSWER = {"N01", "N03", "N04", "N06", "N07", "N09", "N10"}


@pytest.fixture(scope="module")
def built() -> Built:
    """The dataset of the sheets in `seeds/`, by the steps of the build up to the evidence."""
    state = pipeline.State(workspace.load(ROOT))
    for name, step in pipeline.STEPS:
        step(state)
        if name == "evidence":
            break
    assert state.connection is not None
    return Built(state.connection, state.workspace.base, state.quads)


@pytest.fixture(scope="module")
def dataset(built: Built) -> Dataset:
    return built.dataset()


@pytest.fixture(scope="module")
def support(built: Built) -> dict[Item, str]:
    """Row of an answer → a record that it rests on."""
    items: dict[str, set[Item]] = {}
    for case in ANSWERED:
        answers = read_answers(case.file)
        for row in answers.rows:
            items.setdefault(_article(case, answers, row), set()).add((str(case), row))
    search = SupportingRecords(built, _answered)
    return {
        item: record for article, some in items.items() for item, record in search.find(some, article).items()
    }


def _article(case: Case, answers: Answers, row: Row) -> str:
    """The article that a row says it is from, else the one that the query asks."""
    if "article" in answers.variables:
        return row[answers.variables.index("article")]
    return str(getattr(case.settings["article"], "value", "")).rpartition("/")[2]


def _answered(dataset: Dataset, items: set[Item]) -> set[Item]:
    names = {name for name, _ in items}
    return items & {
        (str(case), row) for case in ANSWERED if str(case) in names for row in ask(dataset, case).rows
    }


@pytest.fixture(scope="module")
def questions() -> dict[str, str]:
    """Id → question of the analysts' list, which stands beside the repository."""
    path = ROOT.parent / "shared" / "QUESTIONS.md"
    if not path.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail("shared/QUESTIONS.md is not beside the repository")
        pytest.skip("shared/QUESTIONS.md is not beside the repository")
    return dict(re.findall(r"^- \*\*(\w+)\*\* (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_answers_are_exactly_the_expected_ones(case: Case, dataset: Dataset) -> None:
    assert ask(dataset, case) == read_answers(case.file)


@pytest.mark.parametrize("case", ANSWERED, ids=str)
def test_each_answer_rests_on_a_record(case: Case, support: dict[Item, str]) -> None:
    unsupported = [row for row in read_answers(case.file).rows if (str(case), row) not in support]
    assert not unsupported, "taking out any one record leaves these rows as they are"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_query_names_its_answer(case: Case) -> None:
    body = _plain(case.query.body)
    named = {
        value
        for row in read_answers(case.file).rows
        for value in row
        if value not in NOT_STATED | {"true", "false"} and f" {_plain(value)} " in f" {body} "
    }
    assert not named


def _plain(text: str) -> str:
    """Words without case, punctuation and the hyphens of keys."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("_", " ")))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.id)
def test_parameters_are_columns_and_stand_only_in_comments(query: SavedQuery, dataset: Dataset) -> None:
    assert query.control.keys() <= query.parameters.keys()
    assert len(query.parameters) == len(re.findall(r"^# param:", query.text, re.MULTILINE))
    assert len(query.control) == len(re.findall(r"^# control:", query.text, re.MULTILINE))
    assert "/id/" not in query.body
    without = Case(query, "expected", query.parameters)
    assert set(ask(dataset, without).variables).isdisjoint(query.parameters)


def test_the_questions_without_an_answer_have_a_control() -> None:
    empty = {case.query.id for case in CASES if not read_answers(case.file).rows}
    assert empty == WITHOUT_ANSWER
    assert {each.id for each in QUERIES if each.control} >= WITHOUT_ANSWER


def test_no_file_of_answers_is_left_over() -> None:
    assert {path.name for path in FOLDER.glob("*.tsv")} == {case.file.name for case in CASES}


def test_each_question_has_its_query() -> None:
    assert sorted(each.id for each in QUESTIONS) == sorted(IDS)


def test_the_questions_are_the_analysts_own(questions: dict[str, str]) -> None:
    assert {each.id: each.question for each in QUESTIONS} == questions


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.id)
def test_the_readme_lists_the_query(query: SavedQuery) -> None:
    parameters = ", ".join(f"`{name}`" for name in query.parameters)
    row = re.search(rf"^\| \[{query.id}\]\({query.id}\.rq\) \|.*$", _readme(), re.MULTILINE)
    assert row
    assert [cell.strip() for cell in row[0].strip("|").split("|")][1::2] == [query.question, parameters]


def _readme() -> str:
    return (FOLDER / "README.md").read_text(encoding="utf-8")


_STATING = """
select distinct r.record from record r
join lineage l using (record)
join statements s on s.id = l.statement and s.graph = l.graph
where r.article = ? and s.predicate = ?
"""


def test_the_records_found_are_the_stating_ones(built: Built, support: dict[Item, str]) -> None:
    parameters = ["001", f"{SCHEMA}containedInPlace"]
    [[record]] = built.connection.execute(_STATING, parameters).fetchall()
    assert record.startswith(support["P06-expected", ("001", "Écosse")] + "/")


def test_an_answer_that_is_not_in_the_graph_is_found_out(built: Built) -> None:
    item = ("P06-expected", ("001", "Scotland"))
    always = SupportingRecords(built, lambda _, items: items)
    assert always.find({item}, "001") == {}


def test_answers_are_plain_text(tmp_path: Path) -> None:
    file = tmp_path / "answers.tsv"
    file.write_text('name\tyear\nan "other"\t\n', encoding="utf-8")
    assert read_answers(file) == Answers(("name", "year"), (('an "other"', ""),))
