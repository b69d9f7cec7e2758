import pytest

from relu_landscape.certificates import check_every_k, file_text
from relu_landscape.evidence.certificate_files import prove_theorem_again, read_certificates
from relu_landscape.storage import DamagedFile


@pytest.mark.parametrize(
    ("content", "named", "reason"),
    [
        (b"", [0], "the end of the file is missing"),
        (b"one\n", [1], "the end of the file is missing"),
        (b'one\n{"certificates": 2}\n', [1, 2], "counts 2 certificates, not 1"),
        (b'{"certificates": 0}\n', [1], "has 0 certificates, its table 1"),
        (b'one\n{"certificates": 1}\n', [1, 0, 2], "has 1 certificates, its table 2"),
        (b'one\ntwo\n{"certificates": 2}\n', [], "has 2 certificates, its table 0"),
        (b'o\xffe\n{"certificates": 1}\n', [1], "is not text"),
    ],
)
def test_a_file_that_lacks_something_is_refused(content, named, reason, tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_bytes(content)
    with pytest.raises(DamagedFile, match=rf"some\.jsonl is damaged: .*{reason}"):
        read_certificates(path, named)


def test_whole_files_are_read(tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text(file_text(["one", "two"]), encoding="utf-8")
    assert read_certificates(path, [2, 0, 1]) == ["one", "two"]
    path.write_text(file_text([]), encoding="utf-8")
    assert read_certificates(path, [0, 0]) == []


def accept(lines):
    """A checker that has no objection."""
    yield from lines


@pytest.mark.parametrize(
    ("content", "checked", "reason"),
    [
        (b'{"statement": "header"}\n', accept, "has 0 lines that state a piece, its table 1"),
        (b"", accept, "has 0 lines that state a piece, its table 1"),
        (b'{"statement": "piece"}\n' * 2, accept, "has 2 lines that state a piece, its table 1"),
        (b'{"statement": "piece"}\n', check_every_k.checked, "the checker refuses it .*report it"),
        (b"o\xffe\n", accept, "the checker refuses it"),
    ],
)
def test_theorems_that_are_refused_or_lack_pieces_end_the_run(content, checked, reason, tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_bytes(content)
    with pytest.raises(DamagedFile, match=rf"some\.jsonl is damaged: .*{reason}"):
        prove_theorem_again(path, checked, ("piece", 1), [].append)


def test_a_theorem_is_proved_again_line_by_line(tmp_path):
    path, said = tmp_path / "some.jsonl", []
    path.write_text('{"statement": "header"}\n{"statement": "piece"}\n', encoding="utf-8")
    assert prove_theorem_again(path, accept, ("piece", 1), said.append)
    assert said == path.read_text(encoding="utf-8").splitlines()
    path.write_bytes(b"")
    assert not prove_theorem_again(path, check_every_k.checked, ("piece", 0), said.append)
