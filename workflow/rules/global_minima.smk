"""Around the global minima: Safran, Yehudai & Shamir 2021, Section 3 and Appendix D.

INPUTS: the config (global_minima), published/safran2021_table1.csv; for a figure of certificates
    tables/certified_global_minima, of theorems tables/convexity_bounds.
OUTPUTS: for each k convexity_radii/, convexity_directions/, conjecture12_search/, conjecture12_points/,
    perturbed_descent/, theorem_13/; over all sizes tables/perturbation_forms, smoothness_probes, pair_hessian_limits, orthogonal_forms, convergence, global_minimum_members, global_minimum_spectra, negative_curvature, valley_points, table_1,
    direction_quotients, conjecture12_witnesses, witness_weights, convergence_rates, hessian_kernels,
    lojasiewicz_quotients (.parquet),
    arrays/landscape_slices.npz, audits/global_minima.json.
"""

GLOBAL_MINIMA = config["global_minima"]
GLOBAL_MINIMA_COLLECTED = {
    "convexity_radii": {
        "tables": ["convexity_radii"],
        "arrays": ["convexity_directions"],
        "parts": [f"k{k}" for k in GLOBAL_MINIMA["convexity"]["teachers"]],
    },
    "conjecture12_search": {
        "tables": ["conjecture12_search"],
        "arrays": ["conjecture12_points"],
        "parts": teachers_of(GLOBAL_MINIMA["conjecture12"]["sizes"]),
    },
    "perturbed_descent": {
        "tables": ["perturbed_descent", "theorem_13"],
        "arrays": [],
        "parts": teachers_of(GLOBAL_MINIMA["perturbed_descent"]["sizes"]),
    },
}
COLLECTED |= GLOBAL_MINIMA_COLLECTED
STUDIES["global_minima"] = {
    "tables": tables_of(GLOBAL_MINIMA_COLLECTED)
    + [
        f"<results>/tables/{name}.parquet"
        for name in (
            "perturbation_forms",
            "smoothness_probes",
            "pair_hessian_limits",
            "orthogonal_forms",
            "convergence",
            "global_minimum_members",
            "global_minimum_spectra",
            "negative_curvature",
            "valley_points",
            "table_1",
            "direction_quotients",
            "conjecture12_witnesses",
            "witness_weights",
            "convergence_rates",
            "hessian_kernels",
            "lojasiewicz_quotients",
            "certified_global_minima",
            "convexity_bounds",
        )
    ],
    "arrays": arrays_of(GLOBAL_MINIMA_COLLECTED)
    + ["<results>/arrays/landscape_slices.npz"],
    "audits": ["<results>/audits/global_minima.json"],
    "figures": figures_of("global_minima"),
    "notebooks": ["global_minima"],
    "claims": ["safran2021"],
}


rule sample_members:
    """Random members of the set of global minima, recognised and found again."""
    output:
        global_minimum_members="<results>/tables/global_minimum_members.parquet",
    log:
        "<logs>/sample_members.log",
    benchmark:
        "<benchmarks>/sample_members.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("sample_members"),
        members=GLOBAL_MINIMA["members"],
    script:
        "../scripts/run_step.py"


rule compare_spectra:
    """The closed-form Hessian spectrum at n = k against the computed one."""
    output:
        global_minimum_spectra="<results>/tables/global_minimum_spectra.parquet",
    log:
        "<logs>/compare_spectra.log",
    benchmark:
        "<benchmarks>/compare_spectra.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("compare_spectra"),
        spectrum=GLOBAL_MINIMA["spectrum"],
    script:
        "../scripts/run_step.py"


rule measure_convexity:
    """How far strong convexity reaches around the global minimum of n = k."""
    output:
        convexity_radii="<results>/convexity_radii/{teachers}.parquet",
        convexity_directions="<results>/convexity_directions/{teachers}.npz",
    log:
        "<logs>/measure_convexity/{teachers}.log",
    benchmark:
        "<benchmarks>/measure_convexity/{teachers}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        **step("measure_convexity"),
        convexity=GLOBAL_MINIMA["convexity"],
    script:
        "../scripts/run_step.py"


rule measure_failures:
    """The constructions of Theorems 4, 7 and 9, in double and in extended precision."""
    output:
        negative_curvature="<results>/tables/negative_curvature.parquet",
        valley_points="<results>/tables/valley_points.parquet",
    log:
        "<logs>/measure_failures.log",
    benchmark:
        "<benchmarks>/measure_failures.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("measure_failures"),
        failures=GLOBAL_MINIMA["failures"],
    script:
        "../scripts/run_step.py"


rule probe_smoothness:
    """Steps away from points with parallel neurons, and what they change of the Hessian."""
    output:
        smoothness_probes="<results>/tables/smoothness_probes.parquet",
        pair_hessian_limits="<results>/tables/pair_hessian_limits.parquet",
    log:
        "<logs>/probe_smoothness.log",
    benchmark:
        "<benchmarks>/probe_smoothness.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("probe_smoothness"),
        smoothness=GLOBAL_MINIMA["smoothness"],
    script:
        "../scripts/run_step.py"


rule displace_orthogonally:
    """Forms and bounds of Theorem 10 at right angles to the neurons, shares equal or not."""
    output:
        orthogonal_forms="<results>/tables/orthogonal_forms.parquet",
    log:
        "<logs>/displace_orthogonally.log",
    benchmark:
        "<benchmarks>/displace_orthogonally.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("displace_orthogonally"),
        orthogonal=GLOBAL_MINIMA["orthogonal"],
    script:
        "../scripts/run_step.py"


