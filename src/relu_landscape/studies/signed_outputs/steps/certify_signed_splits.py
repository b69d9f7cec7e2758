"""What one more neuron of either output does to the minima that are known, proved."""

from collections.abc import Collection, Mapping

import pandas as pd

from relu_landscape.certificates.records import Proofs, class_method
from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.families.member_reach import least_teachers
from relu_landscape.signed_outputs.checked_lines import checked_text
from relu_landscape.signed_outputs.orbit_proofs import prove_class_orbits, prove_family_orbits
from relu_landscape.signed_outputs.settings import Families
from relu_landscape.studies.rows import by_size, rows_of
from relu_landscape.studies.steps import Arrays, Made


def certify_signed_splits(
    classes: Mapping[str, pd.DataFrame],
    representatives: Mapping[str, Arrays],
    cases: Collection[str],
    largest_full_k: int,
    families: Families,
    log: JobLog,
) -> Made:
    """Every orbit of neurons of the classes and of the families, each certificate checked.

    Args:
        classes: rows of the classes, by the path of their file.
        representatives: their points, by path.
        cases: sizes whose classes are taken.
        largest_full_k: largest k whose classes are proved from all their weights.
        families: members of the families.
        log: told of progress.
    """
    of_classes, of_families = Proofs(), Proofs()
    points = {case: W for arrays in representatives.values() for case, W in arrays.items()}
    for table in classes.values():
        for k, n, rows in by_size(table):
            if case_name(k, n) in cases:
                method = class_method(k, largest_full_k=largest_full_k)
                for row in rows_of(rows[~rows["is_global"]]):
                    labels = {name: row[name] for name in ("k", "n", "class_id")}
                    W = points[case_name(k, n)][row["class_id"]]
                    prove_class_orbits(of_classes, labels, W, method)
    members = [
        (family, m, k)
        for family, blocks in (("A", [0]), ("I", families.blocks), ("II", families.blocks))
        for m in blocks
        for k in families.teachers
        if k >= least_teachers(m, 0)
    ]
    progress = log.progress("families", "members")
    for done, member in enumerate(members, start=1):
        prove_family_orbits(of_families, *member)
        progress(done, len(members))
    class_text, class_times = checked_text(of_classes.lines)
    family_text, family_times = checked_text(of_families.lines)
    log.say(f"classes: {class_times}")
    log.say(f"families: {family_times}")
    return {
        "class_orbits": of_classes.records,
        "family_orbits": of_families.records,
        "class_certificates": class_text,
        "family_certificates": family_text,
    }
