import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from unittest.mock import Mock

import pandas as pd
import pytest
import yaml

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.ledger.claims import load_claims, read_claims
from relu_landscape.ledger.judgements import judge, levels
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
    entries = load_claims({"some.yaml": {"papers": list(records)}}, tests)
    return judge(entries, tables, dict(published))


def finding(verdict, **values):
    """A finding; what would decide is said of each, as a test may that is not asked."""
    return Finding(verdict, evidence=EVIDENCE, would_decide="More would.", **values)


def verdict_of(room, kind, source, verdict, sample_size=5):
    room.answer = finding(verdict, sample_size=sample_size, note="Said.")
    (judgement,) = judged(record(kind=kind, source=source))
    return judgement


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": "red"}, r"some\.yaml: papers\[0\]\.colour: unknown key; allowed are id, paper"),
        ({"kind": "numeral"}, r"papers\[0\]\.kind: is 'numeral', but must be one of number"),
        ({"source": "guessed"}, "must be one of found, derived, recalled, data"),
        ({"id": "A claim"}, r"\[0\]\.id: is 'A claim', but must be text of the form"),
        ({"test": "os.path.join"}, r"\[0\]\.test: is 'os.path.join'"),
        ({"expected": [1]}, "must be a number or text or true or false or a mapping"),
    ],
)
def test_a_claim_that_breaks_the_schema_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        load_claims({"some.yaml": {"papers": [record(**changes)]}}, TESTS)


@pytest.mark.usefixtures("room")
def test_a_claim_without_a_key_is_refused():
    incomplete = {key: value for key, value in record().items() if key != "where"}
    with pytest.raises(ValueError, match=r"\[0\]\.where: is missing"):
        load_claims({"some.yaml": {"papers": [incomplete]}}, TESTS)


@pytest.mark.usefixtures("room")
def test_an_id_that_occurs_twice_is_refused_even_across_files():
    files = {
        "one.yaml": {"papers": [record()]},
        "two.yaml": {"papers": [record(where="Theorem 2")]},
    }
    with pytest.raises(ValueError, match=r"two\.yaml: id 'a_claim' occurs already in one\.yaml"):
        load_claims(files, TESTS)


def test_a_test_that_cannot_be_found_is_told_with_its_claim():
    message = r"some\.yaml: claim 'a_claim': no test 'decides'; did you mean decide\?"
    with pytest.raises(ValueError, match=message):
        load_claims({"some.yaml": {"papers": [record(test="decides")]}}, TESTS)


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


UNBOUNDED = {Verdict.NOT_RUN, Verdict.PROVED}
ALLOWED = {
    ("universal", "found", "reproduced"): "consistent",
    ("number", "found", "consistent"): "undecided",
    ("existence", "found", "consistent"): "undecided",
    ("universal", "recalled", "reproduced"): "consistent",
    ("number", "recalled", "reproduced"): "undecided",
    ("number", "recalled", "consistent"): "undecided",
    ("number", "recalled", "deviates"): "undecided",
    ("existence", "recalled", "reproduced"): "consistent",
    ("existence", "recalled", "consistent"): "undecided",
}


@pytest.mark.parametrize("kind", ["universal", "number", "existence"])
@pytest.mark.parametrize("source", ["found", "recalled"])
@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in UNBOUNDED])
def test_kind_and_source_bound_the_verdict(room, kind, source, verdict):
    judgement = verdict_of(room, kind, source, verdict)
    assert judgement.verdict == ALLOWED.get((kind, source, str(verdict)), verdict)
    assert judgement.note.startswith("Said.")
    assert ("from memory only" in judgement.note) == (source == "recalled")
    if judgement.verdict != verdict:
        assert len(judgement.note) > len("Said.")
    assert bool(judgement.would_decide) == (judgement.verdict is Verdict.UNDECIDED)


@pytest.mark.parametrize(
    ("kind", "source", "verdict", "words"),
    [
        ("number", "found", "consistent", "was not compared"),
        ("existence", "found", "consistent", "one case of it would decide"),
        ("number", "recalled", "reproduced", "the text of the paper would decide"),
        ("universal", "recalled", "undecided", "More would."),
    ],
)
def test_what_the_ledger_leaves_undecided_says_what_would_decide(
    room, kind, source, verdict, words
):
    more = "More would." if verdict == "undecided" else ""
    room.answer = Finding(verdict, sample_size=5, evidence=EVIDENCE, would_decide=more)
    (judgement,) = judged(record(kind=kind, source=source))
    assert judgement.verdict is Verdict.UNDECIDED
    assert words in judgement.would_decide


