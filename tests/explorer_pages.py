"""Pages for the tests of the explorer in a browser: quick, and a changed one.

`make test-explorer` calls `python -m tests.explorer_pages FOLDER` before them. What is shown is the
run of this checkout, if there is a finished one, else that of its archive.
"""

from __future__ import annotations

import json
import sys
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from relu_landscape.archive.unpacking import unpack
from relu_landscape.catalogue.export import CatalogueFiles, write_catalogue
from relu_landscape.evidence.certificate_files import certificate_lines
from relu_landscape.evidence.documents import read_json
from relu_landscape.evidence.stored import read_stored
from relu_landscape.explorer.explorer_data import SplitRecipe
from relu_landscape.explorer.explorer_page import ExplorerSources, explorer_page, read_explorer
from relu_landscape.ledger.making import Making
from relu_landscape.minima.settings import Splitting
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.search.protocol import PROTOCOLS
from relu_landscape.studies.catalogue_entries import gather_entries
from relu_landscape.studies.declarations import declared_figures

ROOT = Path(__file__).parents[1]
PROFILE = "quick"


def data_of_run(results: Path, profile: str, folder: Path) -> dict:
    """The data of the page of a finished run; its catalogue is written into the folder."""
    config = read_json(results / "manifest.json")["config"]
    collected = [*results.glob("tables/*.parquet"), *results.glob("statistics/*.parquet")]
    tables = {path.stem: str(path) for path in collected}
    # As the run has them, wherever its archive was unpacked.
    places = {
        path.stem: f"results/{profile}/{path.relative_to(results).as_posix()}" for path in collected
    }
    arrays = {path.stem: str(path) for path in results.glob("arrays/*.npz")}
    stored = {name: read_stored(path) for name, path in (tables | arrays).items()}
    stored |= {path.stem: certificate_lines(path) for path in results.glob("certificates/*.jsonl")}
    names = ("catalogue_entries.parquet", "catalogue_entries.json", "datapackage.json")
    files = CatalogueFiles(*(folder / name for name in names))
    write_catalogue(gather_entries(config["studies"], stored), files, profile)
    splitting = Splitting.model_validate(config["safran"]["splitting"])
    return read_explorer(
        ExplorerSources(
            catalogue=str(files.table),
            claims=str(results / "claims.json"),
            tables=list(tables.values()),
            representatives=[arrays["representatives"]],
        ),
        Making(profile, places, f"results/{profile}/claims.html", list(declared_figures())),
        SplitRecipe(
            splitting,
            PROTOCOLS[splitting.protocol],
            config["safran"]["classes"]["tolerance"],
        ),
    )


def changed(data: dict) -> dict:
    """The data as of another run: without a class, with another verdict, another share of runs."""
    other = deepcopy(data)
    other["profile"] = "changed"
    columns, rows = other["entries"]["columns"], other["entries"]["rows"]
    place = {name: columns.index(name) for name in ("id", "k", "n", "runs")}
    at_13 = [row for row in rows if row[place["k"]] == row[place["n"]] == 13 and row[place["runs"]]]
    rows.remove(at_13[-1])
    at_13[0][place["runs"]] = [["safran2018", 1]]
    verdict = other["cases"]["columns"].index("verdict")
    other["cases"]["rows"][0][verdict] = "refuted"
    return other


def reference_points(seed: int, sizes: tuple[tuple[int, int], ...]) -> list[dict]:
    """Generic points, and one with parallel and antiparallel neurons: F and its derivatives."""
    generator = np.random.default_rng(seed)
    points = [generator.normal(size=size) for size in sizes]
    points.append(np.array([[1.0, 0, 0], [2.0, 0, 0], [-1.0, 0, 0], [0, 1e-9, 1.0]]))
    return [
        {
            "n": len(W),
            "k": W.shape[1],
            "W": W.ravel().tolist(),
            "loss": population_loss(W, np.eye(W.shape[1])),
            "gradient": population_gradient(W, np.eye(W.shape[1])).ravel().tolist(),
            "hessian": population_hessian(W, np.eye(W.shape[1])).ravel().tolist(),
        }
        for W in points
    ]


def main(folder: Path) -> None:
    """Write the pages and the reference."""
    folder.mkdir(parents=True, exist_ok=True)
    finished = ROOT / f"results/{PROFILE}"
    if (finished / "manifest.json").exists():
        data = data_of_run(finished, PROFILE, folder)
    else:
        with TemporaryDirectory() as name:
            unpack(ROOT / f"archives/{PROFILE}.zip", ROOT / f"figures/{PROFILE}", Path(name))
            data = data_of_run(Path(name), PROFILE, folder)
    pages = {PROFILE: data, "changed": changed(data)}
    for profile, shown in pages.items():
        (folder / f"{profile}.html").write_text(explorer_page(shown), encoding="utf-8")
    points = reference_points(1, ((4, 4), (7, 6), (14, 13), (21, 20)))
    (folder / "reference.json").write_text(json.dumps(points), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
