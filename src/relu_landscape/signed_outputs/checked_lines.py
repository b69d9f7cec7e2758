"""Lines of certificates, proved again by the checker as soon as they are written."""

from __future__ import annotations

import time
from collections.abc import Sequence

from relu_landscape.certificates.check import check_line
from relu_landscape.certificates.lines import file_text


def checked_text(lines: Sequence[str]) -> tuple[str, str]:
    """Return the text of a file of certificates, and what its check took, in words.

    Args:
        lines: one a certificate.

    Raises:
        Refused: the checker, which shares no code with what wrote a line, refuses it.
    """
    begin, longest = time.process_time(), 0.0
    for line in lines:
        before = time.process_time()
        check_line(line)
        longest = max(longest, time.process_time() - before)
    seconds = time.process_time() - begin
    return file_text(lines), (
        f"the checker accepts all {len(lines)} certificates in {seconds:.2f} s, "
        f"the longest in {longest:.2f} s"
    )
