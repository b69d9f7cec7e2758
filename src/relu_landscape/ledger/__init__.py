"""The ledger of claims: what papers assert, the verdicts on it, and their page.

claims_files       what stands in a claims file
claims             read_claims, judge
unjudged           read_unjudged
references         what the papers are, and what was read of each
wording            the words of the ledger for readers
report             render_markdown, render_json
page               render_html
page_claims        the claims on the page
page_style         its style and its filter
making             figures and command of a claim
"""
