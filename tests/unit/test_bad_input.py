"""Configs and claims files that cannot be used: one line a fault, with file, key and reason."""

import json
from pathlib import Path

import pytest
import yaml

from relu_landscape.__main__ import main
from relu_landscape.ledger.claims import read_claims
from relu_landscape.settings.whole import config_faults, misnamed_profile, unknown_studies
from relu_landscape.settings.yaml_files import UnreadableFile, read_yaml

ROOT = Path(__file__).parents[2]
SMOKE = (ROOT / "config/smoke.yaml").read_text(encoding="utf-8")

LAUGHS = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)

# name -> the bytes of a file, and words that its message must have
FILES = {
    "empty file": (b"", ["is empty", "must be a mapping of keys"]),
    "only a comment": (b"# nothing\n", ["is empty", "must be a mapping of keys"]),
    "a list": (b"- 1\n- 2\n", ["a list of 2", "must be a mapping of keys"]),
    "a word": (b"quick\n", ["'quick'", "must be a mapping of keys"]),
    "a number": (b"3\n", ["3", "must be a mapping of keys"]),
    "null": (b"null\n", ["is empty", "must be a mapping of keys"]),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", ["not UTF-8 text", "byte 0 is 0x89"]),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", ["not UTF-8 text"]),
    "Latin-1": ("profile: fünf\n".encode("latin-1"), ["not UTF-8 text", "save it as UTF-8"]),
    "UTF-16": ("profile: smoke\n".encode("utf-16"), ["not UTF-8 text"]),
    "a zero byte": (b"profile: smo\x00ke\n", ["special characters are not allowed"]),
    "tab": (b"safran:\n\tsearches: []\n", ["line 2", "not with tabs"]),
    "open bracket": (b"studies: [safran\nprofile: smoke\n", ["line 2", "expected ',' or ']'"]),
    "open quote": (b'profile: "smoke\n', ["line 2", "end of stream"]),
    "wrong indent": (b"profile: smoke\n  studies: [safran]\n", ["line 2", "not allowed here"]),
    "two documents": (b"profile: smoke\n---\nprofile: quick\n", ["another document"]),
    "directive": (b"%YAML 3.0\n---\nprofile: smoke\n", ["line 1", "incompatible"]),
    "Python object": (b"profile: !!python/object/apply:os.system [ls]\n", ["line 1", "python/obj"]),
    "Python name": (b"profile: !!python/name:os.system\n", ["line 1", "python/name"]),
    "unknown tag": (b"profile: !secret smoke\n", ["line 1", "!secret"]),
    "unknown alias": (b"profile: *other\n", ["line 1", "undefined alias 'other'"]),
    "bad merge": (b"safran:\n  <<: [1, 2]\n", ["line 2", "expected a mapping for merging"]),
    "key twice": (b"profile: smoke\nprofile: quick\n", ["line 2", "'profile'", "twice"]),
    "key twice inside": (b"safran:\n  classes: {a: 1, a: 2}\n", ["line 2", "'a'", "twice"]),
    "JSON key twice": (b'{"profile": "a", "profile": "b"}', ["'profile'", "twice"]),
    "list as a key": (b"[1, 2]: smoke\n", ["line 1", "keys are words"]),
    "billion laughs": (LAUGHS.encode(), ["line 6", "more than 100000 values"]),
    "anchor in itself": (b"a: &a [1, *a]\n", ["line 1", "contains itself"]),
    "deep lists": (b"a: " + b"[" * 5000 + b"]" * 5000, ["nested too deeply"]),
    "lists deeper than a stack": (b"a: " + b"[" * 200_000, ["nested too deeply"]),
    "deep JSON": (b"[" * 100_000, ["nested too deeply"]),
    "octal": (b"audit: {seed: 010}\n", ["line 1", "'010'", "decimal"]),
    "hexadecimal": (b"audit: {seed: 0xff}\n", ["line 1", "'0xff'", "decimal"]),
    "base 60": (b"audit: {seed: 1:30}\n", ["line 1", "'1:30'", "decimal"]),
    "thousands of digits": (
        b"audit: {seed: 1" + b"0" * 5000 + b"}\n",
        ["line 1", "cannot be read"],
    ),
    "no such day": (b"profile: 2024-02-31\n", ["line 1", "'2024-02-31'", "cannot be read"]),
}

