import json
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
import yaml

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.ledger.claims import Judgement, judge, load_claims
from relu_landscape.ledger.report import (
    MEANINGS,
    render_html,
    render_json,
    render_markdown,
)
from relu_landscape.studies.declarations import Declaration, declared_verdicts
from relu_landscape.studies.proofs import join_proofs
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

ROOT = Path(__file__).parents[2]
EVIDENCE = "tables/some.parquet: k=6, n=6"
SOME = {"some": pd.DataFrame({"k": [6, 7], "n": [6, 8], "loss": [0.02, 0.03]})}


def record(**changes):
    return {
        "id": "a_claim",
        "paper": "Some paper 2020",
        "where": "Theorem 1",
        "statement": "Something holds.",
        "kind": "universal",
        "source": "found",
        "test": "decide",
    } | changes


MODULE = "relu_landscape.studies.sample.verdicts.room"
TESTS = {
    name: Declaration("sample", MODULE, name, inputs, "")
    for name, inputs in {"decide": ("some",), "decide_rates": ("some", "rates")}.items()
}


@pytest.fixture
def room(monkeypatch):
    """A module of verdicts; what its tests return is set by `room.answer`."""
    module = ModuleType(MODULE)
    module.calls = []
    module.answer = Finding(Verdict.CONSISTENT, found=1.0, sample_size=5, evidence=EVIDENCE)

    def decide(claim, **data):
        module.calls.append((claim, data))
        return module.answer

    module.decide = module.decide_rates = decide
    monkeypatch.setitem(sys.modules, MODULE, module)
    return module


def judged(*records, tables=SOME, published=(), tests=TESTS):
    entries = load_claims({"some.yaml": list(records)}, tests)
    return judge(entries, tables, dict(published))


def verdict_of(room, kind, source, verdict, sample_size=5):
    room.answer = Finding(verdict, sample_size=sample_size, evidence=EVIDENCE, note="Said.")
    (judgement,) = judged(record(kind=kind, source=source))
    return judgement


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": "red"}, r"some\.yaml: \[0\]\.colour: unknown key; allowed are id, paper"),
        ({"kind": "number"}, r"\[0\]\.kind: is 'number', but must be one of published_number"),
        ({"source": "guessed"}, "must be one of found, derived, recalled, data"),
        ({"id": "A claim"}, r"\[0\]\.id: is 'A claim', but must be text of the form"),
        ({"test": "os.path.join"}, r"\[0\]\.test: is 'os.path.join'"),
        ({"expected": [1]}, "must be a number or text or true or false or a mapping"),
    ],
)
def test_a_claim_that_breaks_the_schema_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        load_claims({"some.yaml": [record(**changes)]}, TESTS)


@pytest.mark.usefixtures("room")
def test_a_claim_without_a_key_is_refused():
    incomplete = {key: value for key, value in record().items() if key != "where"}
    with pytest.raises(ValueError, match=r"\[0\]\.where: is missing"):
        load_claims({"some.yaml": [incomplete]}, TESTS)


@pytest.mark.usefixtures("room")
def test_an_id_that_occurs_twice_is_refused_even_across_files():
    files = {"one.yaml": [record()], "two.yaml": [record(where="Theorem 2")]}
    with pytest.raises(ValueError, match=r"two\.yaml: id 'a_claim' occurs already in one\.yaml"):
        load_claims(files, TESTS)


def test_a_test_that_cannot_be_found_is_told_with_its_claim():
    message = r"some\.yaml: claim 'a_claim': no test 'decides'; did you mean decide\?"
    with pytest.raises(ValueError, match=message):
        load_claims({"some.yaml": [record(test="decides")]}, TESTS)


def test_every_case_gets_an_entry_and_its_own_expected_value(room):
    cases = [{"k": 6, "n": 6, "expected": 0.3}, {"k": 7, "n": 8}]
    first, second = judged(record(cases=cases, expected=5.0, parameters={"level": 0.01}))
    assert (first.id, second.id) == ("a_claim[k=6,n=6]", "a_claim[k=7,n=8]")
    assert (first.claim, first.case) == ("a_claim", {"k": 6, "n": 6})
    assert (first.expected, second.expected) == (0.3, 5.0)
    seen = [claim for claim, _ in room.calls]
    assert seen[0] == Claim("a_claim[k=6,n=6]", {"level": 0.01}, {"k": 6, "n": 6}, 0.3)


def test_a_test_sees_what_its_parameters_name(room):
    tables = SOME | {"other": pd.DataFrame({"k": [6]})}
    published = {"rates": pd.DataFrame({"k": [6]}), "more": pd.DataFrame({"k": [6]})}
    judged(record(test="decide_rates"), tables=tables, published=published)
    ((_, seen),) = room.calls
    assert sorted(seen) == ["rates", "some"]


