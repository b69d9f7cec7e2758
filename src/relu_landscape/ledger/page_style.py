"""How the page of verdicts looks, and the filter that is there only with scripts."""

__all__ = ["COLOURS", "SCRIPT", "STYLE"]

from relu_landscape.judging.findings import Verdict

# Okabe and Ito's colours, told apart without colour vision; the word and the mark stand beside.
COLOURS = {
    Verdict.PROVED: "#8fc1e3",
    Verdict.REPRODUCED: "#3cb894",
    Verdict.CONSISTENT: "#56b4e9",
    Verdict.DEVIATES: "#e69f00",
    Verdict.REFUTED: "#e8804f",
    Verdict.UNDECIDED: "#f0e442",
    Verdict.NOT_RUN: "#dddddd",
}

STYLE = """
:root { --line: #ccc; --soft: #555; --link: #0b5394; }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem;
  padding: 0 1rem; color: #111; background: #fff; overflow-wrap: break-word; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-bottom: 2px solid #111; }
h3 { margin-top: 2rem; } h4 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
a { color: var(--link); }
p, li, summary { max-width: 60rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .9rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem;
  border-top: 1px solid var(--line); }
thead th { border-top: none; color: var(--soft); font-weight: 600; }
tbody th { font-weight: normal; }
.number { font-variant-numeric: tabular-nums; }
.badge { padding: .1rem .5rem; border-radius: .3rem; white-space: nowrap; font-weight: 600;
  color: #111; }
article { margin: 0 0 2rem; padding-top: .6rem; border-top: 1px solid var(--line); }
article > p { margin: .3rem 0; }
.about, .made, .evidence, details { color: var(--soft); font-size: .9rem; }
.evidence { font-size: .8rem; overflow-wrap: anywhere; min-width: 19rem; }
.evidence div, code { font-family: ui-monospace, monospace; }
code { font-size: .8rem; overflow-wrap: anywhere; background: #f4f4f4; padding: .1rem .3rem; }
summary { cursor: pointer; }
.opening > li { margin: .3rem 0; }
:target { background: #fff7cc; }
[hidden] { display: none !important; }
#filter { position: sticky; top: 0; background: #fff; border: 1px solid var(--line);
  padding: .5rem .8rem; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; }
#filter label { font-size: .8rem; color: var(--soft); display: flex; flex-direction: column; }
#filter select, #filter input { font: inherit; font-size: .9rem; max-width: 100%; }
#filter output { font-size: .9rem; }
@media (max-width: 760px) {
  body { margin: 1rem auto; }
  table, thead, tbody, tr, th, td, caption { display: block; }
  thead { display: none; }
  tr { border-top: 1px solid var(--line); padding: .4rem 0; }
  tbody th, td { border: none; padding: .1rem 0; overflow-wrap: anywhere; }
  tbody th { font-weight: 600; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); }
  .evidence { min-width: 0; }
  #filter { position: static; }
  #filter label { flex: 1 1 40%; min-width: 0; }
}
@media print {
  body { font-size: 10pt; margin: 0; max-width: none; }
  #filter, nav { display: none; }
  tr, h3, h4 { break-inside: avoid; break-after: avoid-page; }
  tr { break-after: auto; }
  .badge { border: 1px solid #111; }
  a { color: inherit; text-decoration: none; }
}
"""

# The form is made here, so that without scripts nothing stands there that does nothing.
SCRIPT = """
const rows = [...document.querySelectorAll('tr[data-verdict]')];
const keys = ['ledger', 'paper', 'verdict', 'source', 'study'];
const of = (row, key) => key === 'verdict' ? row.dataset[key] : row.closest('article').dataset[key];
const form = document.createElement('form');
form.id = 'filter';
const add = (name, field) => {
  const label = document.createElement('label');
  label.append(name, field);
  form.append(label);
  return field;
};
const selects = keys.map(key => {
  const select = add(key, document.createElement('select'));
  const values = [...new Set(rows.map(row => of(row, key)))];
  select.append(new Option('all', ''), ...values.map(value => new Option(value, value)));
  return select;
});
const text = add('text', document.createElement('input'));
text.type = 'search';
const count = document.createElement('output');
form.append(count);
const words = new Map(rows.map(row =>
  [row, (row.textContent + row.closest('article').textContent).toLowerCase()]));
const apply = () => {
  const wanted = text.value.toLowerCase();
  let shown = 0;
  for (const row of rows) {
    row.hidden = !words.get(row).includes(wanted)
      || keys.some((key, i) => selects[i].value && of(row, key) !== selects[i].value);
    shown += !row.hidden;
  }
  for (const part of document.querySelectorAll('article, section.paper, section.ledger'))
    part.hidden = !part.querySelector('tr[data-verdict]:not([hidden])');
  count.textContent = shown + ' of ' + rows.length + ' shown';
};
form.addEventListener('input', apply);
form.addEventListener('submit', event => event.preventDefault());
document.getElementById('claims').before(form);
apply();
// A link to a row that the filter hides shows all again.
addEventListener('hashchange', () => {
  const goal = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (goal && goal.closest('[hidden]')) { form.reset(); apply(); goal.scrollIntoView(); }
});
"""