# name -> what stands in the smoke config, what is put there instead, and words of the message
CHANGES = {
    "number as text": ("seed: 11801", 'seed: "2018"', ["searches[0].seed", "remove the quotes"]),
    "exponent without a point": ("step: 5.0", "step: 5e0", ["protocols[1].step", "decimal point"]),
    "not a number": ("step: 5.0", "step: .nan", ["protocols[1].step", "nan", "above 0"]),
    "infinite": ("step: 5.0", "step: .inf", ["protocols[1].step", "inf", "above 0"]),
    "infinite by size": ("step: 5.0", "step: 1.0e+999", ["protocols[1].step", "inf"]),
    "huge seed": ("seed: 11801", "seed: 9" + "9" * 100, ["searches[0].seed", "bits"]),
    "64 bits": ("seed: 11801", "seed: 9223372036854775808", ["searches[0].seed", "from 0 to 922"]),
    "whole as decimal": ("last_k: 9", "last_k: 9.0", ["sizes[0].last_k", "write it without", "9"]),
    "negative seed": ("seed: 11801", "seed: -1", ["searches[0].seed", "from 0"]),
    "date": ("seed: 11801", "seed: 2018-01-01", ["searches[0].seed", "2018-01-01"]),
    "yes": ("profile: smoke", "profile: yes", ["profile", "is true", "quotes"]),
    "no": ("protocol: safran2018", "protocol: no", ["searches[0].protocol", "is false", "quotes"]),
    "on as a key": ("audit:", "on: 1\naudit:", ["key true", "quotes"]),
    "number as a key": ("audit:", "2018: 1\naudit:", ["key 2018", "quotes"]),
    "line end in a name": ("profile: smoke", 'profile: "smoke\\n"', ["profile", "of the form"]),
    "path as a profile": ("profile: smoke", "profile: ../../etc", ["profile", "of the form"]),
    "capital letters": ("profile: smoke", "profile: Smoke", ["profile", "of the form"]),
    "endless name": ("profile: smoke", "profile: " + "a" * 300, ["profile", "at most 60"]),
    "empty value": ("seed: 11801", "seed:", ["searches[0].seed", "is empty"]),
    "bytes": ("profile: smoke", "profile: !!binary c21va2U=", ["profile", "text"]),
    "set": ("alphas: [0.5, 0.1]", "alphas: !!set {0.5, 0.1}", ["splitting.alphas", "list"]),
    "no list": ("alphas: [0.5, 0.1]", "alphas: 0.5", ["splitting.alphas", "a list"]),
    "empty list": ("alphas: [0.5, 0.1]", "alphas: []", ["splitting.alphas", "at least 1"]),
    "entry twice": ("alphas: [0.5, 0.1]", "alphas: [0.5, 0.5]", ["splitting.alphas", "none twice"]),
    "alpha one": ("alphas: [0.5, 0.1]", "alphas: [1.0]", ["splitting.alphas[0]", "below 1"]),
    "line end in a key": ("audit:", '"a\\nb": 1\naudit:', ["'a\\nb'", "unknown key"]),
    "misspelt key": ("first_k: 9", "frist_k: 9", ["sizes[0].first_k", "missing"]),
    "tolerance zero": ("tolerance: 1.0e-9", "tolerance: 0", ["protocols[0].tolerance", "above 0"]),
    "unknown law": ("initial_law: gaussian", "initial_law: cauchy", ["initial_law", "gaussian"]),
    "empty range": ("last_k: 9", "last_k: 8", ["sizes[0].last_k", "empty range", "9 (first_k)"]),
    "huge size": ("last_k: 9", "last_k: 1000000000", ["sizes[0].last_k", "to 1000"]),
    "too many batches": ("batch: 100", "batch: 100\n          runs: 2", ["'runs'", "twice"]),
    "no runs": ("runs: 100", "runs: 0", ["sizes[0].runs", "from 1"]),
    "template": ("audit:", "__use_yte__: true\naudit:", ["__use_yte__", "unknown key"]),
}


