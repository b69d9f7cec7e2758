"""What every public function takes: plain values, NumPy's for them, and nothing else."""

import dataclasses
import functools
import inspect
import pickle
import re
import subprocess
import sys
import tomllib
import traceback
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import yaml
from flint import arb, arb_mat

import helpers_public
import relu_landscape
from relu_landscape import certify_family, count_regions, population_loss
from relu_landscape.certificates import certify_global_minimum, certify_minimum
from relu_landscape.families import symmetric_critical_point
from relu_landscape.symmetry import SolveError

ROOT = Path(__file__).parents[2]
SOURCES = Path(relu_landscape.__file__).parent

FUNCTIONS = {
    name: value
    for name, value in helpers_public.public_callables().items()
    if helpers_public.takes_arguments(value) and name not in helpers_public.RESULTS
}
# The fields of this named tuple are looked at where it is used, by `descend`.
UNCHECKED = {"search.basins.Basins"}
ARGUMENTS = [
    (name, argument)
    for name, value in FUNCTIONS.items()
    if name not in UNCHECKED
    for argument in inspect.signature(value).parameters
]
REFUSED = (ValueError, TypeError, SolveError)


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    return helpers_public.examples(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def expected(examples):
    """What a function returns for its example; tests only read it."""
    return functools.cache(lambda name: helpers_public.call(FUNCTIONS[name], examples[name]()))


def test_every_public_function_has_an_example_with_all_of_its_arguments(examples):
    assert set(examples) == set(FUNCTIONS)
    for name, arguments in examples.items():
        assert set(arguments()) == set(inspect.signature(FUNCTIONS[name]).parameters), name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_examples_are_right_and_their_results_can_be_pickled(name, expected):
    found = expected(name)
    assert same(pickle.loads(pickle.dumps(found)), found)


@pytest.mark.parametrize("name", [name for name, argument in ARGUMENTS if argument == "bits"])
def test_bits_that_no_checker_reads_are_refused_at_once(name, examples):
    for bits in (52, 4097, 10**18):
        with pytest.raises(ValueError, match=rf"bits = {bits}; it must be from 53 .* to 4096"):
            helpers_public.call(FUNCTIONS[name], examples[name]() | {"bits": bits})


@pytest.mark.slow
@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_numpy_values_and_plain_ones_give_the_same(name, argument, examples, expected):
    for other in alike(examples[name]()[argument]):
        found = helpers_public.call(FUNCTIONS[name], examples[name]() | {argument: other})
        assert same(found, expected(name)), repr(other)


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_what_an_argument_is_not_is_refused_by_name(name, argument, examples):
    function, value = FUNCTIONS[name], examples[name]()[argument]
    default = inspect.signature(function).parameters[argument].default
    for wrong in wrong_values(value):
        if wrong is default or (argument in ("protocol", "path") and isinstance(wrong, str)):
            continue
        if argument == "further":
            wrong = (f"{wrong}",)
        with pytest.raises(REFUSED) as caught:
            helpers_public.call(function, examples[name]() | {argument: wrong})
        frame = traceback.extract_tb(caught.value.__traceback__)[-1]
        assert Path(frame.filename).is_relative_to(SOURCES), (wrong, frame)
        message = str(caught.value)
        assert "\n" not in message
        if not isinstance(caught.value, SolveError):
            assert re.search(rf"\b{argument}\b", message), (wrong, message)
            assert re.search("must|need|give", message), (wrong, message)


def alike(value):
    """Values of NumPy's types, or of another layout, that say the same."""
    if isinstance(value, bool | str) or value is None:
        return []
    if isinstance(value, int):
        return [np.int64(value), np.array(value, np.int32)]
    if isinstance(value, float):
        return [np.float64(value), np.array(value), *single(value)]
    if isinstance(value, Fraction):
        return [np.float32(value), np.array(float(value))]
    if is_matrix(value):
        plain = np.asarray(value)
        if plain.dtype == object:
            return [np.ma.masked_array(plain)]
        return [plain.tolist(), np.ma.masked_array(plain)]
    if isinstance(value, tuple) and all(isinstance(entry, int) for entry in value):
        return [np.array(value, np.int32), [np.int64(entry) for entry in value]]
    return []


def single(value):
    return [np.float32(value)] if float(np.float32(value)) == value else []


def wrong_values(value):
    """Values of other kinds than this one, None among them."""
    if isinstance(value, bool):
        raise NotImplementedError("no public function takes a bool: say here what it refuses")
    scalars = [2.5j, True, float("nan"), np.ma.masked, np.array([2.0, 3.0]), "2", None]
    if isinstance(value, int):
        return [*scalars, 2.0, np.float64(3.0), np.ma.masked_array(2, mask=True)]
    if isinstance(value, float | Fraction):
        return [*scalars, np.complex128(1.0)]
    if is_matrix(value):
        return [*wrong_matrices(np.asarray(value)), None, "ab", object(), [[1.0], [1.0, 2.0]]]
    if isinstance(value, tuple | list):
        return [5, None, "ab", (object(),), [1.5j], np.ma.masked_array([1, 2], mask=[0, 1])]
    if isinstance(value, str):
        return [5, None, b"x", ["x"]]
    return [5, None, "x", object()]


def wrong_matrices(plain):
    if plain.dtype == object:
        plain = np.ones(plain.shape)
    mask = np.zeros(plain.shape, bool)
    mask.flat[0] = True
    spoilt = plain.astype(np.float64)
    spoilt.flat[-1] = np.nan
    masked = np.ma.masked_array(plain, mask=mask)
    return [masked, list(masked), plain * 1j, plain.astype(str), spoilt]


def is_matrix(value):
    if isinstance(value, list):
        return np.asarray(value).dtype.kind in "biuf"
    return isinstance(value, np.ndarray)


def same(first, second):
    """Equal, in value and type, through lists, fields and arrays."""
    if type(first) is not type(second):
        return False
    if isinstance(first, np.random.Generator):
        return first.bit_generator.state == second.bit_generator.state
    if isinstance(first, np.ndarray):
        if first.dtype == object:
            return first.shape == second.shape and same(first.tolist(), second.tolist())
        equal_nan = first.dtype.kind == "f"
        return first.dtype == second.dtype and np.array_equal(first, second, equal_nan=equal_nan)
    if isinstance(first, arb):
        return first.mid() == second.mid() and first.rad() == second.rad()
    if isinstance(first, arb_mat):
        return same(first.entries(), second.entries())
    if isinstance(first, list | tuple):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(same(first[x], second[x]) for x in first)
    if dataclasses.is_dataclass(first) and first is not second:
        names = [field.name for field in dataclasses.fields(first)]
        return all(same(getattr(first, name), getattr(second, name)) for name in names)
    return first == second or (first != first and second != second)


# --- the examples that people met -------------------------------------------------------------


def test_counts_do_not_overflow():
    assert count_regions(10, 5, np.int64(20)) == 512**20
    assert count_regions(30, 10, np.int64(5)) == count_regions(30, 10, 5) > 0
    assert count_regions(np.array(10), np.uint8(5), np.int8(20)) == 512**20


def test_numpy_numbers_reach_extended_and_ball_arithmetic():
    assert certify_global_minimum(np.int64(2)) == certify_global_minimum(2)
    point = symmetric_critical_point("II", 8, m=1).weights()
    found = certify_minimum(point, np.eye(8), radius=np.float32(1e-10))
    assert found.radius == float(np.float32(1e-10))
    assert type(found.radius) is float
    symmetric = symmetric_critical_point("II", np.float32(8.5), m=1)
    assert symmetric.loss == symmetric_critical_point("II", 8.5, m=1).loss


def test_a_mask_is_not_ignored():
    masked = np.ma.masked_array([[1.0, 0], [9, 9]], mask=[[0, 0], [1, 1]])
    with pytest.raises(ValueError, match="W has masked entries; it must have none"):
        population_loss(masked, np.eye(2))


@pytest.mark.slow
def test_proofs_go_from_process_to_process():
    found = certify_family("II", 8, m=1)
    script = "import pickle, sys; print(pickle.load(sys.stdin.buffer).hessian_lower)"
    told = subprocess.run(
        [sys.executable, "-c", script], input=pickle.dumps(found), capture_output=True, check=True
    )
    assert told.stdout.decode().strip() == str(found.hessian_lower)


def test_the_version_stands_in_one_place():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "src/relu_landscape/__init__.py"
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == relu_landscape.__version__


@pytest.mark.slow
def test_without_a_compiler_descent_is_refused_in_one_line():
    script = (
        "from relu_landscape import find_minima, jacobian_rank, population_loss\n"
        "print(jacobian_rank([[1, 2], [3, 4]], [[1, 1]]), population_loss([[2.0]], [[1.0]]))\n"
        "find_minima(2, 2, 1, seed=1)"
    )
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(SOURCES.parent)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert told.stdout.split() == ["2", "0.25"]
    assert told.stderr.splitlines()[-1].startswith("RuntimeError: NUMBA_DISABLE_JIT is set")
