// What visitors come for, done in Chromium as they would: by pointer and keyboard, on a page without network.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { loss } from "../src/objective.js";
import { dataOf, launch, opened, pathOf, skip } from "./pages.mjs";

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

const detail = (page) => page.locator("#detail");
const text = (page, selector) => page.locator(selector).innerText();
const pasted = (page) => page.evaluate(() => navigator.clipboard.readText());

test("the commonest minimum at k = n = 13, its matrix and proof; W copied and its loss recomputed", { skip }, async () => {
  const { page, done } = await opened(browser);
  await page.selectOption("#k", "13");
  await page.selectOption("#n", "13");
  await page.getByRole("button", { name: "runs" }).click();
  await page.locator("#middle tbody button").first().click();
  const id = await detail(page).getAttribute("data-entry");
  const entry = dataOf("quick.html").byId.get(id);
  const met = (one) => one.runs.reduce((total, { runs }) => total + runs, 0);
  const others = dataOf("quick.html").classes.filter(({ k, n }) => k === 13 && n === 13);
  assert.equal(met(entry), Math.max(...others.map(met)));
  assert.equal(entry.family, "II_1");
  assert.match(await text(page, "#certificate"), /^Certificate\s+proved/);
  assert.match(await text(page, "#certificate"), /certificates\/k10-14\.jsonl, line \d+/);
  assert.equal(await page.locator("#matrix canvas").evaluate((canvas) => `${canvas.width}x${canvas.height}`), "13x13");
  await page.click("#copy-json");
  await page.waitForFunction(() => document.querySelector("#copy-json").textContent === "Copied");
  const W = JSON.parse(await pasted(page));
  const here = loss(Float64Array.from(W.flat()), 13, 13);
  assert.ok(Math.abs(here - entry.loss) <= 1e-12);
  assert.equal(await text(page, "#loss-here"), here.toExponential(15));
  await page.click("#copy-numpy");
  await page.waitForFunction(() => document.querySelector("#copy-numpy").textContent === "Copied");
  const rows = [...(await pasted(page)).matchAll(/^ {4}\[(.*)\],$/gm)].map(([, row]) => row.split(", ").map(Number));
  assert.deepEqual(rows, W);
  await done();
});