def sizes(**changes):
    size = {"first_k": 6, "last_k": 7, "extra_students": [0], "runs": 5, "batch": 5} | changes
    return [{"name": "safran2018", "protocol": "safran2018", "seed": 1, "sizes": [size]}]


def cells(**lists):
    return {"data": ["line"], "n": [3], "d0": [2], "d1": [2], "data_sets": 1} | lists


# name -> a change of the smoke config whose parts do not fit each other, and words of the message
PROTOCOLS = yaml.safe_load(SMOKE)["protocols"]
NORMS = {"name": "short", "norms": [0.5, 1.0], "runs": 5}
DRAWS = {
    "teachers": 3,
    "inputs": 2,
    "extra_students": [0],
    "first_draw": 5,
    "draws": 4,
    "runs": 5,
}
FEW = {"teachers": [8], "students": [3], "runs": 1}
PERSISTENT = {"family": "II", "block": 1, "teachers": [6]}

MISFITS = {
    "fewer students": ({"safran": {"searches": sizes(extra_students=[-1])}}, ["extra_students[0]"]),
    "batches of one": ({"safran": {"searches": sizes(runs=5000, batch=1)}}, ["batch", "5 or more"]),
    "same size twice": (
        {"safran": {"searches": [sizes()[0] | {"sizes": sizes()[0]["sizes"] * 2}]}},
        ["safran.searches[0].sizes", "k = 6, n = 6", "twice"],
    ),
    "same search twice": (
        {"safran": {"searches": sizes() * 2}},
        ["safran.searches", "'safran2018'", "twice"],
    ),
    "same protocol twice": (
        {"protocols": [*PROTOCOLS, PROTOCOLS[1]]},
        ["protocols", "'safran2021'", "twice"],
    ),
    "unknown protocol": (
        {"safran": {"searches": [sizes()[0] | {"protocol": "adam"}]}},
        ["safran.searches[0].protocol", "adam", "safran2021"],
    ),
    "basins of nobody": (
        {"safran": {"basins": {"searches": ["nobody"]}}},
        ["safran.basins.searches[0]", "nobody", "safran2018"],
    ),
    "unknown protocol of few students": (
        {"safran": {"few_students": {"protocol": "adam"}}},
        ["safran.few_students.protocol", "adam"],
    ),
    "unknown protocol of fates": (
        {"symmetry": {"fates": {"protocol": "adam"}}},
        ["symmetry.fates.protocol", "adam"],
    ),
    "unknown protocol of splits": (
        {"safran": {"splitting": {"protocol": "adam"}}},
        ["safran.splitting.protocol", "adam"],
    ),
    "too few students": (
        {"global_minima": {"failures": {"sizes": [{"k": 3, "n": 3, "d": 3}]}}},
        ["global_minima.failures.sizes[0].n", "4 or more"],
    ),
    "too few inputs": (
        {"global_minima": {"members": {"sizes": [{"k": 3, "n": 3, "d": 2}]}}},
        ["global_minima.members.sizes[0].d", "3 or more"],
    ),
    "landscape without a valley": (
        {"global_minima": {"landscape": {"k": 3, "n": 3}}},
        ["global_minima.landscape.n", "4 or more"],
    ),
    "several teachers without a valley": (
        {"single_teacher": {"descents": {"several_teachers": [{"k": 3, "n": 3}]}}},
        ["single_teacher.descents.several_teachers[0].n", "4 or more"],
    ),
    "fewer inputs than teachers": (
        {"single_teacher": {"descents": {"inputs": 2, "several_teachers": [{"k": 3, "n": 4}]}}},
        ["single_teacher.descents.inputs", "3 or more"],
    ),
    "unknown law of data": (
        {"activation_regions": {"laws": {"data": ["cauchy"]}}},
        ["activation_regions.laws.data[0]", "uniform"],
    ),
    "cell counted twice": (
        {"activation_regions": {"volume": {"cells": [cells(d1=[2, 4]), cells(d1=[4])]}}},
        ["activation_regions.volume.cells[1]", "d1 = 4", "asked for twice"],
    ),
    "too many cells": (
        {
            "activation_regions": {
                "volume": {"cells": [cells(n=[*range(1, 200)], d1=[*range(1, 200)])]}
            }
        },
        ["activation_regions.volume.cells[0]", "39601 combinations", "10000"],
    ),
    "more comparisons than draws": (
        {"activation_regions": {"full_rank": {"trials": 2, "compared_trials": 3}}},
        ["activation_regions.full_rank.compared_trials", "2 or fewer"],
    ),
    "checks out of order": (
        {"activation_regions": {"training": {"descent": {"checks": [10, 0]}}}},
        ["activation_regions.training.descent.checks", "[0, 10]"],
    ),
    "levels without a half": (
        {"activation_regions": {"one_dimensional": {"widths": {"levels": [0.9]}}}},
        ["activation_regions.one_dimensional.widths.levels", "[0.9]", "lacks 0.5"],
    ),
    "a line in space": (
        {"activation_regions": {"volume": {"cells": [cells(d0=[2, 5])]}}},
        ["activation_regions.volume.cells[0].d0", "[2, 5]", "allowed: [2]"],
    ),
    "as many students as teachers": (
        {"fewer_students": {"restarts": {"sizes": [{**FEW, "students": [3, 8]}]}}},
        ["fewer_students.restarts.sizes[0].students[1]", "8 is too many", "7 or fewer"],
    ),
    "teachers with so small an inner product": (
        {"general_teachers": {"searches": {"equiangular": {"correlations": [0.0, -0.2]}}}},
        ["general_teachers.searches.equiangular.correlations", "-0.2 is no inner", "above -0.1429"],
    ),
    "a list of norms twice": (
        {"general_teachers": {"searches": {"norms": [NORMS, NORMS]}}},
        ["general_teachers.searches.norms", "'short' stands there twice"],
    ),
    "a draw of teachers twice": (
        {"general_teachers": {"searches": {"random": [DRAWS, {**DRAWS, "first_draw": 8}]}}},
        ["general_teachers.searches.random[1]", "a draw again", "change first_draw"],
    ),
    "a size of restarts twice": (
        {"fewer_students": {"restarts": {"sizes": [FEW, FEW]}}},
        ["fewer_students.restarts.sizes[1]", "teachers = 8, students = 3 is asked for twice"],
    ),
    "a channel that ends at global minima alone": (
        {"signed_outputs": {"channels": {"orthonormal": [{"teachers": 3, "students": 2}]}}},
        ["signed_outputs.channels.orthonormal[0].students", "leaves only global minima"],
    ),
    "nothing to extrapolate from": (
        {"fewer_students": {"crossings": {"teachers": [8, 20], "extrapolated_from": 9}}},
        ["fewer_students.crossings.extrapolated_from", "fewer than two of teachers"],
    ),
    "descent with fewer students by no protocol": (
        {"fewer_students": {"restarts": {"protocol": "adam"}}},
        ["fewer_students.restarts.protocol", "adam"],
    ),
    "a family with a block that it has not": (
        {"general_teachers": {"persistence": {"families": [{**PERSISTENT, "block": 0}]}}},
        ["general_teachers.persistence.families[0].block", "0 does not fit family II", "1 or more"],
    ),
    "a minimum that persists among too few teachers": (
        {"general_teachers": {"persistence": {"families": [{**PERSISTENT, "block": 3}]}}},
        ["general_teachers.persistence.families[0].teachers", "6 is too small", "7 or more"],
    ),
    "a block without room": (
        {"symmetry": {"perturbed_targets": {"teachers": [9, 6], "blocks": [1, 5]}}},
        ["symmetry.perturbed_targets.blocks[1]", "k = 6", "4 or fewer"],
    ),
    "inequalities of no pair": (
        {"certificates": {"inequalities": {"sizes": [{"k": 5, "n": 5, "d": 5}]}}},
        ["certificates.inequalities.sizes[0].n", "6 or more"],
    ),
    "more than the whole": (
        {"certificates": {"inequalities": {"shares": ["1/2", "5/3"]}}},
        ["certificates.inequalities.shares[1]", "5/3", "between 0 and 1"],
    ),
    "a block of a family without one": (
        {"theorems": {"families": [{"family": "A", "special_rows": 1, "least_k": 6}]}},
        ["theorems.families[0].special_rows", "0 for A"],
    ),
    "a bound without regular neurons": (
        {"theorems": {"families": [{"family": "II", "special_rows": 4, "least_k": 6}]}},
        ["theorems.families[0].least_k", "more than 6"],
    ),
    "numbers out of order": (
        {"activation_regions": {"illustrations": {"lines": [[3, 1, 0]]}}},
        ["activation_regions.illustrations.lines[0]", "[0, 1, 3]"],
    ),
    "a point at the origin": (
        {"activation_regions": {"illustrations": {"points": [[[1, 2], [0, 0]]]}}},
        ["activation_regions.illustrations.points[0]", "the origin"],
    ),
    "two sets of one size": (
        {"activation_regions": {"illustrations": {"points": [[[1, 2]], [[3, 1]]]}}},
        ["activation_regions.illustrations.points[1]", "different sizes"],
    ),
}

