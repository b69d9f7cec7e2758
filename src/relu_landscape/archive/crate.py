"""The metadata of an archive: a Workflow Run RO-Crate (profile of version 0.5, RO-Crate 1.1)."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from typing import Any

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from relu_landscape.archive.contents import MANIFEST, README, WORKFLOW

__all__ = ["crate_metadata"]

_WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    _WORKFLOW_CRATE: ("Workflow RO-Crate", "1.0"),
}
_BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
_LICENSE = "https://spdx.org/licenses/MIT"
_FORMATS = {
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".html": "text/html",
    ".npz": "application/x-npz",
    ".parquet": "application/vnd.apache.parquet",
}


def crate_metadata(manifest: Mapping[str, Any], sizes: Mapping[str, int], date: str) -> bytes:
    """The file ro-crate-metadata.json of an archive.

    Args:
        manifest: body of the manifest of the run.
        sizes: bytes of each member of the archive.
        date: when the run was finished, in the form of ISO 8601.
    """
    profile = manifest["config"]["profile"]
    crate = ROCrate(version="1.1")
    crate.name = f"ReLU Landscape, results of the profile {profile}"
    crate.description = (
        "Tables, statistics, class representatives, arrays, audits, certificates and verdicts of "
        "one run of the study of the loss landscape of shallow ReLU teacher-student networks."
    )
    crate.datePublished = date
    crate.license = _entity(crate, _LICENSE, "CreativeWork", name="MIT License")
    crate.publisher = crate.creator = _entity(
        crate, "#developers", "Organization", name="The ReLU Landscape developers"
    )
    crate.root_dataset["author"] = {"@id": "#developers"}
    crate.root_dataset["conformsTo"] = [
        _entity(crate, address, "CreativeWork", name=name, version=version)
        for address, (name, version) in _PROFILES.items()
    ]
    crate.metadata["conformsTo"] = [
        {"@id": "https://w3id.org/ro/crate/1.1"},
        {"@id": _WORKFLOW_CRATE},
    ]
    workflow = _workflow(crate, manifest["code"]["revision"])
    files = {name: _file(crate, name, size) for name, size in sizes.items() if name != WORKFLOW}
    files[README]["about"] = {"@id": "./"}
    run = _entity(
        crate,
        "#run",
        "CreateAction",
        name=f"Run of the profile {profile}",
        description=f"`make study PROFILE={profile}`, with the config that {MANIFEST} holds",
        endTime=date,
        instrument=workflow,
        object=files[MANIFEST],
        result=[entity for name, entity in files.items() if name not in (MANIFEST, README)],
        agent={"@id": "#developers"},
    )
    crate.root_dataset["mentions"] = run
    return _canonical(crate)


def _workflow(crate: ROCrate, revision: str | None) -> Any:
    """The workflow, as the main entity."""
    _entity(crate, _BIOSCHEMAS, "CreativeWork", name="ComputationalWorkflow", version="1.0-RELEASE")
    language = _entity(
        crate,
        "https://w3id.org/workflowhub/workflow-ro-crate#snakemake",
        "ComputerLanguage",
        name="Snakemake",
        url={"@id": "https://snakemake.readthedocs.io"},
    )
    properties = {
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "ReLU Landscape",
        "programmingLanguage": {"@id": language.id},
        "version": revision or "unknown",
        "url": "https://snakemake.readthedocs.io",
        "license": {"@id": _LICENSE},
        "conformsTo": {"@id": _BIOSCHEMAS},
    }
    workflow = crate.add_file(dest_path=WORKFLOW, properties=properties)
    crate.mainEntity = workflow
    return workflow


def _file(crate: ROCrate, name: str, size: int) -> Any:
    ending = "." + name.rpartition(".")[2]
    properties = {
        "name": name,
        "contentSize": str(size),
        "encodingFormat": _FORMATS.get(ending, "application/octet-stream"),
    }
    return crate.add_file(dest_path=name, properties=properties)


def _entity(crate: ROCrate, identifier: str, kind: str, **properties: Any) -> Any:
    return crate.add(ContextEntity(crate, identifier, {"@type": kind, **properties}))


def _canonical(crate: ROCrate) -> bytes:
    """The metadata with entities by identifier, so that the same run gives the same bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no file lies where the crate is made: the zip has them
        document = crate.metadata.generate()
    document["@graph"].sort(key=lambda entity: entity["@id"])
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()
