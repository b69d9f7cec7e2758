"""What a verdict is made of; free for every room.

findings       Claim, Finding, Verdict
statistics     intervals, tests and fits
rows           choosing rows, and the findings of statements about all of them
words          numbers with what they count
"""