def test_what_is_recalled_is_never_reproduced(room):
    for kind in ("universal", "number", "existence"):
        assert verdict_of(room, kind, "recalled", "reproduced").verdict != Verdict.REPRODUCED


PROOF = Finding(
    Verdict.CONSISTENT,
    found=2.0,
    sample_size=3,
    proved=3,
    listed="k = 2..4",
    evidence=EVIDENCE,
    note="Shown.",
)


def with_proof(room, measured, proof, source="found"):
    """The judgement of a claim with one proof."""
    room.decide = Mock(side_effect=[measured, proof])
    proofs = [{"test": "decide", "parameters": {"file": "x"}}]
    (judgement,) = judged(record(kind="universal", source=source, proofs=proofs))
    return judgement


@pytest.mark.parametrize("verdict", ["consistent", "undecided", "not run"])
def test_what_is_proved_in_every_case_of_a_list_decides(room, verdict):
    measured = finding(verdict, sample_size=5, note="Measured.")
    judgement = with_proof(room, measured, PROOF)
    assert judgement.would_decide == ""
    assert (judgement.verdict, judgement.listed) == (Verdict.PROVED, "k = 2..4")
    assert (judgement.proved, judgement.sample_size) == (3, 3)
    assert judgement.note == "Shown. Measured."
    assert "our wording" in with_proof(room, measured, PROOF, "recalled").note


@pytest.mark.parametrize("verdict", ["deviates", "refuted"])
def test_a_counterexample_outlives_a_proof_over_other_cases(room, verdict):
    measured = Finding(verdict, sample_size=5, evidence=EVIDENCE)
    assert with_proof(room, measured, PROOF).verdict == verdict


@pytest.mark.parametrize(
    "lacking", [{"listed": ""}, {"proved": 2}, {"verdict": "undecided", "would_decide": "More."}]
)
def test_a_proof_of_some_cases_is_told_and_decides_nothing(room, lacking):
    measured = Finding("consistent", sample_size=5, evidence=EVIDENCE, note="Measured.")
    judgement = with_proof(room, measured, replace(PROOF, **lacking))
    assert (judgement.verdict, judgement.sample_size) == (Verdict.CONSISTENT, 5)
    assert judgement.note == "Shown. Measured."


def test_a_refutation_by_certificate_decides_and_a_proof_that_was_not_run_is_left_out(room):
    measured = Finding("consistent", sample_size=5, evidence=EVIDENCE, note="Measured.")
    refuted = replace(PROOF, verdict=Verdict.REFUTED, proved=None)
    assert with_proof(room, measured, refuted).verdict is Verdict.REFUTED
    judgement = with_proof(room, measured, Finding(Verdict.NOT_RUN, note="No table."))
    assert (judgement.verdict, judgement.note) == (Verdict.CONSISTENT, "Measured.")


def test_the_claims_of_a_ledger_that_compare_samples_share_its_level():
    sampling = {"decide": replace(TESTS["decide"], compares_samples=True)}
    claims = [record(id=f"claim_{number}") for number in range(4)]
    own = [{key: value for key, value in record(id="own").items() if key != "source"}]
    entries = load_claims({"some.yaml": {"papers": claims, "own_checks": own}}, sampling)
    assert levels(entries) == {"papers": 0.0125, "own_checks": 0.05, "own_results": 0.05}


@pytest.mark.parametrize("sample_size", [None, 0])
@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("universal", "consistent"),
        ("number", "reproduced"),
        ("number", "deviates"),
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
            kind="number",
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
    named = {entry.test.name for entry in entries}
    named |= {proof.test.name for entry in entries for proof in entry.proofs}
    assert named == set(declared_verdicts())


def test_a_file_that_is_not_yaml_is_named_with_its_line(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("papers:\n- id: [\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.yaml, line \d"):
        read_claims([str(path)])
