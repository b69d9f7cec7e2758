"""The catalogue: what it says is so, its names are stable, and it is that of the published run."""

import hashlib
import json
import zipfile
from dataclasses import FrozenInstanceError, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from relu_landscape import (
    catalogue,
    population_gradient,
    population_hessian,
    population_loss,
    symmetric_critical_point,
)
from relu_landscape.__main__ import main
from relu_landscape.catalogue import packaged
from relu_landscape.catalogue.critical_points import (
    CatalogueTheorem,
    CriticalPoint,
    WeightsByBlock,
)
from relu_landscape.catalogue.export import SCHEMA, CatalogueFiles, read_rows, write_catalogue
from relu_landscape.catalogue.identifiers import (
    UNIT,
    class_identifier,
    require_distinct,
    resolve,
)
from relu_landscape.catalogue.packaged import PACKAGED, PROFILE
from relu_landscape.catalogue.rows import NESTED, entries_of_rows
from relu_landscape.catalogue.summary import describe_entries
from relu_landscape.certificates import certify_minimum, minimum_line, symmetric_minimum_line
from relu_landscape.certificates.check import Refused, check_line
from relu_landscape.certificates.recognised import certify_recognised_minimum
from relu_landscape.evidence import publish as publishing
from relu_landscape.evidence.arrays import decode_arrays
from relu_landscape.evidence.documents import write_json
from relu_landscape.fewer_students.copy_branches import CopyBranch
from relu_landscape.fewer_students.copy_records import POINT_OF
from relu_landscape.leaky import leaky_critical_point
from relu_landscape.studies import declarations
from relu_landscape.studies.catalogue_entries import gather_entries
from relu_landscape.studies.declarations import declared_entries
from relu_landscape.tables.files import decode_table

ROOT = Path(__file__).parents[2]
ARCHIVE = ROOT / f"archives/{PROFILE}.zip"
ARRAYS = {"representatives", "spectra"}
STUDIES = json.loads((ROOT / f"figures/{PROFILE}/manifest.json").read_text(encoding="utf-8"))[
    "config"
]["studies"]


@cache
def entries():
    return entries_of_rows(read_rows(PACKAGED))


def points(kind):
    return [one for one in entries() if isinstance(one, CriticalPoint) and one.kind == kind]


@cache
def archived(largest_k):
    """What the entries are made from, of the published run, at sizes up to this k."""
    read = {name for made in declared_entries().values() for name in made.inputs}
    read |= {"certified_classes", "certified_families"}
    optional = {name for made in declared_entries().values() for name in made.optional}
    data = {}
    with zipfile.ZipFile(ARCHIVE) as members:
        published = {Path(name).stem for name in members.namelist()}
        for name in read - (optional - published):
            if name in ARRAYS:
                data[name] = decode_arrays(members.read(f"arrays/{name}.npz"), ARCHIVE)
            elif name == "families":
                file = members.read(f"certificates/{name}.jsonl")
                data[name] = file.decode().splitlines()[:-1]
            else:
                table = decode_table(members.read(f"tables/{name}.parquet"), ARCHIVE, name)
                named = {"extra", "class_id", "branch", "slope"}
                of_points = "k" in table and not named.isdisjoint(table)
                data[name] = table[table["k"] <= largest_k] if of_points else table
    return data


