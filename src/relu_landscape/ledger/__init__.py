"""The ledger of claims: what papers assert, the verdicts on it, and their page."""
