"""Leaky networks: what becomes of the minima of the ReLU as its slope changes.

INPUTS: the config (leaky_slope).
OUTPUTS: tables/leaky_points, leaky_thresholds, leaky_sizes, leaky_enclosures, certified_slopes, leaky_shares,
    leaky_escapes (.parquet), audits/leaky_slope.json, leaky_slope/spurious_minima.jsonl.
"""

LEAKY_SLOPE = config["leaky_slope"]
STUDIES["leaky_slope"] = {
    "tables": [
        f"<results>/tables/{name}.parquet"
        for name in (
            "leaky_points",
            "leaky_thresholds",
            "leaky_sizes",
            "leaky_enclosures",
            "certified_slopes",
            "leaky_shares",
            "leaky_escapes",
        )
    ],
    "arrays": [],
    "audits": ["<results>/audits/leaky_slope.json"],
    "figures": figures_of("leaky_slope"),
    "notebooks": ["leaky_slope"],
    "certificates": ["<results>/leaky_slope/spurious_minima.jsonl"],
    "claims": ["leaky_slope"],
}


rule follow_slopes:
    """Each family at every k and slope, its folds, and where it turns into a saddle."""
    output:
        leaky_points="<results>/tables/leaky_points.parquet",
        leaky_thresholds="<results>/tables/leaky_thresholds.parquet",
        leaky_sizes="<results>/tables/leaky_sizes.parquet",
    log:
        "<logs>/follow_slopes.log",
    benchmark:
        "<benchmarks>/follow_slopes.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("follow_slopes"),
        families=LEAKY_SLOPE["families"],
        sizes=LEAKY_SLOPE["sizes"],
    script:
        "../scripts/run_step.py"


rule enclose_leaky_points:
    """The index of points of the families, proved in balls, and certificates of the minima."""
    output:
        leaky_enclosures="<results>/tables/leaky_enclosures.parquet",
        certified_slopes="<results>/tables/certified_slopes.parquet",
        certificates="<results>/leaky_slope/spurious_minima.jsonl",
    log:
        "<logs>/enclose_leaky_points.log",
    benchmark:
        "<benchmarks>/enclose_leaky_points.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("enclose_leaky_points"),
        enclosures=LEAKY_SLOPE["enclosures"],
    script:
        "../scripts/run_step.py"


rule restart_leaky:
    """How often restarts end badly, slope by slope, and where they go from saddles."""
    output:
        leaky_shares="<results>/tables/leaky_shares.parquet",
        leaky_escapes="<results>/tables/leaky_escapes.parquet",
    log:
        "<logs>/restart_leaky.log",
    benchmark:
        "<benchmarks>/restart_leaky.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("restart_leaky"),
        restarts=LEAKY_SLOPE["restarts"],
        protocol=PROTOCOLS[LEAKY_SLOPE["restarts"]["protocol"]],
    script:
        "../scripts/run_step.py"


rule audit_leaky_slope:
    """A sample of points with the whole network; a disagreement fails the run."""
    input:
        leaky_points="<results>/tables/leaky_points.parquet",
    output:
        audit="<results>/audits/leaky_slope.json",
    log:
        "<logs>/audit_leaky_slope.log",
    benchmark:
        "<benchmarks>/audit_leaky_slope.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("audit_leaky_slope"),
        audit=config["audit"],
    script:
        "../scripts/run_step.py"