def near(found, expected):
    """Whether two values of JSON are the same but for last bits of numbers."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        return all(near(found[key], expected[key]) for key in expected)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(near, found, expected))
    if isinstance(expected, float):
        return found == pytest.approx(expected, rel=1e-9, abs=1e-12)
    return found == expected


def test_every_point_with_weights_is_a_critical_point_of_the_loss_that_it_names():
    looked_at = 0
    for point in [*points("class"), *points("family_point")]:
        if point.weights_by_block is None or point.k > 16:
            continue
        W, teachers = point.weights(), np.eye(point.k)
        assert W.shape == (point.n, point.k)
        assert np.linalg.norm(population_gradient(W, teachers)) < 1e-12, point.id
        assert population_loss(W, teachers) == pytest.approx(point.loss, abs=1e-13)
        looked_at += 1
    assert looked_at > 150


def test_points_of_which_a_certificate_tells_have_its_weights():
    """Between the k at which the family was solved."""
    point = catalogue.find_by_id("II_1-k101-n101")
    assert point.spectrum == ()
    solved = symmetric_critical_point("II", 101, m=1)
    np.testing.assert_allclose(
        point.weights_by_block.parameters, solved.parameters, rtol=0, atol=1e-14
    )
    assert point.loss == pytest.approx(solved.loss, abs=1e-15)


@pytest.mark.parametrize("n", [13, 14])
def test_the_spectrum_is_that_of_the_hessian_with_its_multiplicities(n):
    for point in catalogue.find(k=13, n=n):
        if not point.spectrum:
            continue
        computed = np.linalg.eigvalsh(population_hessian(point.weights(), np.eye(13)))
        said = [one.eigenvalue for one in point.spectrum for _ in range(one.multiplicity)]
        np.testing.assert_allclose(said, computed, rtol=0, atol=1e-9)
        assert point.smallest_eigenvalue == pytest.approx(said[0], abs=1e-12)


def test_multiplicities_add_up_to_the_number_of_weights():
    for point in [*points("class"), *points("family_point")]:
        if point.spectrum:
            total = sum(one.multiplicity for one in point.spectrum)
            assert total == pytest.approx(point.n * point.k, rel=1e-15), point.id


@pytest.mark.parametrize(
    ("name", "certify", "line"),
    [
        ("k6-n6-S5-0.025081", lambda W: certify_minimum(W, np.eye(len(W))), minimum_line),
        ("k13-n14-S12-0.014923", certify_recognised_minimum, symmetric_minimum_line),
    ],
)
def test_the_certificate_of_a_class_is_proved_again_from_its_weights(name, certify, line):
    point = catalogue.find_by_id(name)
    text = line(certify(point.weights()))
    assert "minimum" in check_line(text)
    fields = json.loads(text)
    assert fields["statement"] == point.certificate.statement
    assert float(fields["loss_lower"]) <= point.certificate.loss_upper
    assert float(fields["loss_upper"]) >= point.certificate.loss_lower
    assert float(fields["hessian_lower"]) == pytest.approx(
        point.certificate.hessian_lower, rel=0.01
    )


def test_the_published_certificate_holds_around_the_weights_of_its_class():
    """With the weights of the catalogue as the centre of its box, the checker proves it as well."""
    point = catalogue.find_by_id("k6-n6-S5-0.025081")
    with zipfile.ZipFile(ARCHIVE) as members:
        lines = members.read(point.certificate.file).decode().splitlines()
    fields = json.loads(lines[point.certificate.line - 1])
    centre = point.weights()
    fields["W"] = [[float(x).hex() for x in row] for row in centre]
    assert check_line(json.dumps(fields))
    fields["W"][0][0] = float(centre[0, 0] + 1e-6).hex()
    with pytest.raises(Refused):
        check_line(json.dumps(fields))


def test_one_more_neuron_leads_to_classes_that_are_there():
    names = {point.id: point for point in points("class")}
    landed = [(point, split) for point in names.values() for split in point.splits if split.entry]
    assert len(landed) > 100
    for point, split in landed:
        assert split.landing == "class"
        assert names[split.entry].n == point.n + 1
        assert split.loss == pytest.approx(names[split.entry].loss, abs=1e-6)
        assert 0 <= split.row < len(point.weights_by_block.own)


def test_the_neuron_that_was_split_is_a_row_of_the_class_that_is_named():
    data = archived(11)
    fates = data["fates"].groupby(["k", "n", "class_id"])
    classes = {(one.k, one.n, one.class_id): one for one in points("class")}
    apart = 0
    for place, rows in fates:
        point, (k, n, number) = classes[place], place
        W = data["representatives"][f"k{k}-n{n}"][number]
        ends = np.cumsum(point.weights_by_block.space.row_sizes)
        assert len(point.splits) == len(rows)
        for neuron, split in zip(rows["neuron"], point.splits, strict=True):
            row = point.weights()[ends[split.row] - 1]
            np.testing.assert_allclose(np.sort(row), np.sort(W[neuron]), rtol=0, atol=1e-9)
            apart += split.row > 0
    assert apart > 10


def test_runs_of_a_class_are_those_of_the_table():
    counted = archived(11)["curvature"].set_index(["k", "n", "class_id"])["runs"]
    classes = [one for one in points("class") if one.k <= 11]
    assert len(classes) == len(counted)
    for one in classes:
        assert sum(x.runs for x in one.runs) == counted[one.k, one.n, one.class_id]


def test_points_of_a_size_are_found_with_the_least_loss_first():
    found = catalogue.find(k=13)
    assert [point.loss for point in found] == sorted(point.loss for point in found)
    assert {point.nature for point in found if point.loss > 1e-9} == {"spurious_minimum"}
    (member,) = (one for one in catalogue.find(13, 13, family="II_1") if one.kind == "family_point")
    assert catalogue.find_by_id("II_1-k13-n13") == member
    with pytest.raises(FrozenInstanceError):
        member.loss = 0.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"k": 13, "n": 99}, "n=99 students at slope 0; the nearest sizes are k=13, n=14"),
        ({"k": 13, "family": "II_9"}, "no critical point of family 'II_9'; it has .*II_1"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is_near(arguments, message):
    with pytest.raises(ValueError, match=message):
        catalogue.find(**arguments)


def test_a_name_that_is_not_there_is_answered_with_names_that_are():
    with pytest.raises(ValueError, match=r"near are .*k13-n13-S12-0\.015613"):
        catalogue.find_by_id("k13-n13-S12-0.025613")


def test_weights_that_are_not_stored_or_too_large_are_refused():
    point = replace(catalogue.find_by_id("II_1-k101-n101"), weights_by_block=None)
    with pytest.raises(ValueError, match="symmetric_critical_point"):
        point.weights()
    with pytest.raises(ValueError, match="weights_by_block"):
        catalogue.find_by_id("II_1-k100000000-n100000000").weights()


@given(st.data())
def test_a_name_means_its_class_whatever_the_last_digits_of_another_run(data):
    named = [(point.id, point.loss) for point in points("class")]
    index = data.draw(st.integers(0, len(named) - 1))
    point = points("class")[index]
    ours, theirs = (data.draw(st.floats(-0.49 * UNIT, 0.49 * UNIT)) for _ in range(2))
    blocks = point.weights_by_block.blocks
    known = [*named[:index], (named[index][0], point.loss + ours), *named[index + 1 :]]
    name = class_identifier(point.k, point.n, blocks, point.loss + theirs)
    assert resolve(name, known) == index


def test_the_name_of_a_loss_on_a_rounding_boundary_is_found_from_either_side():
    boundary = 0.0123455
    names = {class_identifier(5, 5, (4, 1), boundary + step) for step in (-1e-12, 1e-12)}
    assert len(names) == 2
    for name in names:
        assert (
            resolve(name, [("k5-n5-S4-0.012346", boundary), ("k5-n5-S4-0.012349", 0.012349)]) == 0
        )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("k5-n5-S4-0.012345", 0.012345), ("k5-n5-S4-0.012347", 0.012347)),
        (("II_1-k5-n5", 0.1), ("II_1-k5-n5", 0.2)),
    ],
)
def test_names_that_cannot_be_told_apart_are_refused(first, second):
    with pytest.raises(ValueError, match=f"{first[0]} and {second[0]} apart"):
        require_distinct([second, first])
    require_distinct([first, ("k5-n5-S4-0.012349", 0.012349)])


def test_the_packaged_catalogue_is_what_the_published_run_gives():
    remade = gather_entries(STUDIES, archived(11))
    small = {one.id: one for one in remade}
    assert len(small) == len(remade) > 60
    stored = {one.id: one for one in entries() if isinstance(one, CatalogueTheorem) or one.k <= 11}
    assert small.keys() == stored.keys()
    for name, one in small.items():
        assert near(plain(one), plain(stored[name])), name


def plain(entry):
    """An entry as JSON."""
    return json.loads(json.dumps(entry, default=lambda value: value.__dict__))


def test_the_packaged_catalogue_is_the_file_of_the_published_run():
    manifest = ROOT / f"figures/{PROFILE}/manifest.json"
    outputs = json.loads(manifest.read_text(encoding="utf-8"))["outputs"]
    published = outputs.get(f"catalogue/{PACKAGED.name}")
    if published is None:
        pytest.skip("the published run is older than the catalogue")
    assert hashlib.sha256(PACKAGED.read_bytes()).hexdigest() == published


def test_the_packaged_catalogue_is_small():
    assert PACKAGED.stat().st_size < 2e6


def test_a_study_adds_entries_by_functions_in_its_folder(tmp_path, monkeypatch):
    folder = tmp_path / "later/entries"
    folder.mkdir(parents=True)
    (folder / "more.py").write_text(
        "def more(found: A, asked: B = None) -> Entries: ...\n"
        "def _helper() -> Entries: ...\n"
        "def other(found: A) -> list: ...\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(declarations, "_FOLDER", tmp_path)
    (made,) = declared_entries.__wrapped__().values()
    assert (made.study, made.name) == ("later", "more")
    assert (made.inputs, made.optional) == (("found", "asked"), ("asked",))


def test_a_run_without_names_of_families_has_its_classes_and_one_without_classes_says_so():
    data = archived(11)
    some = {name: data[name] for name in data if name != "identified_classes"}
    classes = gather_entries(["safran"], some)
    assert {one.family for one in classes} == {None}
    assert {one.id for one in classes} == {one.id for one in points("class") if one.k <= 11}
    del some["fates"]
    with pytest.raises(ValueError, match="nothing makes fates"):
        gather_entries(["safran"], some)


def test_parquet_json_and_descriptor_say_the_same(tmp_path):
    names = ("table.parquet", "table.json", "datapackage.json")
    files = CatalogueFiles(*(tmp_path / name for name in names))
    chosen = [*catalogue.find(13, 14), *catalogue.theorems()]
    write_catalogue(chosen, files, "tiny")
    rows = json.loads(files.json.read_text(encoding="utf-8"))
    assert rows == read_rows(files.table)
    assert entries_of_rows(rows) == sorted(chosen, key=lambda one: one.id)
    described = json.loads(files.descriptor.read_text(encoding="utf-8"))
    assert [one["path"] for one in described["resources"]] == ["table.parquet", "table.json"]
    for resource in described["resources"]:
        fields = {one["name"]: one for one in resource["schema"]["fields"]}
        assert list(fields) == [column.name for column in SCHEMA.columns] == list(rows[0])
        for name in NESTED:
            kinds = {type(row[name]) for row in rows} - {type(None)}
            assert kinds == {{"array": list, "object": dict}[fields[name]["type"]]}
    frame = pd.read_parquet(files.table)
    assert json.loads(frame["spectrum"][0]) == rows[0]["spectrum"]


def test_publishing_the_packaged_profile_refreshes_the_package(tmp_path, monkeypatch):
    package = tmp_path / "package" / PACKAGED.name
    monkeypatch.setattr(publishing, "PACKAGED", package)
    results = tmp_path / "results"
    for name in ("claims.md", "claims.json", f"catalogue/{PACKAGED.name}", "benchmarks/x.tsv"):
        (results / name).parent.mkdir(parents=True, exist_ok=True)
        (results / name).write_text("s\tmax_rss\tcpu_time\n1\t1\t1\n", encoding="utf-8")
    write_json(results / "manifest.json", {"config": {"profile": "other"}})
    publishing.publish(results, tmp_path / "figures")
    assert not package.exists()
    write_json(results / "manifest.json", {"config": {"profile": PROFILE}})
    assert package in publishing.publish(results, tmp_path / "figures")
    assert package.read_bytes() == (results / f"catalogue/{PACKAGED.name}").read_bytes()


def test_the_command_prints_a_size_or_an_entry(capsys):
    assert main(["catalogue", "k13-n13"]) == 0
    shown = capsys.readouterr().out
    assert "k13-n13-S12-0.015613: spurious minimum, Delta(S_12 x S_1)" in shown
    assert main(["catalogue", "II_1-every-k"]) == 0
    assert "for every real k >= 6" in capsys.readouterr().out
    assert main(["catalogue", "k13-n99"]) == 1
    assert "k=13, n=14" in capsys.readouterr().err


def test_the_command_writes_the_packaged_catalogue_for_other_tools(tmp_path, monkeypatch, capsys):
    few = [catalogue.find_by_id("II_1-k13-n13"), *catalogue.theorems()]
    monkeypatch.setattr(packaged, "_entries", lambda: few)
    assert main(["export-catalogue", str(tmp_path)]) == 0
    names = {Path(line).name for line in capsys.readouterr().out.splitlines()}
    assert names == {PACKAGED.name, "catalogue_entries.json", "datapackage.json"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert [row["id"] for row in read_rows(tmp_path / PACKAGED.name)] == sorted(
        one.id for one in few
    )


def test_few_students_are_points_with_blocks_without_neurons():
    for n, branch in ((4, "copy_average"), (7, "perturbed_copy")):
        point = catalogue.find_by_id(f"{branch}-k8-n{n}")
        assert point in catalogue.find(8, n, family=branch)
        assert (point.nature, point.weights_by_block.absent) == ("strict_minimum", 1)
        assert point.certificate.statement == "strict_minimum"
        assert point.certificate.loss_lower <= point.loss <= point.certificate.loss_upper
        solved = POINT_OF[CopyBranch(branch)](8, n)
        np.testing.assert_allclose(point.weights(), solved.weights(), rtol=0, atol=1e-14)
    assert catalogue.find_by_id("perturbed_copy-k8-n2").nature == "saddle"
    assert "none for the last 1 of them" in describe_entries([point])


def test_points_at_other_slopes_are_named_by_them():
    (point,) = catalogue.find(8, family="II_1", slope=-0.5)
    assert (point.id, point.kind, point.slope) == ("II_1-k8-n8-s-0.5", "leaky_point", -0.5)
    solved = leaky_critical_point("II", 8, -0.5, m=1)
    assert point.loss == pytest.approx(solved.loss, rel=1e-12)
    assert point.isotropy == solved.space.isotropy
    assert "slope -0.5" in describe_entries([point])
    assert {one.slope for one in catalogue.find(8)} == {0.0}
    with pytest.raises(ValueError, match=r"no critical point at slope 0\.123; it has -1, -0\.95"):
        catalogue.find(8, slope=0.123)
    with pytest.raises(ValueError, match=r"leaky\.leaky_critical_point at a slope"):
        point.weights()


def test_entries_of_an_older_catalogue_have_all_blocks_with_neurons():
    fields = {"blocks": [3], "extra": 0, "own": [1.0], "rest": [[0.5]]}
    weights = WeightsByBlock.of_fields(fields)
    assert weights.absent == 0
    np.testing.assert_array_equal(weights.matrix(), np.full((3, 3), 0.5) + 0.5 * np.eye(3))
