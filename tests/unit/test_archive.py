import dataclasses
import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from relu_landscape.archive.contents import CRATE, FOLDERS, MANIFEST, WORKFLOW
from relu_landscape.archive.recheck import _certificates as proofs_of, require_tables_of_this_code
from relu_landscape.archive.unpacking import AnotherArchive, profile_of, unpack
from relu_landscape.archive.writing import write_archive
from relu_landscape.certificates import check, file_text
from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.manifest import git_state
from relu_landscape.tables import files as table_files
from relu_landscape.tables.files import write_table
from relu_landscape.tables.registry import load_schema

ROOT = Path(__file__).parents[2]
ARCHIVES = sorted((ROOT / "archives").glob("*.zip"))
AT_A_TIME = 24  # of the certificates of a committed archive
TABLE, FIGURE = "tables/one.parquet", "figures/one.csv"
PROOFS = "a_later_study/minima.jsonl"


@pytest.fixture
def run(tmp_path):
    """A finished run and a folder in which its manifest is published."""
    results, published = tmp_path / "results", tmp_path / "figures/tiny"
    proofs = file_text(["a proof", "another"]).encode()
    outputs = {TABLE: b"a table", "claims.json": b"[]", FIGURE: b"x\n1\n", PROOFS: proofs}
    for name, content in outputs.items():
        (results / name).parent.mkdir(parents=True, exist_ok=True)
        (results / name).write_bytes(content)
    write_json(
        results / MANIFEST,
        {
            "config": {"profile": "tiny"},
            "code": {"revision": None},
            "outputs": {
                name: hashlib.sha256(content).hexdigest() for name, content in outputs.items()
            },
        },
    )
    published.mkdir(parents=True)
    (published / MANIFEST).write_bytes((results / MANIFEST).read_bytes())
    (tmp_path / WORKFLOW).parent.mkdir()
    (tmp_path / WORKFLOW).write_text("# the workflow\n", encoding="utf-8")
    return tmp_path


def archived(run, name="tiny.zip"):
    write_archive(run / "results", run, run / name)
    return run / name


def rewritten(archive, **changes):
    """The archive with other contents of these members; None leaves one out."""
    with zipfile.ZipFile(archive) as members:
        contents = {name: members.read(name) for name in members.namelist()}
    contents |= changes
    with zipfile.ZipFile(archive, "w") as members:
        for name, content in contents.items():
            if content is not None:
                members.writestr(name, content)
    return archive


def test_an_archive_holds_the_results_that_take_time_and_describes_itself(run):
    with zipfile.ZipFile(archived(run)) as members:
        names = members.namelist()
        graph = json.loads(members.read(CRATE))["@graph"]
    assert {TABLE, PROOFS, "claims.json", MANIFEST, CRATE} <= set(names)
    assert FIGURE not in names  # drawn again
    files = {one["@id"] for one in graph if "File" in one["@type"]}
    assert files == set(names) - {CRATE}
    (action,) = (one for one in graph if one["@type"] == "CreateAction")
    assert {"@id": TABLE} in action["result"]


def test_the_same_run_gives_the_same_bytes(run):
    assert archived(run, "a.zip").read_bytes() == archived(run, "b.zip").read_bytes()


def test_what_was_published_is_unpacked(run):
    names = unpack(archived(run), run / "figures/tiny", run / "out")
    assert names == [PROOFS, "claims.json", TABLE]
    assert (run / "out" / TABLE).read_bytes() == b"a table"
    assert profile_of(run / "tiny.zip", run / "figures") == "tiny"


def test_certificates_are_proved_again_in_whatever_folder_a_study_has_them(run):
    (run / "results/saddles").mkdir()
    (run / "results/saddles/none.jsonl").touch()
    (run / "results/saddles/splits.jsonl").write_text("a theorem", encoding="utf-8")
    tasks = dict(proofs_of(run / "results"))
    assert [*tasks] == [f"{PROOFS}:1", f"{PROOFS}:2", "saddles/splits.jsonl"]
    with pytest.raises(check.Refused):
        tasks[f"{PROOFS}:2"]()


