import pytest

from relu_landscape.certificates import file_text
from relu_landscape.evidence.certificate_files import read_certificates
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
