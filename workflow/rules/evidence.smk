"""From the tables of all studies to figures, notebooks, verdicts and the manifest.

INPUTS: the tables and arrays made in parts, published/, claims/*.yaml, notebooks/*.ipynb.
OUTPUTS: index.html, explorer.html, tables/, arrays/, figures/, notebooks/, catalogue/, claims.json, claims.md,
    claims.html, manifest.json, report.html;
    claims/ where one claim is asked for.
"""

for source, made in COLLECTED.items():

    rule:
        name:
            f"collect_{source}"
        input:
            **files_to_collect(made),
        output:
            tables=tables_of({source: made}),
            arrays=arrays_of({source: made}),
        log:
            f"<logs>/collect/{source}.log",
        benchmark:
            f"<benchmarks>/collect/{source}.tsv"
        priority: LONGEST_CHAIN
        conda:
            "../../environment.yml"
        resources:
            mem_mb=2000,
            runtime=30,
        params:
            science=science("collect"),
        script:
            "../scripts/collect.py"


rule plot_figure:
    """One figure with the plotted numbers; its function says from what."""
    input:
        unpack(figure_inputs),
    output:
        svg=report(
            "<results>/figures/{figure}.svg",
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "{figure}"},
        ),
        pdf="<results>/figures/{figure}.pdf",
        csv="<results>/figures/{figure}.csv",
    log:
        "<logs>/plot_figure/{figure}.log",
    benchmark:
        "<benchmarks>/plot_figure/{figure}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        science=lambda wildcards: SCIENCE_OF_FIGURES[wildcards.figure],
        caption=lambda wildcards: FIGURES[wildcards.figure].caption(config),
    script:
        "../scripts/plot_figure.py"


rule judge_claims:
    """The verdict on every claim, computed from the tables."""
    input:
        claims=claims_files(),
        tables=tables_with_proofs(),
        published=PUBLISHED,
        references=of_checkout("published/references.yaml"),
        audits=of_studies("audits"),
    output:
        json="<results>/claims.json",
        markdown="<results>/claims.md",
        html=report(
            "<results>/claims.html",
            caption="../report/claims.rst",
            category="Verdicts",
        ),
    log:
        "<logs>/judge_claims.log",
    benchmark:
        "<benchmarks>/judge_claims.tsv"
    priority: LONGEST_CHAIN
    conda:
        "../../environment.yml"
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        science=science(
            "judge_claims", *(test.module for test in declared_verdicts().values())
        ),
        figures=of_studies("figures"),
    script:
        "../scripts/judge_claims.py"


rule judge_claim:
    """The verdict on one claim, from what it needs alone; no part of a whole run."""
    input:
        claims=claims_files(),
        tables=tables_of_claim,
        published=PUBLISHED,
    output:
        "<results>/claims/{claim}.md",
    log:
        "<logs>/judge_claim/{claim}.log",
    benchmark:
        "<benchmarks>/judge_claim/{claim}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        science=science(
            "judge_claim", *(test.module for test in declared_verdicts().values())
        ),
        verdicts=of_checkout(f"figures/{config['profile']}/claims.json"),
    script:
        "../scripts/judge_claim.py"


rule write_catalogue:
    """Every class, point of a family and theorem, as one table and a descriptor of it."""
    input:
        data=catalogue_inputs(),
    output:
        table=CATALOGUE[0],
        json=CATALOGUE[1],
        descriptor=CATALOGUE[2],
    log:
        "<logs>/write_catalogue.log",
    benchmark:
        "<benchmarks>/write_catalogue.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        science=science(
            "write_catalogue", *(entry.module for entry in declared_entries().values())
        ),
        studies=config["studies"],
    script:
        "../scripts/write_catalogue.py"


rule run_notebook:
    """The walkthrough of a paper, executed on the results of this run."""
    input:
        notebook=of_checkout("notebooks/{notebook}.ipynb"),
        figures=figures_in,
        tables=tables_with_proofs(),
        arrays=of_studies("arrays"),
        claims="<results>/claims.json",
        published=PUBLISHED,
    output:
        notebook="<results>/notebooks/{notebook}.ipynb",
        html=report(
            "<results>/notebooks/{notebook}.html",
            caption="../report/notebook.rst",
            category="Notebooks",
            labels={"notebook": "{notebook}"},
        ),
    log:
        "<logs>/run_notebook/{notebook}.log",
    benchmark:
        "<benchmarks>/run_notebook/{notebook}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        science=science("run_notebook"),
    script:
        "../scripts/run_notebook.py"


rule write_explorer:
    """The page on which all of it is looked at, with its data inside."""
    input:
        catalogue="<results>/catalogue/catalogue_entries.parquet",
        claims="<results>/claims.json",
        tables=tables_with_proofs(),
        representatives=named(of_studies("arrays"), ["representatives"]),
        bundle=EXPLORER_BUNDLE,
    output:
        "<results>/explorer.html",
    log:
        "<logs>/write_explorer.log",
    benchmark:
        "<benchmarks>/write_explorer.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        science=science("write_explorer"),
        figures=of_studies("figures"),
        splitting=SAFRAN["splitting"],
        protocol=PROTOCOLS[SAFRAN["splitting"]["protocol"]],
        tolerance=SAFRAN["classes"]["tolerance"],
    script:
        "../scripts/write_explorer.py"


rule write_front_page:
    """What was learnt, what fails, what is proved, and all figures, on one page."""
    input:
        figures=[figure_files(name)[0] for name in of_studies("figures")],
        claims="<results>/claims.json",
        pages=pages().values(),
    output:
        FRONT_PAGE,
    log:
        "<logs>/write_front_page.log",
    benchmark:
        "<benchmarks>/write_front_page.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=500,
        runtime=10,
    params:
        science=science("write_front_page"),
        profile=config["profile"],
        captions=captions_of_figures(),
        pages=beside_front_page(pages()),
        folders=beside_front_page(folders()),
    script:
        "../scripts/write_front_page.py"


rule write_manifest:
    """What this run was: config, seeds, versions, machine, revision, and a checksum of each result."""
    input:
        tables=of_studies("tables"),
        figures=all_figure_files(),
        arrays=of_studies("arrays"),
        certificates=certificate_files(),
        evidence=[*of_studies("audits"), *LEDGER, *CATALOGUE, EXPLORER],
        lock=of_checkout("requirements.lock"),
    output:
        "<results>/manifest.json",
    log:
        "<logs>/write_manifest.log",
    benchmark:
        "<benchmarks>/write_manifest.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=500,
        runtime=10,
    params:
        science=science("write_manifest"),
        config=config,
    script:
        "../scripts/write_manifest.py"


rule write_report:
    """All of it on one page, with times: by a second call of the engine."""
    input:
        final_targets(),
    output:
        REPORT,
    log:
        "<logs>/write_report.log",
    benchmark:
        "<benchmarks>/write_report.tsv"
    localrule: True
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        science=science("write_report"),
        # With `input`, or the engine would compare it: another folder or door is no other report.
        options=lambda wildcards, input: options_of_run(),
    script:
        "../scripts/write_report.py"
