"""Proofs about the classes that descent found."""

from collections.abc import Collection

import pandas as pd

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs, class_method, prove_classes
from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.rows import by_size
from relu_landscape.studies.steps import Arrays, Made


def certify_classes(
    classes: pd.DataFrame,
    representatives: Arrays,
    cases: Collection[str],
    largest_full_k: int,
    span: str,
    log: JobLog,
) -> Made:
    """Which classes are strict minima, and which splits of their neurons saddles."""
    proofs = Proofs()
    for k, n, rows in by_size(classes):
        case = case_name(k, n)
        if case in cases:
            proofs.append(
                prove_classes(
                    rows,
                    representatives[case],
                    class_method(k, largest_full_k=largest_full_k),
                    file=f"{span}.jsonl",
                    progress=log.progress(f"proofs {case}", "classes"),
                )
            )
    return {"certified_classes": proofs.records, "certificates": file_text(proofs.lines)}
