// Pictures for people, where SPAWNCHECK_SCREENSHOTS names a folder.

import { test, before, after } from "node:test";
import { join } from "node:path";
import { launch, ready, visit } from "./browser.js";

const out = process.env.SPAWNCHECK_SCREENSHOTS;
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const views = [
  ["light", "small.html", {}],
  ["dark", "small.html", { colorScheme: "dark", hash: "#story=s1" }],
  ["worker", "small.html", { hash: "#story=s0" }],
  ["narrow", "small.html", { viewport: { width: 390, height: 2400 } }],
  ["big", "big.html", { hash: "#query=module_12::" }],
  ["hostile", "hostile.html", {}],
];

for (const [title, name, options] of views) {
  test(`picture: ${title}`, { skip: !out && "SPAWNCHECK_SCREENSHOTS is not set" }, () =>
    visit(browser, name, async (page) => {
      await ready(page);
      await page.screenshot({ path: join(out, `${title}.png`) });
    }, options));
}

test("picture: graph, table", { skip: !out && "SPAWNCHECK_SCREENSHOTS is not set" }, () =>
  visit(browser, "small.html", async (page) => {
    await ready(page);
    await page.locator("#picture").screenshot({ path: join(out, "graph.png") });
    await page.focus("#grid");
    await page.keyboard.press("PageDown");
    await page.locator("#tests").screenshot({ path: join(out, "table.png") });
  }, { viewport: { width: 1280, height: 1800 } }));
