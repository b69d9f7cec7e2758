import json
import os

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as hnp

from relu_landscape.evidence.arrays import (
    decode_arrays,
    encode_arrays,
    read_arrays,
    write_arrays,
)
from relu_landscape.evidence.documents import read_json, write_json
from relu_landscape.storage import DamagedFile, write_bytes, write_text

ARRAYS = {
    "k8-n9": np.arange(12.0).reshape(3, 4),
    "scalar": np.array(2.5),
    "empty": np.empty((0, 3)),
    "words": np.array(["a", "bcd"]),
    "flags": np.array([True, False]),
}


def same(left, right):
    return list(left) == sorted(right) and all(
        left[name].dtype == array.dtype
        and left[name].shape == array.shape
        and left[name].tobytes() == array.tobytes()
        for name, array in right.items()
    )


def test_a_file_is_replaced_in_one_step(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_text(path, "old")

    def fail(_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_files_get_the_usual_permissions(tmp_path):
    (tmp_path / "usual").touch()
    write_bytes(tmp_path / "ours", b"x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_arrays_come_back_as_they_were(tmp_path):
    write_arrays(tmp_path / "a.npz", **ARRAYS)
    assert same(read_arrays(tmp_path / "a.npz"), ARRAYS)


def test_no_arrays_are_stored_too(tmp_path):
    write_arrays(tmp_path / "a.npz")
    assert read_arrays(tmp_path / "a.npz") == {}


@settings(deadline=None, max_examples=50)
@given(
    hnp.arrays(
        st.sampled_from([np.float64, np.int64, np.bool_, np.complex128, np.float32]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)
def test_any_array_comes_back_to_the_last_bit(array):
    assert same(decode_arrays(encode_arrays(a=array), "a.npz"), {"a": array})


def test_numpy_reads_the_file_as_well(tmp_path):
    write_arrays(tmp_path / "a.npz", **ARRAYS)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as found:
        np.testing.assert_array_equal(found["k8-n9"], ARRAYS["k8-n9"])


def test_equal_arrays_give_equal_bytes():
    fortran = {name: np.array(array, order="F") for name, array in ARRAYS.items()}
    other_order = dict(reversed(fortran.items()))
    assert encode_arrays(**other_order) == encode_arrays(**ARRAYS)
    big = ARRAYS["k8-n9"].astype(">f8")
    assert encode_arrays(a=big) == encode_arrays(a=ARRAYS["k8-n9"])


def test_objects_are_refused(tmp_path):
    with pytest.raises(ValueError, match="array 'a' has type object"):
        write_arrays(tmp_path / "a.npz", a=np.array([None, {}], dtype=object))
    assert list(tmp_path.iterdir()) == []


WRITTEN = encode_arrays(**ARRAYS)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 8 * len(WRITTEN) - 1))
def test_any_flipped_bit_of_an_array_file_is_noticed(bit):
    damaged = bytearray(WRITTEN)
    damaged[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(DamagedFile, match=r"some\.npz is damaged.*Delete it and run again"):
        decode_arrays(bytes(damaged), "some.npz")


@pytest.mark.parametrize("length", [0, 1, 70, len(WRITTEN) // 2, len(WRITTEN) - 1])
def test_a_truncated_array_file_is_noticed(length):
    with pytest.raises(DamagedFile):
        decode_arrays(WRITTEN[:length], "some.npz")


def test_a_foreign_array_file_is_refused(tmp_path):
    np.savez(tmp_path / "a.npz", **ARRAYS)
    with pytest.raises(DamagedFile, match="checksum"):
        read_arrays(tmp_path / "a.npz")


def test_a_document_comes_back_as_it_was(tmp_path):
    body = {"z": [1, 2.5, None, "é"], "a": {"b": True}, "loss": 0.1 + 0.2}
    write_json(tmp_path / "a.json", body)
    assert read_json(tmp_path / "a.json") == body
    assert list(read_json(tmp_path / "a.json")) == ["z", "a", "loss"]


def test_numpy_values_become_plain_ones(tmp_path):
    write_json(tmp_path / "a.json", {"x": np.float64(0.5), "y": np.arange(3), "z": np.int64(2)})
    assert read_json(tmp_path / "a.json") == {"x": 0.5, "y": [0, 1, 2], "z": 2}


def test_layout_does_not_matter_but_content_does(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"x": 1, "y": [2, 3]})
    sealed = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(dict(reversed(sealed.items()))), encoding="utf-8")
    assert read_json(path) == {"x": 1, "y": [2, 3]}
    path.write_text(json.dumps(sealed | {"x": 2}), encoding="utf-8")
    with pytest.raises(DamagedFile, match="does not match its checksum"):
        read_json(path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"x": 1}', '{"x": NaN, "sha256": "0"}'])
def test_what_is_no_sealed_document_is_refused(text, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DamagedFile, match=r"a\.json is damaged"):
        read_json(path)


@pytest.mark.parametrize(
    "body",
    [{"sha256": "x"}, {1: "x"}, {"x": float("nan")}, {"x": {1, 2}}, {"x": np.array([np.inf])}],
)
def test_what_cannot_be_sealed_is_refused(body, tmp_path):
    with pytest.raises(ValueError):
        write_json(tmp_path / "a.json", body)
    assert list(tmp_path.iterdir()) == []
