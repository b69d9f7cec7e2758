import pytest

from relu_landscape.evidence.certificate_files import read_certificates
from relu_landscape.evidence.storage import DamagedFile


@pytest.mark.parametrize(
    ("content", "named", "reason"),
    [
        (b"", [1], "has 0 lines"),
        (b"one\n", [1, 0, 2], "has 1 lines, but its table points to line 2"),
        (b"one\ntwo\n", [], "points to line 0"),
        (b"o\xffe\n", [1], "is not text"),
    ],
)
def test_a_file_that_lacks_a_line_is_refused(content, named, reason, tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_bytes(content)
    with pytest.raises(DamagedFile, match=rf"some\.jsonl is damaged: .*{reason}"):
        read_certificates(path, named)


def test_whole_files_are_read(tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text("one\ntwo\n", encoding="utf-8")
    assert read_certificates(path, [2, 0, 1]) == ["one", "two"]
    path.write_text("", encoding="utf-8")
    assert read_certificates(path, [0, 0]) == []