@pytest.mark.parametrize(
    ("changes", "tables", "note"),
    [
        ({}, {}, "There is no table some."),
        ({}, {"some": SOME["some"].iloc[:0]}, "The table some has no rows"),
        ({"cases": [{"k": 9, "n": 9}]}, SOME, "The table some has no rows for this case."),
        ({"cases": [{"k": 6, "n": 8}]}, SOME, "The table some has no rows for this case."),
    ],
)
def test_without_data_a_claim_is_not_run(room, changes, tables, note):
    (judgement,) = judged(record(expected=0.5, **changes), tables=tables)
    assert judgement.verdict is Verdict.NOT_RUN
    assert judgement.note.startswith(note)
    assert judgement.expected == 0.5
    assert room.calls == []


def test_a_case_may_be_told_apart_by_what_is_no_column(room):
    (judgement,) = judged(record(cases=[{"k": 6, "alpha": 0.5}]))
    assert judgement.verdict is Verdict.CONSISTENT
    assert len(room.calls) == 1


ALLOWED = {
    ("universal", "found", "reproduced"): "consistent",
    ("published_number", "found", "consistent"): "undecided",
    ("existence", "found", "consistent"): "undecided",
    ("universal", "recalled", "reproduced"): "consistent",
    ("published_number", "recalled", "reproduced"): "undecided",
    ("published_number", "recalled", "consistent"): "undecided",
    ("published_number", "recalled", "deviates"): "undecided",
    ("existence", "recalled", "reproduced"): "consistent",
    ("existence", "recalled", "consistent"): "undecided",
}


@pytest.mark.parametrize("kind", ["universal", "published_number", "existence"])
@pytest.mark.parametrize("source", ["found", "recalled"])
@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.NOT_RUN])
def test_kind_and_source_bound_the_verdict(room, kind, source, verdict):
    judgement = verdict_of(room, kind, source, verdict)
    assert judgement.verdict == ALLOWED.get((kind, source, str(verdict)), verdict)
    assert judgement.note.startswith("Said.")
    assert ("from memory only" in judgement.note) == (source == "recalled")
    if judgement.verdict != verdict:
        assert len(judgement.note) > len("Said.")


def test_what_is_recalled_is_never_reproduced(room):
    for kind in ("universal", "published_number", "existence"):
        assert verdict_of(room, kind, "recalled", "reproduced").verdict != Verdict.REPRODUCED


@pytest.mark.parametrize("sample_size", [None, 0])
@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("universal", "consistent"),
        ("published_number", "reproduced"),
        ("published_number", "deviates"),
    ],
)
def test_what_rests_on_nothing_is_undecided(room, kind, verdict, sample_size):
    assert verdict_of(room, kind, "found", verdict, sample_size).verdict is Verdict.UNDECIDED


def test_a_counterexample_is_a_result_whatever_the_sample(room):
    assert verdict_of(room, "universal", "found", "refuted", None).verdict is Verdict.REFUTED


def test_a_test_must_return_a_finding(room):
    room.answer = True
    with pytest.raises(ValueError, match=r"test 'decide' of claim 'a_claim' returned a bool"):
        judged(record())


def curvature_table(smallest_eigenvalue):
    row = {
        "k": 6,
        "n": 6,
        "class_id": 0,
        "runs": 10,
        "loss": 0.0,
        "kind": "global_minimum",
        "smallest_eigenvalue": smallest_eigenvalue,
        "largest_eigenvalue": 2.0,
        "eigenvalue_error": 1e-13,
        "negative_eigenvalues": 0,
        "norm_sum": 6.0,
        "norm_gap": 0.0,
        "largest_inner_eigenvalue": 0.0,
        "largest_mean_curvature": 0.0,
    }
    return make_table([row], "curvature")


def test_a_changed_table_turns_the_verdict(tmp_path):
    claims = [
        record(
            id="bound",
            test="strong_convexity_bound",
            parameters={"tolerance": 1e-9},
        ),
        record(
            id="attained",
            kind="published_number",
            test="strong_convexity_attained",
            parameters={"tolerance": 1e-9},
        ),
    ]
    verdicts = {}
    for name, eigenvalue in {"true": 0.09084505690810466, "corrupted": 0.09}.items():
        path = tmp_path / f"{name}.parquet"
        write_table(curvature_table(eigenvalue), path, "curvature")
        tables = join_proofs({"curvature": read_table(path, "curvature")})
        verdicts[name] = [
            str(j.verdict) for j in judged(*claims, tables=tables, tests=declared_verdicts())
        ]
    assert verdicts == {
        "true": ["consistent", "reproduced"],
        "corrupted": ["refuted", "deviates"],
    }