def test_a_table_of_older_code_names_the_revision_that_reads_it(run, monkeypatch):
    path, schema = run / "results" / TABLE, load_schema("bad_run_rates")
    older = dataclasses.replace(schema, version=schema.version + 1)
    monkeypatch.setattr(table_files, "load_schema", lambda _: older)
    write_table({column.name: [] for column in schema.columns}, path, schema.name)
    require_tables_of_this_code(run / "results")
    monkeypatch.undo()
    with pytest.raises(AnotherArchive, match=r"is a table of other code .* revision .*unknown"):
        require_tables_of_this_code(run / "results")


def test_results_that_changed_since_are_not_archived(run):
    (run / "results" / TABLE).write_bytes(b"another")
    with pytest.raises(ValueError, match=r"one\.parquet is not what the manifest"):
        archived(run)


def test_an_unfinished_run_is_not_archived(run):
    (run / "results" / MANIFEST).unlink()
    with pytest.raises(FileNotFoundError, match="finish the run"):
        archived(run)


def test_an_archive_that_is_not_there_is_to_be_written(run):
    with pytest.raises(FileNotFoundError, match=r"none\.zip is not there: `make archive` writes"):
        profile_of(run / "none.zip", run / "figures")


def test_a_flipped_byte_is_named(run):
    archive = archived(run)
    content = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as members:
        place = members.getinfo(TABLE).header_offset + 30 + len(TABLE)
    content[place + 3] ^= 1
    archive.write_bytes(content)
    with pytest.raises(AnotherArchive, match=TABLE):
        unpack(archive, run / "figures/tiny", run / "out")
    assert not (run / "out").exists()


@pytest.mark.parametrize("content", [b"another table", None])
def test_a_file_that_is_another_or_missing_is_named(run, content):
    archive = rewritten(archived(run), **{TABLE: content})
    with pytest.raises(AnotherArchive, match=TABLE):
        unpack(archive, run / "figures/tiny", run / "out")


def test_a_manifest_that_was_changed_with_its_file_is_not_believed(run):
    manifest = json.loads((run / "results" / MANIFEST).read_text(encoding="utf-8"))
    del manifest["sha256"]
    manifest["outputs"][TABLE] = hashlib.sha256(b"another table").hexdigest()
    write_json(run / "other.json", manifest)
    changes = {TABLE: b"another table", MANIFEST: (run / "other.json").read_bytes()}
    with pytest.raises(AnotherArchive, match=TABLE):
        unpack(rewritten(archived(run), **changes), run / "figures/tiny", run / "out")
    changes = {MANIFEST: (run / "other.json").read_bytes()}
    with pytest.raises(AnotherArchive, match=MANIFEST):
        unpack(rewritten(archived(run), **changes), run / "figures/tiny", run / "out")


def test_only_what_was_published_is_written(run):
    unpack(rewritten(archived(run), **{"../evil": b"x"}), run / "figures/tiny", run / "out")
    assert not (run / "evil").exists()
    folders = {Path(PROOFS).parent.name, *FOLDERS}
    assert {path.name for path in (run / "out").iterdir()} <= {*folders, "claims.json", MANIFEST}


def test_what_is_no_archive_or_of_another_profile_is_refused(run):
    (run / "text.zip").write_text("no zip", encoding="utf-8")
    with pytest.raises(AnotherArchive, match="no zip file"):
        profile_of(run / "text.zip", run / "figures")
    archive = archived(run)
    (run / "figures/tiny").rename(run / "figures/large")
    with pytest.raises(AnotherArchive, match=r"'tiny'.*large"):
        profile_of(archive, run / "figures")


@pytest.mark.slow
@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.stem)
def test_a_committed_archive_is_what_was_published_and_its_proofs_hold(archive, tmp_path):
    """Every file by its checksum, and of the certificates others with each commit.

    All of them, verdicts and figures are the weekly job's: `make recheck`.
    """
    names = unpack(archive, ROOT / "figures" / profile_of(archive, ROOT / "figures"), tmp_path)
    assert {"claims.json", "tables/classes.parquet"} <= set(names)
    lines = [
        line
        for path in sorted((tmp_path / "certificates").glob("*.jsonl"))
        for line in check.certificates_in(path)
    ]
    assert len(lines) > AT_A_TIME
    first = int(git_state(ROOT)["revision"] or "0", 16)
    for number in range(AT_A_TIME):
        # Spread over the files, so that each kind has its share.
        check.check_line(lines[(first + number * len(lines) // AT_A_TIME) % len(lines)])


def test_there_is_a_committed_archive():
    assert ARCHIVES