test("verdicts that fail, of papers only; from (13, 13) to figure, rows of the table and command", { skip }, async () => {
  const { page, done } = await opened(browser);
  const data = dataOf("quick.html");
  const keys = () => page.locator("#middle tr[data-key]").evaluateAll((rows) => rows.map((row) => row.dataset.key));
  await page.getByRole("tab", { name: "Verdicts" }).click();
  await page.selectOption("#ledger", "papers");
  await page.selectOption("#verdict", "fails");
  const failing = data.cases.filter((one) => one.ledger === "papers" && ["deviates", "refuted"].includes(one.verdict));
  assert.ok(failing.length > 0);
  assert.deepEqual(await keys(), failing.map(({ id }) => id));
  // No claim about (13, 13) alone fails; one about all sizes does, at this one as well.
  await page.selectOption("#k", "13");
  await page.selectOption("#n", "13");
  assert.deepEqual(await keys(), ["arjevani2023_hidden_minima"]);
  await page.locator("#middle tbody button", { hasText: "arjevani2023_hidden_minima" }).click();
  const one = data.caseById.get(await detail(page).getAttribute("data-case"));
  assert.equal(await page.locator('#sizes [aria-pressed="true"]').innerText(), "k13-n13");
  const [columns, ...rows] = (await page.locator("#sizes tr").allInnerTexts()).map((row) => row.split("\t"));
  const of = Object.fromEntries(columns.map((name, i) => [name, i]));
  assert.equal(rows.length, one.sizes["k13-n13"].count);
  assert.ok(rows.every((row) => row[of.k] === "13" && row[of.n] === "13"));
  assert.ok(rows.some((row) => row[of.family] === "I" && Number(row[of.reached]) > 0), "what speaks against the claim");
  const figures = await page.locator("#figures a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert.ok(figures.includes("figures/families_reached.svg"));
  assert.match(await text(page, "#evidence"), /tables\/family_rates\.parquet: search=/);
  const command = "snakemake --cores all --configfile config/quick.yaml -- results/quick/tables/family_rates.parquet results/quick/claims.html";
  assert.equal(await text(page, "#command"), command);
  await page.click("#copy-command");
  await page.waitForFunction(() => document.querySelector("#copy-command").textContent === "Copied");
  assert.equal(await pasted(page), command);
  await done();
});

test("where the filters leave no verdict, which of them to drop; and a verdict on one size with its rows", { skip }, async () => {
  const { page, done } = await opened(browser, { hash: "#tab=verdicts&ledger=papers&verdict=deviates&k=13&n=13" });
  const data = dataOf("quick.html");
  const deviating = data.cases.filter((one) => one.ledger === "papers" && one.verdict === "deviates");
  assert.match(await text(page, "#nothing-left"), /No verdict of this run is left/);
  await page.locator("#nothing-left button", { hasText: `k and n: ${deviating.length}` }).click();
  assert.equal(await page.locator("#middle tr[data-key]").count(), deviating.length);
  assert.equal(await page.locator("#nothing-left").count(), 0);
  await page.selectOption("#k", "13");
  await page.selectOption("#n", "13");
  await page.locator("#nothing-left button", { hasText: "verdict: " }).click();
  await page.fill("#q", "per cent ends with a loss");
  await page.locator("#middle tbody button", { hasText: "safran2018_bad_run_rate[k=13,n=13]" }).click();
  const evidence = await text(page, "#evidence");
  assert.match(evidence, /statistics\/bad_run_rates\.parquet: search=safran2018, k=13, n=13/);
  assert.match(evidence, /percent_bad\s+\d/);
  await done();
});

test("II_1 dragged from its threshold to 1e8 and to infinity, with what is proved", { skip }, async () => {
  const { page, done } = await opened(browser, { hash: "#tab=families" });
  assert.equal(await page.inputValue("#family-name"), "II_1");
  assert.match(await text(page, "#family-at"), /^k = 5\.58550\d \(threshold\)$/);
  assert.match(await text(page, "#family-said"), /becomes a minimum between k = 5\.5855\d* and 5\.5855\d*\./);
  const slider = page.locator("#family-k");
  const { x, y, width, height } = await slider.boundingBox();
  await page.mouse.move(x + 8, y + height / 2);
  await page.mouse.down();
  const seen = [];
  for (let step = 1; step <= 20; step++) {
    await page.mouse.move(x + 8 + (step / 20) * (width - 8), y + height / 2);
    seen.push(await text(page, "#family-at"));
  }
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelector("#family-at").textContent === "k = ∞");
  assert.ok(new Set(seen).size > 8, seen.join());
  assert.match(await text(page, "#family-proof"), /a theorem covers every real k from 6 to infinity/);
  assert.match(await text(page, "#family-said"), /F = 0\.297\d* h²/);
  await slider.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  assert.equal(await text(page, "#family-at"), "k = 6");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await text(page, "#family-at"), "k = 10⁸");
  assert.match(await text(page, "#family-proof"), /at this k: proved \(certificates\/families\.jsonl, line \d+\)/);
  assert.match(page.url(), /at=100000000/);
  await done();
});

test("a neuron split, its descent watched, and the landing the recorded one", { skip }, async () => {
  const data = dataOf("quick.html");
  const entry = data.classes.find(({ k, n, family }) => k === 13 && n === 13 && family === "II_1");
  const recorded = entry.splits.find(({ landing, alpha }) => landing === "class" && alpha === 0.5);
  const { page, done } = await opened(browser, { hash: `#tab=fates&k=13&entry=${entry.id}` });
  await page.selectOption("#split-row", String(recorded.row));
  await page.selectOption("#split-alpha", String(recorded.alpha));
  await page.selectOption("#split-sign", String(recorded.sign));
  await page.click("#descend");
  await page.waitForFunction(() => / steps, loss /.test(document.querySelector("#descent-said")?.textContent ?? ""));
  assert.equal(await page.locator("#watch canvas").evaluate((canvas) => `${canvas.width}x${canvas.height}`), "13x14");
  await page.waitForSelector("#comparison", { timeout: 300_000 });
  assert.equal(await text(page, "#comparison"), "the same");
  assert.ok((await text(page, "#descent-said")).includes(recorded.entry));
  await done();
});

