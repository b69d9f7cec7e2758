"""The profiles, and configs that cannot be used: one message, before any job starts."""

import json
from pathlib import Path

import pytest
import yaml

from relu_landscape.evidence.configuration import check_configuration
from relu_landscape.search import PROTOCOLS

from .conftest import snakemake

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "workflow/schemas/config.schema.json").read_text())
PROFILES = ("smoke", "quick", "paper")


def load(profile):
    return yaml.safe_load((ROOT / f"config/{profile}.yaml").read_text())


@pytest.mark.parametrize("profile", PROFILES)
def test_profiles_keep_to_the_schema(profile):
    config = load(profile)
    assert check_configuration(config, SCHEMA) == []
    assert config["profile"] == profile


@pytest.mark.parametrize("profile", PROFILES)
def test_protocols_of_the_profiles_are_those_of_the_library(profile):
    for record in load(profile)["protocols"]:
        assert vars(PROTOCOLS[record["name"]]) == record


def sizes(**changes):
    size = {"first_k": 6, "last_k": 7, "extra_students": [0], "runs": 5, "batch": 5} | changes
    return [{"name": "safran2018", "protocol": "safran2018", "seed": 1, "sizes": [size]}]


# key -> a change of the config that cannot be used, and words its message must have
BAD = {
    "unknown law of data": (
        {"activation_regions": {"laws": {"data": ["cauchy"]}}},
        ["activation_regions.laws.data", "uniform"],
    ),
    "cell counted twice": (
        {
            "activation_regions": {
                "volume": {
                    "cells": [
                        {"data": ["line"], "n": [3], "d0": [2], "d1": [2, 4], "data_sets": 1},
                        {"data": ["line"], "n": [3], "d0": [2], "d1": [4], "data_sets": 9},
                    ]
                }
            }
        },
        ["activation_regions.volume.cells[1]", "d1 = 4", "asked for twice"],
    ),
    "more comparisons than draws": (
        {"activation_regions": {"full_rank": {"trials": 2, "compared_trials": 3}}},
        ["activation_regions.full_rank.compared_trials", "2 or fewer"],
    ),
    "checks out of order": (
        {"activation_regions": {"training": {"descent": {"checks": [10, 0]}}}},
        ["activation_regions.training.descent.checks", "[0, 10]"],
    ),
    "unknown key": ({"colour": 1}, ["colour"]),
    "wrong type": ({"safran": {"searches": "all"}}, ["safran.searches"]),
    "no search": ({"safran": {"searches": []}}, ["safran.searches"]),
    "no students": ({"safran": {"searches": sizes(first_k=0)}}, ["first_k", "1"]),
    "fewer students": ({"safran": {"searches": sizes(extra_students=[-1])}}, ["extra_students"]),
    "no runs": ({"safran": {"searches": sizes(runs=0)}}, ["runs", "1"]),
    "empty range": ({"safran": {"searches": sizes(last_k=5)}}, ["last_k", "empty range"]),
    "same size twice": (
        {"safran": {"searches": [sizes()[0] | {"sizes": sizes()[0]["sizes"] * 2}]}},
        ["twice"],
    ),
    "unknown protocol": (
        {"safran": {"searches": [sizes()[0] | {"protocol": "adam"}]}},
        ["adam", "safran2021"],
    ),
    "basins of nobody": (
        {"safran": {"basins": {"searches": ["nobody"]}}},
        ["safran.basins.searches", "nobody", "safran2021"],
    ),
    "step zero": (
        {"protocols": [vars(PROTOCOLS["safran2018"]) | {"step": 0}]},
        ["step"],
    ),
    "alpha one": ({"safran": {"splitting": {"alphas": [1.0]}}}, ["alphas"]),
    "too few students": (
        {"global_minima": {"failures": {"sizes": [{"k": 3, "n": 3, "d": 3}]}}},
        ["global_minima.failures.sizes[0].n", "4 or more"],
    ),
    "too few inputs": (
        {"global_minima": {"members": {"sizes": [{"k": 3, "n": 3, "d": 2}]}}},
        ["global_minima.members.sizes[0].d", "3 or more"],
    ),
    "unknown study": ({"studies": ["nobody2030"]}, ["nobody2030", "safran"]),
}


def merged(base, change):
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merged(base[key], value)
        else:
            base[key] = value
    return base


@pytest.mark.slow
@pytest.mark.xdist_group("workflow")
@pytest.mark.parametrize("name", BAD)
def test_bad_configs_are_refused_before_any_job(name, checkout):
    change, words = BAD[name]
    path = checkout / "config/bad.yaml"
    plain = json.loads(json.dumps(merged(load("smoke"), change)))
    path.write_text(yaml.safe_dump(plain))
    code, output = snakemake(checkout, "--dry-run", "--configfile", str(path))
    assert code != 0
    assert "The config cannot be used" in output
    assert all(word in output for word in words), output
    assert "Traceback" not in output


@pytest.mark.slow
@pytest.mark.xdist_group("workflow")
def test_paper_plans_jobs(checkout):
    code, output = snakemake(
        checkout, "--dry-run", "--quiet", "rules", "--configfile", "config/paper.yaml"
    )
    assert code == 0, output[-3000:]
    total = next(line for line in output.splitlines() if line.startswith("total"))
    assert int(total.split()[1]) > 500
