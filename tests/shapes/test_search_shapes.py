"""The layer of shapes for what search engines ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from nutgraf.shapes.report import INFO, WARNING
from nutgraf.validation import validate_files

FOLDER = Path(__file__).parents[2] / "ontology" / "shapes" / "search"
FILES = sorted(FOLDER.glob("*.ttl"))
PREFIX = "@prefix s: <https://schema.org/> .\n"
COMPLETE = {
    "article": "<urn:a> a s:NewsArticle ; s:author [ s:name 'A' ] ; s:headline 'H' ; s:image <urn:i> ;"
    " s:datePublished '2024-01-01' ; s:dateModified '2024-01-02' .",
    "claim-review": "<urn:r> a s:ClaimReview ; s:claimReviewed 'C' ; s:reviewRating [ s:ratingValue 1 ] ;"
    " s:url <urn:u> ; s:author <urn:o> ; s:itemReviewed [ a s:Claim ] .",
    "event": "<urn:e> a s:Event ; s:name 'E' ; s:startDate '2024-01-01' ; s:endDate '2024-01-02' ;"
    " s:location [ s:address 'here' ] ; s:description 'D' ; s:eventStatus s:EventScheduled ;"
    " s:image <urn:i> ; s:organizer <urn:o> ; s:performer <urn:p> .",
    "organization": "<urn:o> a s:Organization ; s:name 'O' ; s:url <urn:u> ; s:logo <urn:l> ;"
    " s:address 'here' ; s:sameAs <urn:x> .",
    "profile-page": "<urn:p> a s:ProfilePage ; s:dateCreated '2024-01-01' ; s:dateModified '2024-01-02' ;"
    " s:mainEntity [ s:name 'N' ; s:image <urn:i> ; s:description 'D' ] .",
}
REQUIRED = {"article": 0, "claim-review": 3, "event": 4, "organization": 0, "profile-page": 2}


def test_each_file_has_a_case() -> None:
    assert [path.stem for path in FILES] == sorted(COMPLETE)


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_the_complete_thing_conforms(tmp_path: Path, name: str) -> None:
    data = tmp_path / "data.ttl"
    data.write_text(PREFIX + COMPLETE[name], encoding="utf-8")
    assert validate_files([data], FILES).report.conforms


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_the_bare_thing_has_every_finding_and_fails_nothing(tmp_path: Path, name: str) -> None:
    data = tmp_path / "data.ttl"
    data.write_text(PREFIX + COMPLETE[name].split(" ;")[0] + " .", encoding="utf-8")
    file = FOLDER / f"{name}.ttl"
    report = validate_files([data], [file]).report
    severities = [result.severity for result in report.results]
    assert severities.count(WARNING) == REQUIRED[name]
    assert len(severities) == file.read_text(encoding="utf-8").count("sh:minCount")
    assert severities.count(INFO) + severities.count(WARNING) == len(severities)
    assert not report.violates


def test_every_kind_of_article_is_asked(tmp_path: Path) -> None:
    kinds = ("Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting")
    data = tmp_path / "data.ttl"
    data.write_text(PREFIX + "".join(f"<urn:{kind}> a s:{kind} .\n" for kind in kinds), encoding="utf-8")
    report = validate_files([data], [FOLDER / "article.ttl"]).report
    assert {str(result.focus) for result in report.results} == {f"<urn:{kind}>" for kind in kinds}