test("another run's page loaded, and what differs listed", { skip }, async () => {
  const [here, there] = [dataOf("quick.html"), dataOf("changed.html")];
  const { page, done } = await opened(browser);
  await page.setInputFiles("#other", pathOf("changed.html"));
  await page.waitForSelector("#differences-said");
  assert.match(await text(page, "#differences-said"), /^3 differences between quick and changed\. verdict: 1; share of runs: 1; class: 1\.$/);
  const rows = await page.locator("#middle tbody tr").allInnerTexts();
  const lost = here.classes.find(({ id }) => !there.byId.has(id));
  assert.ok(rows.some((row) => row.includes(lost.id) && row.includes("met by none")));
  assert.ok(rows.some((row) => row.includes(here.cases[0].id) && row.includes("refuted")));
  await page.locator("#middle tbody button", { hasText: lost.id }).click();
  assert.equal(await detail(page).getAttribute("data-entry"), lost.id);
  await page.setInputFiles("#other", pathOf("quick.html"));
  await page.waitForFunction(() => document.querySelector("#differences-said").textContent.includes("differ in nothing"));
  await page.setInputFiles("#other", { name: "notes.html", mimeType: "text/html", buffer: Buffer.from("<p>no data</p>") });
  await page.waitForFunction(() => document.querySelector("#message").textContent.includes("notes.html holds no data of an explorer"));
  await done();
});

test("what is shown stands in the address", { skip }, async () => {
  const first = await opened(browser, { hash: "#tab=classes&k=9" });
  await first.page.fill("#q", "spurious");
  await first.page.locator("#middle tbody button").nth(1).click();
  const [, hash] = first.page.url().split("#");
  const shown = await detail(first.page).getAttribute("data-entry");
  const rows = await first.page.locator("#middle tr[data-key]").count();
  await first.done();
  const second = await opened(browser, { hash: `#${hash}` });
  assert.equal(await detail(second.page).getAttribute("data-entry"), shown);
  assert.equal(await second.page.inputValue("#q"), "spurious");
  assert.equal(await second.page.locator("#middle tr[data-key]").count(), rows);
  await second.done();
});

test("all of it by keyboard", { skip }, async () => {
  const { page, done } = await opened(browser);
  await page.keyboard.press("/");
  await page.keyboard.type("k9-n9");
  assert.equal(await page.locator("#middle tr[data-key]").count(), 3);
  await page.locator("#q").press("Escape");
  await page.locator(".chart").first().focus();
  const chosen = [];
  for (let press = 0; press < 3; press++) {
    await page.keyboard.press("ArrowRight");
    chosen.push(await detail(page).getAttribute("data-entry"));
  }
  assert.equal(new Set(chosen).size, 3);
  await page.keyboard.press("Escape");
  assert.equal(await detail(page).count(), 0);
  await page.keyboard.press("4");
  assert.equal(await page.locator('[role=tab][aria-selected="true"]').innerText(), "Verdicts");
  await page.locator('[role=tab][aria-selected="true"]').focus();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.locator('[role=tab][aria-selected="true"]').innerText(), "Splits and fates");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.tab), "fates");
  await done();
});

test("one column at 400 px, nothing beside the window, a table behind each chart", { skip }, async () => {
  for (const tab of ["classes", "families", "fates", "verdicts"]) {
    const { page, done } = await opened(browser, { hash: `#tab=${tab}`, width: 400 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400, tab);
    const lefts = await page.locator("main > *").evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().left));
    assert.equal(new Set(lefts).size, 1, tab);
    assert.ok((await page.locator("#middle figure").count()) >= 1, tab);
    assert.ok((await page.locator("#middle table tbody tr").count()) >= 1, tab);
    await done();
  }
});