rule measure_degeneracy:
    """Kernels of Hessians at global minima with n > k, and the least quotients next to them."""
    output:
        hessian_kernels="<results>/tables/hessian_kernels.parquet",
        lojasiewicz_quotients="<results>/tables/lojasiewicz_quotients.parquet",
    log:
        "<logs>/measure_degeneracy.log",
    benchmark:
        "<benchmarks>/measure_degeneracy.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("measure_degeneracy"),
        degeneracy=GLOBAL_MINIMA["degeneracy"],
    script:
        "../scripts/run_step.py"


rule sample_perturbations:
    """Forms and bounds of Theorem 10 for random perturbations."""
    output:
        perturbation_forms="<results>/tables/perturbation_forms.parquet",
    log:
        "<logs>/sample_perturbations.log",
    benchmark:
        "<benchmarks>/sample_perturbations.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("sample_perturbations"),
        perturbations=GLOBAL_MINIMA["perturbations"],
    script:
        "../scripts/run_step.py"


rule compare_table_1:
    """The minima of Table 1 of S21, ours and printed, in the law of the minimum."""
    input:
        perturbation_forms="<results>/tables/perturbation_forms.parquet",
        safran2021_table1=of_checkout("published/safran2021_table1.csv"),
    output:
        table_1="<results>/tables/table_1.parquet",
    log:
        "<logs>/compare_table_1.log",
    benchmark:
        "<benchmarks>/compare_table_1.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        **step("compare_table_1"),
        perturbations=GLOBAL_MINIMA["perturbations"],
    script:
        "../scripts/run_step.py"


rule sample_directions:
    """One-point quotients along uniformly drawn directions."""
    output:
        direction_quotients="<results>/tables/direction_quotients.parquet",
    log:
        "<logs>/sample_directions.log",
    benchmark:
        "<benchmarks>/sample_directions.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        **step("sample_directions"),
        directions=GLOBAL_MINIMA["directions"],
    script:
        "../scripts/run_step.py"


rule search_conjecture12:
    """Perturbations that violate Conjecture 12 the most, at each radius."""
    output:
        conjecture12_search="<results>/conjecture12_search/{teachers}.parquet",
        conjecture12_points="<results>/conjecture12_points/{teachers}.npz",
    log:
        "<logs>/search_conjecture12/{teachers}.log",
    benchmark:
        "<benchmarks>/search_conjecture12/{teachers}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=480,
    params:
        **step("search_conjecture12"),
        conjecture12=GLOBAL_MINIMA["conjecture12"],
    script:
        "../scripts/run_step.py"


rule evaluate_witnesses:
    """Explicit counterexamples to Conjecture 12, and their weights as exact rationals."""
    output:
        conjecture12_witnesses="<results>/tables/conjecture12_witnesses.parquet",
        witness_weights="<results>/tables/witness_weights.parquet",
    log:
        "<logs>/evaluate_witnesses.log",
    benchmark:
        "<benchmarks>/evaluate_witnesses.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("evaluate_witnesses"),
        conjecture12=GLOBAL_MINIMA["conjecture12"],
    script:
        "../scripts/run_step.py"


rule perturb_descent:
    """Perturbed gradient descent of Theorem 13, and the step and time that it asks for."""
    output:
        perturbed_descent="<results>/perturbed_descent/{teachers}.parquet",
        theorem_13="<results>/theorem_13/{teachers}.parquet",
    log:
        "<logs>/perturb_descent/{teachers}.log",
    benchmark:
        "<benchmarks>/perturb_descent/{teachers}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=2000,
        runtime=240,
    params:
        **step("perturb_descent"),
        settings=GLOBAL_MINIMA["perturbed_descent"],
    script:
        "../scripts/run_step.py"


rule follow_convergence:
    """Gradient descent next to a global minimum, loss and gradient in extended precision."""
    output:
        convergence="<results>/tables/convergence.parquet",
    log:
        "<logs>/follow_convergence.log",
    benchmark:
        "<benchmarks>/follow_convergence.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        **step("follow_convergence"),
        convergence=GLOBAL_MINIMA["convergence"],
    script:
        "../scripts/run_step.py"


rule fit_convergence:
    """The law by which each run approaches the set of global minima."""
    input:
        convergence="<results>/tables/convergence.parquet",
    output:
        convergence_rates="<results>/tables/convergence_rates.parquet",
    log:
        "<logs>/fit_convergence.log",
    benchmark:
        "<benchmarks>/fit_convergence.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("fit_convergence"),
        window=GLOBAL_MINIMA["convergence"]["window"],
    script:
        "../scripts/run_step.py"


rule slice_landscape:
    """Loss and smallest eigenvalue on two planes through a split global minimum."""
    output:
        landscape_slices="<results>/arrays/landscape_slices.npz",
    log:
        "<logs>/slice_landscape.log",
    benchmark:
        "<benchmarks>/slice_landscape.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("slice_landscape"),
        landscape=GLOBAL_MINIMA["landscape"],
    script:
        "../scripts/run_step.py"


rule audit_global_minima:
    """A sample of the results recomputed by the independent reference; a disagreement fails the run."""
    input:
        convexity_radii="<results>/tables/convexity_radii.parquet",
        perturbation_forms="<results>/tables/perturbation_forms.parquet",
        conjecture12_search="<results>/tables/conjecture12_search.parquet",
        direction_quotients="<results>/tables/direction_quotients.parquet",
        convexity_directions="<results>/arrays/convexity_directions.npz",
        conjecture12_points="<results>/arrays/conjecture12_points.npz",
    output:
        audit="<results>/audits/global_minima.json",
    log:
        "<logs>/audit_global_minima.log",
    benchmark:
        "<benchmarks>/audit_global_minima.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("audit_global_minima"),
        audit=config["audit"],
        perturbations=GLOBAL_MINIMA["perturbations"],
        directions=GLOBAL_MINIMA["directions"],
    script:
        "../scripts/run_step.py"