ENTRY = """\
- id: a_claim
  paper: Some paper 2020
  where: Theorem 1
  statement: Something holds.
  kind: universal
  source: found
  test: bad_run_rate
  parameters: {level: 0.01}
  cases:
    - {k: 6, n: 6}
"""
CLAIM = f"papers:\n{ENTRY}"

# name -> what stands in a good claims file, what is put there instead, and words of the message
CLAIMS = {
    "empty": (CLAIM, "", ["is empty", "a mapping"]),
    "a mapping": ("- id", "  id", ["papers", "is a mapping", "a list"]),
    "syntax": ("{level: 0.01}", "{level: 0.01", ["line 10"]),
    "key twice": ("where: Theorem 1", "paper: Other", ["line 4", "'paper'", "twice"]),
    "unknown key": (
        "where:",
        "were:",
        ["papers[0].were", "did you mean where?", "papers[0].where: is missing"],
    ),
    "id in capitals": ("a_claim", "A claim", ["papers[0].id", "of the form"]),
    "id missing": ("id: a_claim", "note: a", ["papers[0].id", "is missing"]),
    "id twice": (ENTRY, ENTRY * 2, ["'a_claim[k=6,n=6]'", "occurs already"]),
    "case twice": (
        "- {k: 6, n: 6}",
        "- {k: 6, n: 6}\n    - {k: 6, n: 6}",
        ["papers[0].cases", "twice"],
    ),
    "no cases": ("\n    - {k: 6, n: 6}", " []", ["papers[0].cases", "at least 1"]),
    "kind": ("universal", "usual", ["papers[0].kind", "number"]),
    "source": ("source: found", "source: on", ["papers[0].source", "is true", "quotes"]),
    "no statement": ("Something holds.", "", ["papers[0].statement", "is empty"]),
    "number as a paper": ("Some paper 2020", "2020", ["papers[0].paper", "2020", "text"]),
    "foreign test": ("bad_run_rate", "os.system", ["papers[0].test"]),
    "no such test": ("bad_run_rate", "bad_run_rat", ["'a_claim'", "did you mean bad_run_rate?"]),
    "tables": ("test:", "tables: [bad_run_rates]\n  test:", ["papers[0].tables", "unknown key"]),
    "parameter nan": (
        "level: 0.01",
        "level: .nan",
        ["papers[0].parameters.level", "nan", "finite"],
    ),
    "parameter date": (
        "level: 0.01",
        "level: 2020-01-01",
        ["papers[0].parameters.level", "2020-01-01"],
    ),
    "huge case": ("k: 6", "k: 6" + "0" * 30, ["papers[0].cases[0].k", "64 bits"]),
    "expected a list": (
        "cases:",
        "expected: [1]\n  cases:",
        ["papers[0].expected", "a number or text"],
    ),
    "no such proof": (
        "cases:",
        "proofs: [{test: bad_run_rat}]\n  cases:",
        ["'a_claim'", "did you mean bad_run_rate?"],
    ),
    "source missing": ("  source: found\n", "", ["papers[0].source", "is missing"]),
    "source of our own": ("papers:", "own_results:", ["own_results[0].source", "unknown key"]),
    "no such ledger": ("papers:", "paper:", ["paper: ", "unknown key", "did you mean papers?"]),
}


