// The page: filters on the left, a chart in the middle, the chosen point or verdict on the right.

import { caseDetail } from "./case-detail.js";
import { classesTab } from "./classes-tab.js";
import { dataOfPage, readData } from "./data.js";
import { differencesTab } from "./differences-tab.js";
import { h, menu, showParts } from "./dom.js";
import { entryDetail } from "./entry-detail.js";
import { familiesTab } from "./families-tab.js";
import { fatesTab } from "./fates-tab.js";
import { about, NATURES, PROOFS } from "./palette.js";
import { DEFAULTS, format, parse } from "./state.js";
import { verdictsTab } from "./verdicts-tab.js";

const TABS = {
  classes: { title: "Classes", draw: classesTab },
  families: { title: "Families", draw: familiesTab },
  fates: { title: "Splits and fates", draw: fatesTab },
  verdicts: { title: "Verdicts", draw: verdictsTab },
};
const FILTERS = ["k", "n", "family", "nature", "proved", "q"];
// Those that a tab goes by; the others rest while it is shown.
const FILTERS_OF = { classes: FILTERS, families: ["family"], fates: ["k"], verdicts: ["k", "n", "q"], differences: [] };
// What a choice on the right does not change in the middle, and the other way round.
const OF_DETAIL = ["row", "alpha", "sign"];

const data = readData(JSON.parse(document.getElementById("data").textContent));
let other = null;
let state = parse(location.hash);

const middle = h("section", { id: "middle", role: "tabpanel", "aria-labelledby": "tab" });
const right = h("section", { id: "right", "aria-label": "The chosen point or verdict" });
const tabs = h("div", { role: "tablist", id: "tabs", onkeydown: turn });
const filters = h("form", { id: "filters", "aria-label": "Filters", onsubmit: (event) => event.preventDefault() });
const message = h("p", { id: "message", role: "status" });

function update(changes) {
  const before = state;
  state = { ...state, ...changes };
  if (changes.entry !== undefined && changes.entry !== before.entry) {
    for (const name of OF_DETAIL) if (changes[name] === undefined) state[name] = "";
  }
  history.replaceState(null, "", format(state));
  draw(before);
  // In one column the right side is far below.
  const opened = (changes.entry || changes.case) && state.tab !== "families";
  if (opened && matchMedia("(max-width: 700px)").matches) right.scrollIntoView();
}

function draw(before) {
  const changed = (names) => !before || names.some((name) => before[name] !== state[name]);
  const names = Object.keys(DEFAULTS);
  if (changed(["tab"])) drawTabs();
  if (changed([...FILTERS, "tab"])) drawFilters();
  if (changed(names.filter((name) => !OF_DETAIL.includes(name)))) keepingFocus(middle, drawMiddle);
  if (changed(["entry", "case", ...OF_DETAIL])) keepingFocus(right, drawRight);
}

/** Draws a part anew with the focus, and the place scrolled to, where they were. */
function keepingFocus(part, redraw) {
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.id ? `#${CSS.escape(active.id)}` : active?.classList.contains("chart") ? ".chart" : null;
  const row = active?.closest("tr")?.dataset.key;
  const scrolled = [...part.querySelectorAll(".scroll")].map((one) => [one.scrollTop, one.scrollLeft]);
  redraw();
  part.querySelectorAll(".scroll").forEach((one, i) => {
    if (scrolled[i]) [one.scrollTop, one.scrollLeft] = scrolled[i];
  });
  const next = key ? part.querySelector(key) : row ? part.querySelector(`tr[data-key="${CSS.escape(row)}"] button`) : null;
  next?.focus({ preventScroll: true });
}

function drawTabs() {
  const shown = other ? { ...TABS, differences: { title: "Differences" } } : TABS;
  tabs.replaceChildren(
    ...Object.entries(shown).map(([name, { title }]) =>
      h(
        "button",
        { type: "button", role: "tab", id: state.tab === name ? "tab" : null, "data-tab": name, "aria-selected": String(state.tab === name), tabindex: state.tab === name ? "0" : "-1", onclick: () => update({ tab: name, sort: "" }) },
        title,
      ),
    ),
  );
}

