// What a reader does with a page of two platforms and thirty findings.

import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { launch, ready, shown, visit } from "./browser.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const small = (title, look, options) =>
  test(title, () => visit(browser, "small.html", async (page, context) => { await ready(page); await look(page, context); }, options));

const found = (page) => page.locator("#found").innerText();
const heads = (page) => shown(page, "#stories .test .name");
const rows = (page) => page.locator("#grid").getAttribute("aria-rowcount").then((count) => Number(count) - 2);
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.closest("[id]")?.id);

small("what it says at once", async (page) => {
  assert.equal(await page.locator("h1").innerText(), "31 findings in 91 tests");
  assert.deepEqual(await page.locator(".numbers dd").allInnerTexts(), ["25", "5", "1", "1", "58"]);
  assert.match(await page.locator(".warnings").innerText(), /ends before its run did/);
  assert.equal(await found(page), "31 findings, 91 tests");
  assert.equal((await heads(page))[0], "quote");
});

small("the filter: words", async (page) => {
  await page.fill("#query", "currency report::");
  assert.deepEqual(await heads(page), ["report::prints_totals", "report::prints_header"]);
  assert.equal(await found(page), "2 of 31 findings, 2 of 91 tests");
  assert.equal(await page.locator(".flow:visible").count(), 1);
  await page.fill("#query", "no such thing");
  assert.equal(await found(page), "0 of 31 findings, 0 of 91 tests");
  assert.match(await page.locator("#grid tbody").innerText(), /No test matches/);
  await page.click("#reset");
  assert.equal(await found(page), "31 findings, 91 tests");
});

small("the filter: kinds", async (page) => {
  await page.check("[name=kind][value=brittle]");
  assert.deepEqual(await heads(page), ["rates::reload_keeps_order"]);
  await page.check("[name=kind][value=repeat]");
  assert.equal((await heads(page)).length, 2);
  assert.equal(await rows(page), 2);
});

small("the filter: platforms, and what differs", async (page) => {
  await page.check("[name=platform][value='0']");
  assert.ok(!(await heads(page)).includes("rates::reload_keeps_order"));
  assert.deepEqual(await page.locator("#grid th[colspan]").allInnerTexts(), ["linux x86_64"]);
  await page.uncheck("[name=platform][value='0']");
  await page.check("[name=platform][value='1']");
  assert.ok((await heads(page)).includes("rates::reload_keeps_order"));
  // One test did not run there.
  assert.equal(await rows(page), 90);
  await page.check("#differing");
  assert.equal(await rows(page), 31);
});

small("keys", async (page) => {
  await page.keyboard.press("/");
  assert.equal(await focused(page), "query");
  await page.keyboard.type("tax");
  assert.deepEqual(await heads(page), ["rates::tax_empty", "rates::tax_one"]);
  await page.keyboard.press("Escape");
  assert.equal(await found(page), "31 findings, 91 tests");
  await page.keyboard.press("Escape");
  assert.notEqual(await focused(page), "query");
  await page.focus("#s0 > summary");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "s1");
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("#s1 .facts").isVisible());
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator("#s1 .facts").isVisible()));
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(page), "s0");
});

small("keys in the table", async (page) => {
  await page.focus("#grid");
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  for (let steps = 0; steps < 2; steps += 1) await page.keyboard.press("ArrowDown");
  const active = await page.locator("#grid").getAttribute("aria-activedescendant");
  assert.equal(active, "row2");
  assert.match(await page.locator(`#${active}`).innerText(), /rates::bulk_empty/);
  assert.equal(await page.locator("[aria-selected=true]").count(), 1);
  await page.keyboard.press("Enter");
  assert.match(await page.locator(".story[open] .test").innerText(), /rates::bulk_empty/);
  assert.match(await focused(page), /^s\d+$/);
});

small("a focused element has a ring", async (page) => {
  for (const selector of ["#theme", "#query", "#s0 > summary", "#grid"]) {
    await page.keyboard.press("Tab");
    await page.focus(selector);
    const style = await page.locator(selector).evaluate((element) => getComputedStyle(element).outlineStyle);
    assert.equal(style, "solid", selector);
  }
});

small("the hash keeps what was chosen", async (page) => {
  await page.fill("#query", "tax");
  await page.check("[name=kind][value=victim]");
  await page.click("#stories .story:visible > summary");
  await page.waitForURL(/story=/);
  const { hash } = new URL(page.url());
  await page.goto("about:blank");
  await page.goBack();
  await ready(page);
  assert.equal(new URL(page.url()).hash, hash);
  assert.equal(await page.inputValue("#query"), "tax");
  assert.deepEqual(await heads(page), ["rates::tax_empty", "rates::tax_one"]);
  assert.equal(await page.locator(".story[open]").count(), 1);
});

small("a hash that makes no sense", async (page) => {
  assert.equal(await found(page), "31 findings, 91 tests");
}, { hash: "#kind=%ZZ&platform=99&platform=x&story=s9999&story=__proto__" });

small("a link to a finding", async (page) => {
  assert.ok(await page.locator("#s2 .facts").isVisible());
  await page.locator(".flow a", { hasText: "rates::tax_one" }).click();
  assert.match(await page.locator(".story[open] .test").last().innerText(), /rates::tax_one/);
  const [head, filter] = await page.evaluate(() => [
    document.activeElement.getBoundingClientRect().top, document.querySelector("#filter").getBoundingClientRect().bottom,
  ]);
  assert.ok(head >= filter, `${head} is below the filter, which ends at ${filter}`);
}, { hash: "#s2" });

small("the picture", async (page) => {
  const first = page.locator(".flow").first();
  assert.match(await first.innerText(), /admin::loads_rates[^]*pricing::rates::RATES[^]*victim 20 · brittle 1/);
  // One line to the static and one on, from edge to edge.
  const ends = await first.evaluate((flow) => {
    const columns = flow.querySelector(".columns").getBoundingClientRect();
    const boxes = [...flow.querySelectorAll(".box")].map((box) => box.getBoundingClientRect());
    const paths = [...flow.querySelectorAll("path")].map((path) => path.getBoundingClientRect());
    return { lines: paths.length, gap: Math.abs(paths[0].left - boxes[0].right), inside: paths.every((path) => path.right <= columns.right) };
  });
  assert.equal(ends.lines, 2);
  assert.ok(ends.gap < 6 && ends.inside, JSON.stringify(ends));
  await first.locator(".more > summary").click();
  assert.equal(await first.locator("a:visible").count(), 21);
});

small("the theme", async (page) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  assert.equal(await page.locator("#theme").innerText(), "Dark");
  await page.click("#theme");
  const dark = await paper();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await paper(), dark);
  assert.equal(await page.locator("#theme").innerText(), "Light");
});

small("the command is copied", async (page, context) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("#s1 > summary");
  await page.click("#s1 .copy");
  await page.locator("#s1 .copy", { hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "cargo spawncheck replay rates::default_empty");
});

small("the policy stops a script of anybody else", async (page) => {
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.__ran = true";
    document.body.append(script);
    return Boolean(window.__ran);
  });
  assert.equal(ran, false);
}, { expected: /Executing inline script violates/ });
