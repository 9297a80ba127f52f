// Ten thousand tests and five hundred findings.

import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { launch, ready, shown, visit } from "./browser.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/// What the browser's main thread had to do so far, in milliseconds: unlike the time, the same on a busy machine.
async function work(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value * 1e3;
}

test("ten thousand tests", () => visit(browser, "big.html", async (page, context) => {
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.reload();
  await ready(page);
  const time = await page.evaluate(() => performance.getEntriesByName("spawncheck-ready")[0].startTime);
  const atFirst = await work(session);
  console.log(`interactive after ${time.toFixed(0)} ms, of which ${atFirst.toFixed(0)} ms work (the bar is 1000 ms)`);
  assert.ok(time < 30_000);

  assert.equal(await page.locator("#found").innerText(), "500 findings, 10,000 tests");
  const few = await page.locator("#grid tbody tr").count();
  assert.ok(few < 100, `${few} rows are elements`);

  assert.equal(await page.locator("#rest > summary").innerText(), "… 450 more findings");
  assert.equal(await page.locator("#s50").isVisible(), false);

  const begin = Date.now();
  await page.fill("#query", "module_12::");
  await page.locator("#found", { hasText: "of 500 findings" }).waitFor();
  console.log(`filtered after ${Date.now() - begin} ms, of which ${(await work(session) - atFirst).toFixed(0)} ms work`);
  const names = await shown(page, "#stories .test .name");
  assert.ok(names.length > 1 && names.every((name) => name.startsWith("module_12::")), names.join());
  // Its picture comes out of the closed list.
  assert.equal(await page.locator(".flow:visible").count(), 1);
  await page.focus("#query");
  await page.keyboard.press("Escape");

  // To the last row, of which nothing was laid out before.
  await page.focus("#grid");
  await page.keyboard.press("End");
  assert.equal(await page.locator("#grid").getAttribute("aria-activedescendant"), "row9999");
  assert.ok(await page.locator("#row9999").isVisible());
  assert.equal(await page.locator("#row9999").getAttribute("aria-rowindex"), "10002");

  await page.locator("#s499 > summary").click();
  assert.ok(await page.locator("#s499 .facts").isVisible());
}));