function turn(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const all = [...tabs.children];
  const next = all[(all.findIndex((one) => one.dataset.tab === state.tab) + by + all.length) % all.length];
  next.click();
  tabs.querySelector('[aria-selected="true"]').focus();
}

function drawFilters() {
  const focused = filters.contains(document.activeElement) ? document.activeElement.id : null;
  const values = (name) => [...new Set(data.classes.map((entry) => entry[name] ?? "none"))].sort((a, b) => (typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true })));
  const choices = (all, text = String) => [["", "any"], ...all.map((value) => [String(value), text(value)])];
  const search = h("input", { type: "search", id: "q", value: state.q, oninput: (event) => update({ q: event.target.value }) });
  const at = focused === "q" ? document.activeElement.selectionStart : null;
  filters.replaceChildren(
    h("label", { for: "q" }, h("span", {}, "Search ", h("kbd", {}, "/")), search),
    menu("Teachers k", "k", choices(values("k")), state.k, (k) => update({ k })),
    menu("Students n", "n", choices(values("n")), state.n, (n) => update({ n })),
    menu("Family", "family", choices(values("family")), state.family, (family) => update({ family })),
    menu("Nature", "nature", choices(values("nature"), (value) => about(NATURES, value).label), state.nature, (nature) => update({ nature })),
    menu("Proof", "proved", choices(values("proved"), (value) => PROOFS[value]), state.proved, (proved) => update({ proved })),
    h("button", { type: "button", id: "reset", onclick: () => update({ ...DEFAULTS, tab: state.tab }) }, "Show all"),
    h("label", { for: "other" }, h("span", {}, "Compare with another run's explorer.html"), h("input", { type: "file", id: "other", accept: ".html", onchange: load })),
    message,
    h("p", { class: "soft" }, "Keys: / search, 1 to 4 tabs, arrows from point to point in a chart in focus, Esc closes the right side."),
  );
  const used = FILTERS_OF[state.tab] ?? FILTERS;
  for (const name of FILTERS) document.getElementById(name).disabled = !used.includes(name);
  if (focused) {
    const field = document.getElementById(focused);
    field?.focus();
    if (at !== null) field?.setSelectionRange(at, at);
  }
}

async function load(event) {
  const [file] = event.target.files;
  if (!file) return;
  try {
    other = dataOfPage(await file.text(), file.name);
    message.textContent = `${other.profile} (${file.name}) is compared with ${data.profile}.`;
    state = { ...state, tab: "" }; // drawn anew even where differences from another run are shown
    update({ tab: "differences", sort: "" });
  } catch (error) {
    message.textContent = error.message;
  }
}

function drawMiddle() {
  const parts = state.tab === "differences" && other ? differencesTab(data, other, state, update) : (TABS[state.tab] ?? TABS.classes).draw(data, state, update, middle);
  showParts(middle, parts.filter(Boolean));
}

function drawRight() {
  const entry = data.byId.get(state.entry);
  const one = data.caseById.get(state.case);
  const close = h("button", { type: "button", id: "close", onclick: () => update({ entry: "", case: "" }) }, "Close");
  if (entry) right.replaceChildren(close, entryDetail(data, entry, state, update, right));
  else if (one) right.replaceChildren(close, caseDetail(data, one, state, update));
  else right.replaceChildren(h("p", { class: "soft" }, "Choose a point of a chart or a row of a table."));
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=range]), select, textarea");
  if (event.key === "Escape") update({ entry: "", case: "" });
  else if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q").focus();
  } else if (tabs.children[Number(event.key) - 1]) tabs.children[Number(event.key) - 1].click();
});

addEventListener("hashchange", () => {
  const before = state;
  state = parse(location.hash);
  draw(before);
});

let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  drawMiddle();
});

const counts = `${data.classes.length} classes of critical points that runs met, ${data.families.size} families, ${data.cases.length} verdicts`;
const app = document.getElementById("app");
app.replaceChildren(
  h("header", {}, h("h1", {}, "ReLU Landscape: ", h("span", {}, data.profile)), h("p", {}, `${counts}. `, h("a", { href: "claims.html" }, "Ledger"), " · ", h("a", { href: "report.html" }, "Report"))),
  tabs,
  h("main", {}, filters, middle, right),
);
draw(null);