def told(path, capsys):
    """What `check-config` says of a bad config: its exit code is 1 and each fault has one line."""
    assert main(["check-config", str(path)]) == 1
    said, complaint = capsys.readouterr()
    assert said == ""
    first, *more = complaint.removesuffix("\n").split("\n")
    assert all(line.startswith(f"  {path}: ") for line in more)
    assert len(more) <= 3
    if not more:
        assert str(path) in first
    return complaint


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_config_is_refused(name, tmp_path, capsys):
    content, words = FILES[name]
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    complaint = told(path, capsys)
    assert all(word in complaint for word in words), complaint


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_a_wrong_value_is_told_with_its_key(name, tmp_path, capsys):
    old, new, words = CHANGES[name]
    assert old in SMOKE
    path = tmp_path / "bad.yaml"
    path.write_text(SMOKE.replace(old, new, 1), encoding="utf-8")
    complaint = told(path, capsys)
    assert all(word in complaint for word in words), complaint


@pytest.mark.parametrize("name", MISFITS)
def test_parts_that_do_not_fit_are_told_with_their_key(name, tmp_path, capsys):
    change, words = MISFITS[name]
    path = tmp_path / "bad.yaml"
    path.write_text(json.dumps(merged(yaml.safe_load(SMOKE), change)), encoding="utf-8")
    complaint = told(path, capsys)
    assert all(word in complaint for word in words), complaint