def load_yaml(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_claims_of_the_papers_keep_to_the_schema():
    files = {path.name: load_yaml(path) for path in sorted((ROOT / "claims").glob("*.yaml"))}
    entries = load_claims(files, declared_verdicts())
    assert len(entries) > 20
    assert {entry.test.name for entry in entries} == set(declared_verdicts())


JUDGEMENT = Judgement(
    id="a_claim[k=6,n=6]",
    claim="a_claim",
    paper="A <b> & 'co' | 2020",
    where="Figure 1",
    statement="F <= 1 | always\nand ever",
    kind="published_number",
    source="found",
    case={"k": 6, "n": 6},
    verdict=Verdict.REPRODUCED,
    found={"rate": 12.5, "word": "<i>x</i>"},
    interval=(10.25, 15.0),
    sample_size=1000,
    proved=179,
    expected=12.600000000000001,
    evidence="tables/a.parquet: k=6",
    note="p = 0.9 <script>alert(1)</script>",
)
JUDGEMENTS = (
    JUDGEMENT,
    replace(JUDGEMENT, id="a_claim[k=7,n=7]", case={"k": 7, "n": 7}, verdict=Verdict.DEVIATES),
    Judgement(
        id="other",
        claim="other",
        paper="B 2021",
        where="Theorem 2",
        statement="All is well.",
        kind="universal",
        source="recalled",
        case={},
        verdict=Verdict.NOT_RUN,
        found=None,
        interval=None,
        sample_size=None,
        proved=None,
        expected=None,
        evidence="",
        note="",
    ),
)


def test_json_is_a_list_of_objects_with_everything():
    found = json.loads(render_json(JUDGEMENTS))
    assert [entry["id"] for entry in found] == [j.id for j in JUDGEMENTS]
    assert found[0]["verdict"] == "reproduced"
    assert found[0]["interval"] == [10.25, 15.0]
    assert found[2] | {"case": {}} == found[2]
    for key in (
        "statement",
        "found",
        "expected",
        "evidence",
        "sample_size",
        "proved",
        "note",
        "source",
    ):
        assert key in found[0]


class Reader(HTMLParser):
    """Collects texts and ids, and insists that every element is closed in order."""

    VOID = ("meta",)

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.texts, self.ids = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        assert not {name for name, _ in attrs} & {"src", "href"}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_the_page_is_well_formed_escaped_and_needs_nothing_else():
    page = render_html(JUDGEMENTS)
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert not reader.tags & {"script", "link", "img", "b", "i"}
    assert "http" not in page
    assert len(set(reader.ids)) == len(reader.ids) == 5
    texts = reader.texts
    assert "A <b> & 'co' | 2020" in texts
    assert "p = 0.9 <script>alert(1)</script>" in texts
    for text in (
        "✓ reproduced",
        "≠ deviates",
        "10.25 to 15",
        "179 of 1000",
        "tables/a.parquet: k=6",
    ):
        assert text in texts


def counts_in(page):
    reader = Reader()
    reader.feed(page)
    words = [text for text in reader.texts if text.strip()]
    return {v: words[words.index(next(w for w in words if w.endswith(v))) + 1] for v in Verdict}


def test_the_page_counts_the_verdicts():
    counts = counts_in(render_html(JUDGEMENTS))
    assert counts == {
        "reproduced": "1",
        "consistent": "0",
        "deviates": "1",
        "refuted": "0",
        "undecided": "0",
        "not run": "1",
    }


def test_markdown_groups_claims_by_paper_and_keeps_its_tables_whole():
    page = render_markdown(JUDGEMENTS)
    assert "| ✓ reproduced | 1 |" in page
    assert page.index("### a_claim") < page.index("## B 2021") < page.index("### other")
    assert page.count("### a_claim") == 1
    assert "F <= 1 | always and ever (Figure 1; published number, found)" in page
    rows = [line for line in page.splitlines() if line.startswith("| k = ")]
    assert len(rows) == 2
    assert (
        "rate = 12.5, word = &lt;i>x&lt;/i> | 12.6 | 10.25 to 15 | 1000 | 179 of 1000 |" in rows[0]
    )


def test_an_empty_ledger_can_be_rendered():
    assert json.loads(render_json(())) == []
    assert "0 claims" in render_html(())
    assert "| – not run | 0 |" in render_markdown(())


def test_every_verdict_has_a_meaning_of_its_own():
    assert set(MEANINGS) == set(Verdict)
    assert len(set(MEANINGS.values())) == len(Verdict) == 6
