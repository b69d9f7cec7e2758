"""Symmetric minima and their annihilation: Arjevani & Field.

INPUTS: the config (symmetry); of the main study restarts, memberships, curvature/ and representatives/.
OUTPUTS: for each k perturbed_targets/; for each space fixed_space_searches/, fixed_space_points/; for the sizes of some
    values of k together identified_classes/; tables/family_points, family_parameters, family_spectra, family_splits,
    family_fates, stability_thresholds, puiseux_coefficients, family_rates, random_teachers (.parquet),
    audits/symmetry.json.
"""

SYMMETRY = config["symmetry"]
# family, m, students beyond n = k
FAMILIES = [
    ("A", None, 0),
    *((family, m, 0) for m in SYMMETRY["families"]["blocks"] for family in ("I", "II")),
    ("A", None, 1),
    *(
        (family, m, m)
        for m in (1, *SYMMETRY["families"]["split_blocks"])
        for family in ("I", "II")
    ),
]
FIXED_SPACES = [
    space_name(k, q)
    for k in SYMMETRY["fixed_spaces"]["teachers"]
    for q in SYMMETRY["fixed_spaces"]["columns"]
]
NAMED = [case for case in CLASSIFIED if extra_students(case) in (0, 1)]
SYMMETRY_COLLECTED = {
    "fixed_spaces": {
        "tables": ["fixed_space_searches", "fixed_space_points"],
        "arrays": [],
        "parts": FIXED_SPACES,
    },
    "perturbed_targets": {
        "tables": ["perturbed_targets"],
        "arrays": [],
        "parts": [f"k{k}" for k in SYMMETRY["perturbed_targets"]["teachers"]],
    },
    "identified_classes": {
        "tables": ["identified_classes"],
        "arrays": [],
        "parts": spans(NAMED),
    },
}
COLLECTED |= SYMMETRY_COLLECTED
STUDIES["symmetry"] = {
    "tables": tables_of(SYMMETRY_COLLECTED)
    + [
        f"<results>/tables/{name}.parquet"
        for name in (
            "family_points",
            "family_parameters",
            "family_spectra",
            "family_splits",
            "family_fates",
            "stability_thresholds",
            "puiseux_coefficients",
            "family_rates",
            "random_teachers",
        )
    ],
    "arrays": [],
    "audits": ["<results>/audits/symmetry.json"],
    "figures": figures_of("symmetry"),
    "notebooks": ["symmetry"],
    "claims": ["arjevani2022"],
}


rule solve_families:
    """Each family at every k: point, parameters, spectrum, and what splitting a neuron does."""
    output:
        family_points="<results>/tables/family_points.parquet",
        family_parameters="<results>/tables/family_parameters.parquet",
        family_spectra="<results>/tables/family_spectra.parquet",
        family_splits="<results>/tables/family_splits.parquet",
    log:
        "<logs>/solve_families.log",
    benchmark:
        "<benchmarks>/solve_families.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("solve_families"),
        families=[(*family, family_teachers(*family)) for family in FAMILIES],
    script:
        "../scripts/run_step.py"


rule find_thresholds:
    """The real k at which each family becomes a local minimum."""
    output:
        stability_thresholds="<results>/tables/stability_thresholds.parquet",
    log:
        "<logs>/find_thresholds.log",
    benchmark:
        "<benchmarks>/find_thresholds.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("find_thresholds"),
        blocks=SYMMETRY["thresholds"]["blocks"],
    script:
        "../scripts/run_step.py"


rule expand_series:
    """Leading Puiseux coefficients of loss and entries, beside their closed forms."""
    output:
        puiseux_coefficients="<results>/tables/puiseux_coefficients.parquet",
    log:
        "<logs>/expand_series.log",
    benchmark:
        "<benchmarks>/expand_series.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("expand_series"),
        series=SYMMETRY["series"],
    script:
        "../scripts/run_step.py"


rule follow_splits:
    """Where descent leads after a neuron of a symmetric minimum is split, once and once more."""
    output:
        family_fates="<results>/tables/family_fates.parquet",
    log:
        "<logs>/follow_splits.log",
    benchmark:
        "<benchmarks>/follow_splits.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        **step("follow_splits"),
        fates=SYMMETRY["fates"],
        protocol=PROTOCOLS[SYMMETRY["fates"]["protocol"]],
    script:
        "../scripts/run_step.py"


rule search_fixed_space:
    """Spurious critical points in Fix(S_k-q) at n = k + e, for each e, from random starts."""
    output:
        fixed_space_searches="<results>/fixed_space_searches/{space}.parquet",
        fixed_space_points="<results>/fixed_space_points/{space}.parquet",
    log:
        "<logs>/search_fixed_space/{space}.log",
    benchmark:
        "<benchmarks>/search_fixed_space/{space}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        **step("search_fixed_space"),
        settings=SYMMETRY["fixed_spaces"],
    script:
        "../scripts/run_step.py"


rule perturb_targets:
    """Symmetric minima followed to targets that are not symmetric."""
    output:
        perturbed_targets="<results>/perturbed_targets/{teachers}.parquet",
    log:
        "<logs>/perturb_targets/{teachers}.log",
    benchmark:
        "<benchmarks>/perturb_targets/{teachers}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        **step("perturb_targets"),
        settings=SYMMETRY["perturbed_targets"],
    script:
        "../scripts/run_step.py"


rule follow_to_random_teachers:
    """The minimum II_1 followed to random unit teachers in R^d."""
    output:
        random_teachers="<results>/tables/random_teachers.parquet",
    log:
        "<logs>/follow_to_random_teachers.log",
    benchmark:
        "<benchmarks>/follow_to_random_teachers.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("follow_to_random_teachers"),
        random_teachers=SYMMETRY["random_teachers"],
    script:
        "../scripts/run_step.py"


rule identify_classes:
    """The classes that the main study met, by the names of their families."""
    input:
        curvature="<results>/curvature/{span}.parquet",
        representatives="<results>/representatives/{span}.npz",
    output:
        identified_classes="<results>/identified_classes/{span}.parquet",
    log:
        "<logs>/identify_classes/{span}.log",
    benchmark:
        "<benchmarks>/identify_classes/{span}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("identify_classes"),
        cases=lambda wildcards: in_span(NAMED, wildcards.span),
        tolerance=SYMMETRY["identification"]["tolerance"],
    script:
        "../scripts/run_step.py"


rule count_families:
    """How often random initialisation reaches each family."""
    input:
        restarts="<results>/tables/restarts.parquet",
        memberships="<results>/tables/memberships.parquet",
        identified_classes="<results>/tables/identified_classes.parquet",
    output:
        family_rates="<results>/tables/family_rates.parquet",
    log:
        "<logs>/count_families.log",
    benchmark:
        "<benchmarks>/count_families.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("count_families"),
    script:
        "../scripts/run_step.py"


rule audit_symmetry:
    """A sample of points recomputed by independent implementations; a disagreement fails the run."""
    input:
        family_points="<results>/tables/family_points.parquet",
        random_teachers="<results>/tables/random_teachers.parquet",
    output:
        audit="<results>/audits/symmetry.json",
    log:
        "<logs>/audit_symmetry.log",
    benchmark:
        "<benchmarks>/audit_symmetry.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("audit_symmetry"),
        settings=SYMMETRY["random_teachers"],
        audit=config["audit"],
    script:
        "../scripts/run_step.py"
