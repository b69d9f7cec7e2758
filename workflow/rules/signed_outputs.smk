"""Output weights of both signs: splits by neurons of either output, channels, bad shares.

INPUTS: the config (signed_outputs); of the main study classes/ and representatives/.
OUTPUTS: signed_outputs/class_splits, family_splits, channel_minima (.jsonl); tables/class_orbits, family_orbits,
    split_curvatures, signed_slices, channel_ends, channel_rises, signed_shares, signed_ends
    (.parquet).
"""

SIGNED_OUTPUTS = config["signed_outputs"]
SIGNED_CASES = [
    case
    for case in CLASSIFIED
    if extra_students(case) in (0, 1)
    and case_size(case)[0] <= SIGNED_OUTPUTS["classes"]["largest_k"]
]
# Its audit is the checker, which shares no code with what writes the certificates.
STUDIES["signed_outputs"] = {
    "tables": [
        f"<results>/tables/{name}.parquet"
        for name in (
            "class_orbits",
            "family_orbits",
            "split_curvatures",
            "signed_slices",
            "channel_ends",
            "channel_rises",
            "signed_shares",
            "signed_ends",
        )
    ],
    "arrays": [],
    "certificates": [
        f"<results>/signed_outputs/{name}.jsonl"
        for name in ("class_splits", "family_splits", "channel_minima")
    ],
    "audits": [],
    "figures": figures_of("signed_outputs"),
    "notebooks": ["signed_outputs"],
    "claims": ["signed_outputs"],
}


rule certify_signed_splits:
    """What splits of the neurons of known minima make, proved; each certificate proved again."""
    input:
        classes=expand("<results>/classes/{span}.parquet", span=spans(SIGNED_CASES)),
        representatives=expand(
            "<results>/representatives/{span}.npz", span=spans(SIGNED_CASES)
        ),
    output:
        class_orbits="<results>/tables/class_orbits.parquet",
        family_orbits="<results>/tables/family_orbits.parquet",
        class_certificates="<results>/signed_outputs/class_splits.jsonl",
        family_certificates="<results>/signed_outputs/family_splits.jsonl",
    log:
        "<logs>/certify_signed_splits.log",
    benchmark:
        "<benchmarks>/certify_signed_splits.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("certify_signed_splits"),
        cases=SIGNED_CASES,
        largest_full_k=SIGNED_OUTPUTS["classes"]["largest_full_k"],
        families=SIGNED_OUTPUTS["families"],
    script:
        "../scripts/run_step.py"


rule follow_signed_pairs:
    """Curvature along lines of signed splits, and minima at the ends of channels."""
    output:
        split_curvatures="<results>/tables/split_curvatures.parquet",
        signed_slices="<results>/tables/signed_slices.parquet",
        channel_ends="<results>/tables/channel_ends.parquet",
        channel_rises="<results>/tables/channel_rises.parquet",
    log:
        "<logs>/follow_signed_pairs.log",
    benchmark:
        "<benchmarks>/follow_signed_pairs.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("follow_signed_pairs"),
        lines=SIGNED_OUTPUTS["lines"],
        channels=SIGNED_OUTPUTS["channels"],
    script:
        "../scripts/run_step.py"


rule restart_signed_outputs:
    """How often restarts end badly with students of both outputs, and at which minima."""
    output:
        signed_shares="<results>/tables/signed_shares.parquet",
        signed_ends="<results>/tables/signed_ends.parquet",
        end_certificates="<results>/signed_outputs/channel_minima.jsonl",
    log:
        "<logs>/restart_signed_outputs.log",
    benchmark:
        "<benchmarks>/restart_signed_outputs.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        **step("restart_signed_outputs"),
        restarts=SIGNED_OUTPUTS["restarts"],
        protocol=PROTOCOLS[SIGNED_OUTPUTS["restarts"]["protocol"]],
    script:
        "../scripts/run_step.py"