def merged(base, change):
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merged(base[key], value)
        else:
            base[key] = value
    return base


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claims_file_that_cannot_be_judged_is_refused(name, tmp_path):
    old, new, words = CLAIMS[name]
    assert old in CLAIM
    path = tmp_path / "claims.yaml"
    path.write_text(CLAIM.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError) as caught:
        read_claims([str(path)])
    first, *more = str(caught.value).split("\n")
    assert all(str(path) in line for line in more or [first])
    assert all(word in str(caught.value) for word in words), caught.value


def test_the_good_files_are_good(tmp_path, capsys):
    path = tmp_path / "claims.yaml"
    path.write_text(CLAIM, encoding="utf-8")
    (entry,) = read_claims([str(path)])
    assert entry.case == {"k": 6, "n": 6}
    for profile in ("smoke", "quick", "paper"):
        path = ROOT / f"config/{profile}.yaml"
        assert main(["check-config", str(path)]) == 0
        assert capsys.readouterr().out == f"{path}: can be used\n"


def test_a_copy_that_keeps_the_name_of_its_original_is_refused(tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text(SMOKE, encoding="utf-8")
    assert "profile: is 'smoke'" in told(path, capsys)
    path.write_text(SMOKE.replace("profile: smoke", "profile: mine"), encoding="utf-8")
    assert main(["check-config", str(path)]) == 0


def test_a_config_may_come_from_several_files():
    config = {"profile": "mine"}
    assert misnamed_profile(config, ["config/mine.yaml", "config/extra.yaml"]) == []
    (line,) = misnamed_profile(config, ["config/quick.yaml", "--config"])
    assert line.startswith("config/quick.yaml with --config: profile: is 'mine'")


def test_the_smallest_batches_are_allowed():
    change = {"searches": sizes(runs=5000, batch=5), "basins": {"searches": []}}
    config = merged(yaml.safe_load(SMOKE), {"safran": change})
    assert config_faults(config, "x") == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_does_no_harm(encoding, tmp_path):
    path = tmp_path / "smoke.yaml"
    path.write_text(SMOKE, encoding=encoding)
    assert read_yaml(path) == yaml.safe_load(SMOKE)


def test_anchors_and_merge_keys_may_be_used(tmp_path):
    path = tmp_path / "some.yaml"
    path.write_text("a: &a {x: 1, y: 1_000}\nb: {<<: *a, x: 2}\nc: [*a, *a]\n", encoding="utf-8")
    plain = {"x": 1, "y": 1000}
    assert read_yaml(path) == {"a": plain, "b": {"x": 2, "y": 1000}, "c": [plain, plain]}


def test_numbers_of_a_json_config_are_those_of_json(tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"tolerance": 1e-9}), encoding="utf-8")
    assert read_yaml(path) == {"tolerance": 1e-9}


