// What holds for any page, whatever it shows.

import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";
import { file, launch, pages, ready, visit } from "./browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const validator = new HtmlValidate({
  extends: ["html-validate:standard", "html-validate:a11y"],
  rules: {
    // Titles say how many findings there are; and the summary's heading does.
    "long-title": "off",
    // Characters such as `>` are text there.
    "no-raw-characters": "off",
    // A group that scrolls is no landmark.
    "prefer-native-element": "off",
    // Lists may have names.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
  },
});

/// axe runs in the page, which allows no script but its own; so it comes in by the debugger.
async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`);
}

for (const name of pages) {
  const large = readFileSync(file(name)).length > 1 << 20;

  test(`${name}: quiet, alone, inert`, async () => {
    await visit(browser, name, async (page) => {
      await ready(page);
      // Everything is opened once, so that all of it is laid out and nothing can hide.
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      await page.waitForTimeout(200);
      assert.equal(await page.locator("h1").count(), 1);
      assert.equal(await page.locator("script").count(), 2);
      assert.equal(await page.locator("img, iframe, object, embed, form, base").count(), 0);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(width, 0, "the page is wider than the window");
    });
  });

  test(`${name}: under 5 MiB`, () => {
    const bytes = readFileSync(file(name)).length;
    console.log(`${name}: ${(bytes / (1 << 20)).toFixed(2)} MiB`);
    assert.ok(bytes < 5 << 20);
  });

  test(`${name}: narrow`, async () => {
    await visit(browser, name, async (page) => {
      await ready(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(width, 0, "the page is wider than the screen");
    }, { viewport: { width: 360, height: 740 } });
  });

  test(`${name}: without scripts`, async () => {
    await visit(browser, name, async (page) => {
      assert.equal(await page.locator("#filter").isVisible(), false);
      assert.match(await page.locator("#tests").innerText(), /needs JavaScript/);
    }, { javaScriptEnabled: false });
  });

  test(`${name}: valid HTML`, { skip: large && "the same elements as in the others, many times" }, async () => {
    const report = await validator.validateString(readFileSync(file(name), "utf8"));
    const messages = report.results.flatMap((result) => result.messages);
    assert.deepEqual(messages.slice(0, 10).map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`), []);
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`${name}: accessible, ${colorScheme}`, { skip: large && "the same elements as in the others, many times" }, async () => {
      await visit(browser, name, async (page) => {
        await ready(page);
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
        assert.deepEqual(await violations(page), []);
      }, { colorScheme });
    });
  }
}
