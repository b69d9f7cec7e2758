"""Finite data: the stationary points that descent passes, exact (Wu, Simsek & Ged 2025).

INPUTS: the config (stationary_points), published/wu2025_data_sets.csv, wu2025_descents.csv.
OUTPUTS: tables/finite_losses, finite_points, finite_neurons, finite_ends, finite_perturbations,
    finite_certificate_checks (.parquet), finite_points/wu2025.jsonl.
"""

# Its audit is the checker, which shares no code with what writes the certificates.
STUDIES["stationary_points"] = {
    "tables": [
        f"<results>/tables/{name}.parquet"
        for name in (
            "finite_losses",
            "finite_points",
            "finite_neurons",
            "finite_ends",
            "finite_perturbations",
            "finite_certificate_checks",
        )
    ],
    "arrays": [],
    "certificates": ["<results>/finite_points/wu2025.jsonl"],
    "audits": [],
    "figures": figures_of("stationary_points"),
    "notebooks": ["stationary_points"],
    "claims": ["wu2025"],
}


rule find_stationary_points:
    """What descent on the published data sets passes and where it ends, in exact numbers."""
    input:
        wu2025_data_sets=of_checkout("published/wu2025_data_sets.csv"),
        wu2025_descents=of_checkout("published/wu2025_descents.csv"),
    output:
        finite_losses="<results>/tables/finite_losses.parquet",
        finite_points="<results>/tables/finite_points.parquet",
        finite_neurons="<results>/tables/finite_neurons.parquet",
        finite_ends="<results>/tables/finite_ends.parquet",
        finite_perturbations="<results>/tables/finite_perturbations.parquet",
        certificate="<results>/finite_points/wu2025.jsonl",
    log:
        "<logs>/find_stationary_points.log",
    benchmark:
        "<benchmarks>/find_stationary_points.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("find_stationary_points"),
        wanted=config["stationary_points"],
    script:
        "../scripts/run_step.py"


rule check_finite_points:
    """The certificates of these points proved again by their checker; a refusal fails the run."""
    input:
        certificate="<results>/finite_points/wu2025.jsonl",
        finite_points="<results>/tables/finite_points.parquet",
        finite_ends="<results>/tables/finite_ends.parquet",
    output:
        "<results>/tables/finite_certificate_checks.parquet",
    log:
        "<logs>/check_finite_points.log",
    benchmark:
        "<benchmarks>/check_finite_points.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        science=science("check_finite_points"),
    script:
        "../scripts/check_finite_points.py"
