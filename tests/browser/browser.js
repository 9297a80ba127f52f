// A page in a browser, with everything noted that it should not do.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/// A folder of pages: small.html, big.html, hostile.html, empty.html, and any others.
export const folder = resolve(process.env.SPAWNCHECK_PAGES ?? "pages");
export const pages = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
export const file = (name) => join(folder, name);

/// Chromium's sandbox does not work for root, which CI containers run as.
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });

/// Calls `look` with the page, and then sees to it that it was quiet, but for what is `expected`.
export async function visit(browser, name, look, { hash = "", expected = /^$/, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const noises = [];
  page.on("console", (message) => noises.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => noises.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { noises.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  const url = pathToFileURL(file(name)).href;
  page.on("request", (request) => {
    const target = request.url().split("#")[0];
    if (target !== url && !target.startsWith("data:")) noises.push(`request: ${target.slice(0, 200)}`);
  });
  try {
    await page.goto(url + hash);
    await look(page, context);
    if (options.javaScriptEnabled !== false) assert.equal(await page.evaluate(() => window.__pwned), undefined);
    assert.deepEqual(noises.filter((noise) => !expected.test(noise)), []);
  } finally {
    await context.close();
  }
}

export const ready = (page) =>
  page.waitForFunction(() => performance.getEntriesByName("spawncheck-ready").length === 1);

/// The text of each element that is shown.
export const shown = (page, selector) => page.locator(`${selector}:visible`).allTextContents();