def test_a_missing_file_is_told_with_what_there_is(tmp_path):
    (tmp_path / "quick.yaml").write_text("", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"none\.yaml: there is no such file; .* quick\.yaml"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_yaml(tmp_path)


def test_unknown_studies_are_told_with_the_known_ones():
    (line,) = unknown_studies({"studies": ["safran", "nobody2030"]}, ["safran"], "some.yaml")
    assert line == "some.yaml: studies[1]: no study 'nobody2030'; allowed: safran"


def every_scalar(value, instead):
    """A copy of a config with the same value in every place that holds no list or mapping."""
    if isinstance(value, dict):
        return {key: every_scalar(entry, instead) for key, entry in value.items()}
    if isinstance(value, list):
        return [every_scalar(entry, instead) for entry in value]
    return instead


def places(value, kind, path=""):
    """The dotted paths of all values of a kind."""
    if isinstance(value, kind):
        yield path
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from places(entry, kind, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from places(entry, kind, f"{path}[{number}]")


@pytest.mark.parametrize(
    "wrong", [None, True, float("nan"), float("-inf"), 10**30, -(10**30), "", b"x", {}, {"a": 1}]
)
def test_no_key_takes_a_value_that_makes_no_sense(wrong):
    config = yaml.safe_load(SMOKE)
    lines = config_faults(every_scalar(config, wrong), "x")
    told_of = {line.split(": ")[1] for line in lines}
    scalars = set(places(config, str | int | float))
    assert len(scalars) > 250
    if wrong is True:
        scalars -= set(places(config, bool))
    # With {} the key that lacks, with {"a": 1} the key that is not known is told as well.
    assert scalars <= told_of
    assert all("\n" not in line for line in lines)


def without_entries(value):
    """A copy of a config in which each list without a list below it is empty."""
    if isinstance(value, dict):
        return {key: without_entries(entry) for key, entry in value.items()}
    if isinstance(value, list) and list(places(value, list)) != [""]:
        return [without_entries(entry) for entry in value]
    return [] if isinstance(value, list) else value


def test_no_list_may_be_empty():
    config = yaml.safe_load(SMOKE)
    emptied = without_entries(config)
    lists = [path for path in places(config, list) if path in set(places(emptied, list))]
    told_of = {line.split(": ")[1] for line in config_faults(emptied, "x")}
    innermost = {path for path in lists if not any(o.startswith(f"{path}[") for o in lists)}
    assert len(innermost) > 60
    # No search need end its runs early, and no fold be looked for.
    assert innermost - {"safran.basins.searches", "leaky_slope.sizes.fold_blocks"} <= told_of
