"""Finite data: activation regions, ranks of Jacobians, zero-loss regions, training.

INPUTS: the config (activation_regions).
OUTPUTS: for each law of data and initialisation full_rank_cells/ and training_runs/; tables/transition_widths,
    deep_ranks, region_counts, region_shares, binary_draws, one_dimensional_widths, one_dimensional_probabilities,
    zero_loss_shares, zero_loss_counts, zero_loss_bounds, volume_shares, illustrated_points, illustrated_sectors,
    illustrated_functions (.parquet); audits/activation_regions.json.
"""

REGIONS = config["activation_regions"]
LAWS = [
    f"{data}-{initialisation}"
    for data in REGIONS["laws"]["data"]
    for initialisation in REGIONS["laws"]["initialisations"]
]
REGIONS_COLLECTED = {
    table: {"tables": [table], "arrays": [], "parts": LAWS}
    for table in ("full_rank_cells", "training_runs")
}
COLLECTED |= REGIONS_COLLECTED
STUDIES["activation_regions"] = {
    "tables": tables_of(REGIONS_COLLECTED)
    + [
        f"<results>/tables/{name}.parquet"
        for name in (
            "transition_widths",
            "deep_ranks",
            "region_counts",
            "region_shares",
            "binary_draws",
            "one_dimensional_widths",
            "one_dimensional_probabilities",
            "zero_loss_shares",
            "zero_loss_counts",
            "zero_loss_bounds",
            "volume_shares",
            "illustrated_points",
            "illustrated_sectors",
            "illustrated_functions",
        )
    ],
    "arrays": [],
    "audits": ["<results>/audits/activation_regions.json"],
    "figures": figures_of("activation_regions"),
    "notebooks": ["activation_regions"],
    "claims": ["karhadkar2024"],
}


rule measure_full_rank:
    """In how many random networks the Jacobian has full rank: the cells of Figures 1 and 2."""
    output:
        full_rank_cells="<results>/full_rank_cells/{data}-{initialisation}.parquet",
    log:
        "<logs>/measure_full_rank/{data}-{initialisation}.log",
    benchmark:
        "<benchmarks>/measure_full_rank/{data}-{initialisation}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("measure_full_rank"),
        full_rank=REGIONS["full_rank"],
    script:
        "../scripts/run_step.py"


rule find_transitions:
    """The width at which half of the networks have full rank, with its interval."""
    input:
        full_rank_cells="<results>/tables/full_rank_cells.parquet",
    output:
        transition_widths="<results>/tables/transition_widths.parquet",
    log:
        "<logs>/find_transitions.log",
    benchmark:
        "<benchmarks>/find_transitions.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("find_transitions"),
        confidence=REGIONS["full_rank"]["confidence"],
    script:
        "../scripts/run_step.py"


rule train_from_regions:
    """Gradient descent in the first layer from starts around the transition."""
    output:
        training_runs="<results>/training_runs/{data}-{initialisation}.parquet",
    log:
        "<logs>/train_from_regions/{data}-{initialisation}.log",
    benchmark:
        "<benchmarks>/train_from_regions/{data}-{initialisation}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=480,
    params:
        **step("train_from_regions"),
        training=REGIONS["training"],
        seed=REGIONS["full_rank"]["seed"],
    script:
        "../scripts/run_step.py"


rule measure_deep_ranks:
    """Ranks of Jacobians of networks with two hidden layers at initialisation."""
    output:
        deep_ranks="<results>/tables/deep_ranks.parquet",
    log:
        "<logs>/measure_deep_ranks.log",
    benchmark:
        "<benchmarks>/measure_deep_ranks.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("measure_deep_ranks"),
        deep=REGIONS["deep"],
    script:
        "../scripts/run_step.py"


rule count_region_shares:
    """Non-empty regions, enumerated, and the share with full rank, by exact count and draws."""
    output:
        region_counts="<results>/tables/region_counts.parquet",
        region_shares="<results>/tables/region_shares.parquet",
        binary_draws="<results>/tables/binary_draws.parquet",
    log:
        "<logs>/count_region_shares.log",
    benchmark:
        "<benchmarks>/count_region_shares.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        **step("count_region_shares"),
        region_shares=REGIONS["region_shares"],
    script:
        "../scripts/run_step.py"


rule measure_one_dimensional:
    """One input with bias: exact probabilities of full rank and the widths that they ask for."""
    output:
        one_dimensional_widths="<results>/tables/one_dimensional_widths.parquet",
        one_dimensional_probabilities="<results>/tables/one_dimensional_probabilities.parquet",
    log:
        "<logs>/measure_one_dimensional.log",
    benchmark:
        "<benchmarks>/measure_one_dimensional.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("measure_one_dimensional"),
        one_dimensional=REGIONS["one_dimensional"],
    script:
        "../scripts/run_step.py"


rule measure_zero_loss:
    """Share of the regions on a line that hold a zero-loss minimum, for several targets."""
    output:
        zero_loss_shares="<results>/tables/zero_loss_shares.parquet",
        zero_loss_counts="<results>/tables/zero_loss_counts.parquet",
        zero_loss_bounds="<results>/tables/zero_loss_bounds.parquet",
    log:
        "<logs>/measure_zero_loss.log",
    benchmark:
        "<benchmarks>/measure_zero_loss.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("measure_zero_loss"),
        zero_loss=REGIONS["zero_loss"],
    script:
        "../scripts/run_step.py"


rule measure_volume:
    """Share of the volume of parameter space with full rank, beside the share of regions."""
    output:
        volume_shares="<results>/tables/volume_shares.parquet",
    log:
        "<logs>/measure_volume.log",
    benchmark:
        "<benchmarks>/measure_volume.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("measure_volume"),
        volume=REGIONS["volume"],
    script:
        "../scripts/run_step.py"


rule draw_illustrations:
    """The zonotope of one neuron, its normal cones and its functions, computed from points."""
    output:
        illustrated_points="<results>/tables/illustrated_points.parquet",
        illustrated_sectors="<results>/tables/illustrated_sectors.parquet",
        illustrated_functions="<results>/tables/illustrated_functions.parquet",
    log:
        "<logs>/draw_illustrations.log",
    benchmark:
        "<benchmarks>/draw_illustrations.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        **step("draw_illustrations"),
        illustrations=REGIONS["illustrations"],
    script:
        "../scripts/run_step.py"


rule audit_activation_regions:
    """Some cells counted again in integers and fractions; a disagreement fails the run."""
    input:
        full_rank_cells="<results>/tables/full_rank_cells.parquet",
        zero_loss_shares="<results>/tables/zero_loss_shares.parquet",
    output:
        audit="<results>/audits/activation_regions.json",
    log:
        "<logs>/audit_activation_regions.log",
    benchmark:
        "<benchmarks>/audit_activation_regions.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("audit_activation_regions"),
        audit=config["audit"],
        seed=REGIONS["full_rank"]["seed"],
        zero_loss_seed=REGIONS["zero_loss"]["seed"],
    script:
        "../scripts/run_step.py"
