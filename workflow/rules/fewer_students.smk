"""Fewer students than teachers: copies and averages.

INPUTS: the config (fewer_students).
OUTPUTS: fewer_students/strict_minima.jsonl, erf_minima.jsonl; tables/copy_points, copy_parameters, copy_spectra, loss_crossings,
    crossing_limits, copy_partings, few_student_ends, certified_copies, unequal_copies,
    erf_partitions, erf_points, erf_crossings, certified_erf, erf_ends (.parquet).
"""

FEWER_STUDENTS = config["fewer_students"]
# Its audit is the checker, which shares no code with what writes the certificates.
STUDIES["fewer_students"] = {
    "tables": [
        f"<results>/tables/{name}.parquet"
        for name in (
            "copy_points",
            "copy_parameters",
            "copy_spectra",
            "loss_crossings",
            "crossing_limits",
            "copy_partings",
            "few_student_ends",
            "certified_copies",
            "unequal_copies",
            "erf_partitions",
            "erf_points",
            "erf_crossings",
            "certified_erf",
            "erf_ends",
        )
    ],
    "arrays": [],
    "certificates": [
        "<results>/fewer_students/strict_minima.jsonl",
        "<results>/fewer_students/erf_minima.jsonl",
    ],
    "audits": [],
    "figures": figures_of("fewer_students"),
    "notebooks": ["copy_or_average"],
    "claims": ["simsek2023"],
}


rule solve_copies:
    """Both points at every n < k, the real n at which they cross, the real k at which copies part."""
    output:
        copy_points="<results>/tables/copy_points.parquet",
        copy_parameters="<results>/tables/copy_parameters.parquet",
        copy_spectra="<results>/tables/copy_spectra.parquet",
        loss_crossings="<results>/tables/loss_crossings.parquet",
        crossing_limits="<results>/tables/crossing_limits.parquet",
        copy_partings="<results>/tables/copy_partings.parquet",
    log:
        "<logs>/solve_copies.log",
    benchmark:
        "<benchmarks>/solve_copies.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("solve_copies"),
        points=FEWER_STUDENTS["points"],
        crossings=FEWER_STUDENTS["crossings"],
        partings=FEWER_STUDENTS["partings"],
    script:
        "../scripts/run_step.py"


rule descend_few_students:
    """Where descent ends from random starts, and which of the two points that is."""
    output:
        few_student_ends="<results>/tables/few_student_ends.parquet",
    log:
        "<logs>/descend_few_students.log",
    benchmark:
        "<benchmarks>/descend_few_students.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("descend_few_students"),
        restarts=FEWER_STUDENTS["restarts"],
        protocol=PROTOCOLS[FEWER_STUDENTS["restarts"]["protocol"]],
    script:
        "../scripts/run_step.py"


rule certify_copies:
    """Points proved strict minima, each certificate proved again by the checker."""
    output:
        certified_copies="<results>/tables/certified_copies.parquet",
        unequal_copies="<results>/tables/unequal_copies.parquet",
        certificates="<results>/fewer_students/strict_minima.jsonl",
    log:
        "<logs>/certify_copies.log",
    benchmark:
        "<benchmarks>/certify_copies.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("certify_copies"),
        certified=FEWER_STUDENTS["certified"],
    script:
        "../scripts/run_step.py"


rule check_partitions:
    """Copy-averages of erf for all partitions of the teachers: critical, and which is best."""
    output:
        erf_partitions="<results>/tables/erf_partitions.parquet",
    log:
        "<logs>/check_partitions.log",
    benchmark:
        "<benchmarks>/check_partitions.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("check_partitions"),
        most_teachers=FEWER_STUDENTS["erf"]["partitions"],
    script:
        "../scripts/run_step.py"


rule solve_erf_copies:
    """Both points of erf at every n < k, proofs of them, and where they cross."""
    output:
        erf_points="<results>/tables/erf_points.parquet",
        erf_crossings="<results>/tables/erf_crossings.parquet",
        certified_erf="<results>/tables/certified_erf.parquet",
        certificates="<results>/fewer_students/erf_minima.jsonl",
    log:
        "<logs>/solve_erf_copies.log",
    benchmark:
        "<benchmarks>/solve_erf_copies.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("solve_erf_copies"),
        branches=FEWER_STUDENTS["erf"]["branches"],
    script:
        "../scripts/run_step.py"


rule follow_erf_flow:
    """Where gradient flow of erf ends from random starts, and which of the two points that is."""
    output:
        erf_ends="<results>/tables/erf_ends.parquet",
    log:
        "<logs>/follow_erf_flow.log",
    benchmark:
        "<benchmarks>/follow_erf_flow.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("follow_erf_flow"),
        flow=FEWER_STUDENTS["erf"]["flow"],
    script:
        "../scripts/run_step.py"
