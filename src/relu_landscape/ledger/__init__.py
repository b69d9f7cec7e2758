"""The ledger of claims: what papers assert, the verdicts on it, and their page.

What verdicts are made of, free for every room, is the package `judging`.

claims_files       what stands in a claims file
claims             read_claims: what is asserted, case by case
judgements         judge: asks the tests of the claims, and bounds what they return
run_ledger         judge_run, judge_claim: reads the files of a run, judges, writes
unjudged           read_unjudged
references         what the papers are, and what was read of each
wording            the words of the ledger for readers
report             render_markdown, render_json
page               render_html
page_claims        the claims on the page
page_style         its style and its filter
making             figures and command of a claim
front_page         the front page of a run
claim_costs        docs/claims.md
theorems_page      docs/theorems.md
"""
