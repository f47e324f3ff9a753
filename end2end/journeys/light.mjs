// What a page loads, and what becomes of it where a part does not come.

import assert from "node:assert/strict";
import { test } from "node:test";

import { hydrated, onPage } from "../lib/browser.mjs";
import { hydratedJourney } from "../lib/modes.mjs";

const LIMIT = { timeout: 120_000 };

/** The names of the scripts and modules that a page asks for, from now on. */
function loaded(page) {
  const names = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (/\.(js|wasm|area)$/.test(pathname)) names.push(pathname.split("/").at(-1));
  });
  return names;
}

const mark = (page) => page.evaluate(() => { globalThis.kept = true; });
const isMarked = (page) => page.evaluate(() => globalThis.kept === true);
const link = (page, name) => page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true });

/** A page of its own, which may complain: something is kept from it on purpose. */
async function deprived(world, story) {
  const context = await world.browser.newContext({ baseURL: world.demo.url });
  context.setDefaultTimeout(30_000);
  try {
    await story(await context.newPage());
  } finally {
    await context.close();
  }
}

export function journeys(world) {
  test("an area's code comes when the area is opened, into the page that is open", LIMIT, () =>
    onPage(world.browser, world.demo.url, {}, async (page) => {
      const names = loaded(page);
      await page.goto("/");
      await hydrated(page);
      assert.ok(names.includes("overview.area"), `loaded were ${names}`);
      assert.ok(!names.includes("logs.area"), "the logs' code came with the overview");
      await mark(page);
      await link(page, "Logs").click();
      await page.getByRole("heading", { name: "Logs", level: 1 }).waitFor();
      assert.ok(names.includes("logs.area"));
      assert.ok(await isMarked(page), "the page was loaded anew");
    }));

  test("a document loads no code, and does by itself what it can", LIMIT, () =>
    onPage(world.browser, world.demo.url, {}, async (page) => {
      const names = loaded(page);
      await page.goto("/reports");
      await hydrated(page);
      assert.deepEqual(names, []);
      await page.keyboard.press("Control+K");
      assert.equal(await page.evaluate(() => document.activeElement.id), "jump");
      await page.keyboard.type("to");
      assert.deepEqual(await page.getByRole("option").allInnerTexts(), ["Topology"]);
      await page.keyboard.press("Escape");
      const theme = () => page.locator("html").getAttribute("data-theme");
      const button = page.getByRole("button", { name: "Switch between light and dark" });
      await button.click();
      const first = await theme();
      await button.click();
      assert.deepEqual([first, await theme()].sort(), ["dark", "light"]);
      await link(page, "Overview").click();
      await page.waitForURL((url) => url.pathname === "/");
      await hydrated(page);
      assert.equal(await theme(), first === "dark" ? "light" : "dark");
    }));

  hydratedJourney(world, "a link to a document opens it, and the way back leads back", "/?range=1h", async (page) => {
    await mark(page);
    await link(page, "Reports").click();
    await page.waitForURL((url) => url.pathname === "/reports" && url.searchParams.get("range") === "1h");
    await hydrated(page);
    assert.ok(!(await isMarked(page)), "it was shown in the page that was open");
    await page.goBack();
    await page.waitForURL((url) => url.pathname === "/");
    await hydrated(page);
  });

  // As in a tab that was open while the server was replaced by a newer one.
  test("where an area's code is gone, its address is opened anew", LIMIT, () =>
    deprived(world, async (page) => {
      await page.goto("/");
      await hydrated(page);
      await mark(page);
      await page.route("**/logs.area", (route) => route.fulfill({ status: 404, body: "" }), { times: 1 });
      await link(page, "Logs").click();
      await page.waitForURL((url) => url.pathname === "/logs");
      await page.getByRole("heading", { name: "Logs", level: 1 }).waitFor();
      await hydrated(page);
      assert.ok(!(await isMarked(page)), "the page was not loaded anew");
    }));

  test("a page whose code does not come says so and stays readable", LIMIT, () =>
    deprived(world, async (page) => {
      await page.route("**/logs.area", (route) => route.abort());
      await page.goto("/logs");
      await page.getByRole("alert").filter({ hasText: "A part of this page did not load" }).waitFor();
      await page.getByRole("heading", { name: "Logs", level: 1 }).waitFor();
      assert.equal(await page.locator(".frame[data-ready]").count(), 0);
    }));

  test("files are kept by their content, compressed, and those of another build are gone", LIMIT, async () => {
    const html = await (await fetch(`${world.demo.url}/`)).text();
    const [path] = /\/pkg\/[0-9a-f]{16}\/pointsman_bg\.wasm/.exec(html);
    for (const coding of ["br", "gzip"]) {
      const answer = await fetch(world.demo.url + path, { headers: { "accept-encoding": coding } });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("content-encoding"), coding);
      assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
      assert.equal(answer.headers.get("content-type"), "application/wasm");
      await answer.arrayBuffer();
    }
    const gone = await fetch(world.demo.url + path.replace(/[0-9a-f]{16}/, "0123456789abcdef"));
    assert.equal(gone.status, 404);
    assert.ok(!/public/.test(gone.headers.get("cache-control")));
  });
}
