// The pages that `make test-explorer` made, read by Node and opened in Chromium.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

import { readData } from "../src/data.js";

const here = dirname(fileURLToPath(import.meta.url));
const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const executablePath = BROWSERS.find((path) => path && existsSync(path));
export const skip = executablePath ? false : "no Chromium: install it (apt-get install chromium), or name one in CHROMIUM";

export function pathOf(name) {
  return join(here, "../pages", name);
}

/** The data in a page, as the page reads them. */
export function dataOf(name) {
  const text = readFileSync(pathOf(name), "utf8");
  return readData(JSON.parse(text.match(/<script type="application\/json" id="data">(.*?)<\/script>/s)[1]));
}

/**
 * A page at a place, in a window of a width, and `done`, which fails if the page asked for anything
 * but itself, or wrote to the console.
 */
export async function opened(browser, { name = "quick.html", hash = "", width = 1400 } = {}) {
  const address = pathToFileURL(pathOf(name)).href;
  const context = await browser.newContext({ viewport: { width, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const faults = [];
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => request.url().split("#")[0] !== address && faults.push(`request: ${request.url()}`));
  await page.goto(address + hash);
  await page.waitForSelector("#middle > *");
  const done = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, done };
}

export function launch() {
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
