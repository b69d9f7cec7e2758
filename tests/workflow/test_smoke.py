"""The workflow from end to end on the smoke profile, in a copy of the checkout."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from tests.engine import ROOT, shell, snakemake, stamps

from relu_landscape import catalogue
from relu_landscape.certificates import file_text
from relu_landscape.certificates.check import certificates_in
from relu_landscape.evidence.compare import agrees, compare_results, render_comparison
from relu_landscape.evidence.run_records import read_sittings, speeds_of_run
from relu_landscape.storage import DamagedFile
from relu_landscape.studies.declarations import declared_figures, declared_steps
from relu_landscape.studies.show import describe_case, read_collected_tables
from relu_landscape.tables.files import read_table, write_table

pytestmark = pytest.mark.slow
SMOKE = ("--configfile", "config/smoke.yaml")
# Of what a run makes, by what the studies of its config declare: none of it is listed here.
STUDIES = yaml.safe_load((ROOT / "config/smoke.yaml").read_text(encoding="utf-8"))["studies"]
FIGURES = {name for name, figure in declared_figures().items() if figure.study in STUDIES}
NOTEBOOKS = {path.stem for path in ROOT.glob("notebooks/*.ipynb")}
AUDITS = {name.removeprefix("audit_") for name in declared_steps() if name.startswith("audit_")}
# What the papers print or conjecture, and any run finds wrong.
ERRATA = {
    "safran2021_theorem_4_printed_form": "deviates",
    "safran2021_theorem_9_loss_order": "deviates",
    "safran2021_conjecture_12": "refuted",
    "simsek2023_relu_optimum": "deviates",
}
# A locale whose encoding is not UTF-8: it reads such text without an error, as other text.
LOCALE, LANGUAGE, ENCODING = "de_DE.iso88591", "de_DE", "ISO-8859-1"
FIGURE, NOTEBOOK = "results/smoke/figures/family_losses.svg", "results/smoke/notebooks/symmetry"
VERDICTS = {"proved", "reproduced", "consistent", "deviates", "refuted", "undecided", "not run"}


def test_run_makes_every_output(smoke):
    checkout, output = smoke
    results = checkout / "results/smoke"
    for kind in ("svg", "pdf", "csv"):
        made = {path.stem for path in (results / "figures").glob(f"*.{kind}")}
        assert made == FIGURES
    for name in FIGURES:
        assert (results / f"figures/{name}.svg").stat().st_size > 2000
        assert (results / f"figures/{name}.pdf").stat().st_size > 2000
        assert len((results / f"figures/{name}.csv").read_text(encoding="utf-8").splitlines()) >= 2
    for name in ("index.html", "claims.html", "claims.md", "explorer.html", "manifest.json"):
        assert (results / name).stat().st_size > 200
    assert (results / "report.html").stat().st_size > 100_000
    for name in AUDITS:
        assert (results / f"audits/{name}.json").stat().st_size > 200
    for name in NOTEBOOKS:
        page = (results / f"notebooks/{name}.html").read_text(encoding="utf-8")
        assert 0 < page.count("<img") <= page.count(" alt=")
        assert "<math" in page
        assert "<script" not in page
    last = output[-2000:]
    assert "results/smoke/index.html" in last
    assert "results/smoke/claims.html" in last
    assert "results/smoke/figures" in last
    assert "report" in last


def test_the_explorer_holds_the_catalogue_and_the_ledger(smoke):
    checkout, _ = smoke
    results = checkout / "results/smoke"
    page = (results / "explorer.html").read_text(encoding="utf-8")
    assert len(page.encode()) < 5e6
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
    sources = {"entries": "catalogue/catalogue_entries.json", "cases": "claims.json"}
    for name, source in sources.items():
        expected = json.loads((results / source).read_text(encoding="utf-8"))
        # The page holds the catalogue of the ReLU.
        names = [one["id"] for one in expected if one.get("slope", 0) == 0]
        column = data[name]["columns"].index("id")
        assert [row[column] for row in data[name]["rows"]] == names
    splits = read_table(results / "tables/fates.parquet")[["k", "n", "class_id"]]
    assert len(data["orders"]) == len(splits.drop_duplicates()) > 0


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="threads are not counted here")
def test_the_engine_leaves_no_timer_behind_its_jobs(smoke_run):
    """Each would wake the scheduler once a second: with them there is about one thread a job."""
    assert 0 < smoke_run.threads < 20


def test_the_front_page_shows_every_figure_and_leads_to_files_that_are_there(smoke):
    results = smoke[0] / "results/smoke"
    page = (results / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r"<figure id='(\w+)'", page)) == FIGURES
    goals = set(re.findall(r"(?:href|src)='([^'#]+)", page))
    assert len(goals) > 2 * len(FIGURES)
    assert [goal for goal in goals if not (results / goal).exists()] == []
    learnt = re.findall(r"<a href='#(\w+)'>figure</a>", page)
    led = Counter(declared_figures()[name].study for name in learnt)
    assert len(learnt) >= 8
    assert max(led.values()) <= 3  # what was learnt is read in a minute, however many studies


def test_every_claim_has_a_verdict_with_its_evidence(smoke):
    checkout, _ = smoke
    claims = json.loads((checkout / "results/smoke/claims.json").read_text(encoding="utf-8"))
    assert len(claims) > 30
    assert len({claim["id"] for claim in claims}) == len(claims)
    for claim in claims:
        assert claim["verdict"] in VERDICTS
        assert claim["statement"]
        if claim["verdict"] != "not run":
            files = re.split("[:;]", claim["evidence"])[
                0
            ]  # a path, or a pattern where many are meant
            found = (folder.glob(files) for folder in (checkout / "results/smoke", checkout))
            assert any(map(any, found)), claim["id"]
    against = {
        claim["id"]: claim["verdict"]
        for claim in claims
        if claim["verdict"] in {"deviates", "refuted"}
    }
    # Whether nothing else fails is compared with what is published, claim by claim.
    assert against.items() >= ERRATA.items()


def test_show_tells_of_every_size_what_there_is_or_why_there_is_nothing(smoke):
    tables = read_collected_tables(smoke[0] / "results/smoke")
    sizes = tables["restarts"][["k", "n"]].drop_duplicates().itertuples(index=False, name=None)
    shown = {size: describe_case("k{}-n{}".format(*size), tables) for size in sizes}
    assert len(shown) >= 3
    for text in shown.values():
        assert "safran20" in text
        assert not re.search("none$", text, re.MULTILINE)
    classified = set(tables["classes"][["k", "n"]].itertuples(index=False, name=None))
    for size, text in shown.items():
        assert ("none: classified are runs" in text) == (size not in classified)
    assert classified < shown.keys()


def test_entries_of_the_catalogue_have_the_names_that_another_run_gave_them(smoke):
    folder = smoke[0] / "results/smoke/catalogue"
    rows = json.loads((folder / "catalogue_entries.json").read_text(encoding="utf-8"))
    assert {row["kind"] for row in rows} == {"class", "family_point", "leaky_point", "theorem"}
    assert (folder / "datapackage.json").exists()
    known = [row for row in rows if row["kind"] == "class" and row["k"] <= 9]
    assert len(known) > 3
    for row in known:
        same = catalogue.find_by_id(row["id"])
        assert same.id == row["id"]
        assert same.loss == pytest.approx(row["loss"], abs=1e-12)


def test_a_comment_changes_nothing_and_code_changes_what_depends_on_it(finished_copy):
    module = finished_copy / "src/relu_landscape/minima/curvature.py"
    before = module.read_text(encoding="utf-8")
    module.write_text(before + "\n# a comment\n", encoding="utf-8")
    be_cloned_anew(finished_copy)
    for weights in finished_copy.glob("results/smoke/restarts/*/*/*.npz"):
        weights.unlink()
    # In a checkout that has moved since, and through the door of other workflows.
    _, output = snakemake(finished_copy, "--snakefile", "workflow/Snakefile", *SMOKE, "--dry-run")
    assert "Nothing to be done" in output, output[-3000:]
    tolerance = "GRADIENT_TOLERANCE: Final = "
    assert f"{tolerance}1e-9" in before
    module.write_text(before.replace(f"{tolerance}1e-9", f"{tolerance}2e-9"), encoding="utf-8")
    _, output = snakemake(finished_copy, *SMOKE, "--dry-run", "--quiet", "rules")
    assert "measure_curvature" in output
    assert "split_neurons" in output
    assert "run_restarts" not in output


def be_cloned_anew(checkout):
    """Let all that the engine sees of the sources be newer than the results."""
    for folder in ("claims", "notebooks", "published", "src/relu_landscape/explorer", "workflow"):
        for path in (checkout / folder).rglob("*.*"):
            path.touch()
    (checkout / "requirements.lock").touch()


def test_a_change_of_a_proof_repeats_no_spectrum_and_no_descent(finished_copy):
    module = finished_copy / "src/relu_landscape/certificates/minimum.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(f"{text}\nOTHER_MEANING = 1\n", encoding="utf-8")
    _, output = snakemake(finished_copy, *SMOKE, "--dry-run", "--quiet", "rules")
    planned = set(re.findall(r"^(\w+) +\d+$", output, re.MULTILINE))
    assert {"certify_classes", "check_certificates", "judge_claims", "plot_figure"} <= planned
    kept = ("run_restarts", "classify_minima", "measure_curvature", "split_neurons")
    assert not planned & {*kept, "solve_families", "measure_failures", "measure_convexity"}


def test_the_checker_accepts_the_certificates_and_no_others(smoke, tmp_path):
    checkout, _ = smoke
    folder = checkout / "results/smoke/certificates"
    empty = tmp_path / "empty.jsonl"
    empty.write_text(file_text([]), encoding="utf-8")
    files = [*sorted(folder.glob("*.jsonl")), empty]
    check = [sys.executable, "-m", "relu_landscape.certificates.check"]
    found = subprocess.run([*check, *files], cwd=checkout, capture_output=True, encoding="utf-8")
    assert found.returncode == 0, found.stdout[-2000:]
    counts = [len(certificates_in(path)) for path in files]
    assert found.stdout.count(": ok: ") == sum(counts) + counts.count(0) > 10
    assert found.stdout.count(": ok: claims nothing") == counts.count(0) > 0
    doctored = tmp_path / "doctored.jsonl"
    line = json.loads((folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines()[0])
    line["hessian_lower"] = "0.5"
    doctored.write_text(file_text([json.dumps(line)]), encoding="utf-8")
    refused = subprocess.run(
        [*check, doctored], cwd=checkout, capture_output=True, encoding="utf-8"
    )
    assert refused.returncode == 1
    assert "doctored.jsonl:1: REFUSED" in refused.stdout


def test_what_is_left_of_a_run_is_foretold_and_recorded(finished_copy):
    (finished_copy / FIGURE).unlink()
    code, output = shell(finished_copy, "make study PROFILE=smoke CORES=2")
    assert code == 0, output[-5000:]
    (sitting,) = read_sittings(finished_copy / "results/smoke")
    assert sitting.is_whole
    # The figure, the notebook that shows it, the front page, the manifest and the report.
    assert sitting.planned == 5
    assert " on 2 cores, for 5 jobs, " in output
    assert "rule plot_figure" not in output
    assert re.search(r"^Estimated .* for 5 jobs on 2 cores; took .*: ", output, re.MULTILINE)
    assert re.search(r"^Run otherwise, and not in these times: \d+ jobs\.$", output, re.MULTILINE)
    assert speeds_of_run([sitting], 2).cores == 2


def test_a_damaged_file_is_refused(smoke, tmp_path):
    checkout, _ = smoke
    path = shutil.copy(checkout / "results/smoke/tables/curvature.parquet", tmp_path)
    good = Path(path).read_bytes()
    damaged = bytearray(good)
    # The last byte of the values: behind it stand the footer and, in eight bytes, its length.
    damaged[-9 - int.from_bytes(good[-8:-4], "little")] ^= 1
    Path(path).write_bytes(bytes(damaged))
    with pytest.raises(DamagedFile, match="Delete it and run again"):
        read_table(path)


def test_a_doctored_result_fails_the_audit(finished_copy):
    path = finished_copy / "results/smoke/tables/curvature.parquet"
    frame = read_table(path)
    frame["smallest_eigenvalue"] += 1e-6
    write_table(frame, path, "curvature")
    audit = ("--forcerun", "audit_safran", "--", "results/smoke/audits/safran.json")
    code, output = snakemake(finished_copy, *SMOKE, *audit)
    assert code != 0
    assert "disagree with the reference" in output


def test_the_run_kept_what_was_finished_when_it_was_killed(smoke_run):
    """The short form of `make test-resume`."""
    assert smoke_run.kept
    assert stamps(list(smoke_run.kept)) == smoke_run.kept


def test_numbers_and_verdicts_are_those_published(smoke):
    """What is published was made elsewhere, and for the most part by another processor."""
    compared = compare_results(smoke[0] / "results/smoke", ROOT / "figures/smoke")
    assert {row.name for row in compared} >= FIGURES | {"config", "verdicts"}
    assert all(map(agrees, compared)), render_comparison(compared)


def test_a_finished_run_has_nothing_to_do_in_another_locale(smoke, tmp_path, monkeypatch):
    """A caption that is read otherwise would draw its figure anew."""
    if shutil.which("localedef") is None:
        pytest.skip("no localedef, which makes a locale")
    command = ["localedef", "-i", LANGUAGE, "-f", ENCODING, tmp_path / LOCALE]
    if subprocess.run(command, capture_output=True).returncode > 1:  # 1 is a warning
        pytest.skip(f"localedef has no sources of {LOCALE}")
    monkeypatch.setenv("LOCPATH", str(tmp_path))
    monkeypatch.setenv("LC_ALL", LOCALE)
    code, output = snakemake(smoke[0], *SMOKE, "--dry-run")
    assert code == 0, output[-3000:]
    assert "Nothing to be done" in output


def test_settings_of_the_user_change_neither_figures_nor_notebooks(
    finished_copy, tmp_path, monkeypatch
):
    user = tmp_path / "user"
    (user / "kernels/python3").mkdir(parents=True)
    kernel = {"argv": ["false"], "display_name": "other", "language": "python"}
    (user / "kernels/python3/kernel.json").write_text(json.dumps(kernel), encoding="utf-8")
    settings = "text.usetex: True\naxes.grid: True\nsavefig.bbox: tight\n"
    (user / "matplotlibrc").write_text(settings, encoding="utf-8")
    shutil.copy(user / "matplotlibrc", finished_copy)  # matplotlib reads the one here first
    monkeypatch.setenv("MPLBACKEND", "nosuch")
    monkeypatch.setenv("MATPLOTLIBRC", str(user / "matplotlibrc"))
    monkeypatch.setenv("JUPYTER_PATH", str(user))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(user))
    before = (finished_copy / FIGURE).read_bytes()
    outputs = [FIGURE, f"{NOTEBOOK}.html"]
    code, output = snakemake(finished_copy, *SMOKE, "--force", "--", *outputs)
    assert code == 0, output[-5000:]
    assert "2 of 2 steps" in output
    assert (finished_copy / FIGURE).read_bytes() == before
