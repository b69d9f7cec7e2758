// Which entries and verdicts the filters leave.

const matches = (wanted, value) => wanted === "" || String(value) === wanted;

/** Whether every word of a search is in a text. */
export function hasWords(text, search) {
  const lower = text.toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => lower.includes(word));
}

/** The classes and family points that the filters leave. */
export function entriesLeft(entries, { k, n, family, nature, proved, q }) {
  return entries.filter(
    (entry) =>
      matches(k, entry.k) &&
      matches(n, entry.n) &&
      matches(family, entry.family ?? "none") &&
      matches(nature, entry.nature) &&
      matches(proved, entry.proved) &&
      hasWords([entry.id, entry.isotropy, entry.family, entry.nature, entry.reason].join(" "), q),
  );
}

/** The verdicts that the filters leave; "fails" are those against their claim. */
export function casesLeft(cases, { k, n, ledger, verdict, paper, q }, fails) {
  return cases.filter(
    (one) =>
      (k === "" || names(one, "k", k)) &&
      (n === "" || names(one, "n", n)) &&
      matches(ledger, one.ledger) &&
      matches(paper, one.paper) &&
      (verdict === "" || (verdict === "fails" ? fails(one) : one.verdict === verdict)) &&
      hasWords([one.id, one.statement, one.paper, one.where, one.note, one.verdict].join(" "), q),
  );
}

/** Whether a verdict is about this k or n: by its case, or by the rows that its evidence names. */
function names(one, letter, value) {
  if (one.case[letter] !== undefined) return String(one.case[letter]) === value;
  return one.evidence.some(({ text }) => new RegExp(`[ ,]${letter}=${value}(,|$)`).test(text));
}
