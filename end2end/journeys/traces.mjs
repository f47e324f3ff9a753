// The trace search, by URL and by form, and the page of one trace.

import assert from "node:assert/strict";

import { hydratedJourney, inBothModes } from "../lib/modes.mjs";
import { until } from "../lib/wait.mjs";

export function journeys(world) {
  const rows = (page) => page.getByRole("table").locator("tbody").getByRole("row");

  inBothModes(world, "traces are found without naming a service, newest first", "/traces", async (page) => {
    await rows(page).nth(5).waitFor();
    const began = await rows(page).locator("time").evaluateAll((times) => times.map((time) => time.title || time.dateTime));
    assert.deepEqual(began, [...began].sort().reverse());
  });

  inBothModes(world, "the form searches by service, attribute, word and duration", "/traces", async (page) => {
    const form = page.getByRole("form", { name: "Search traces" });
    await form.getByLabel("Service").fill("storefront");
    await form.getByLabel("At least").fill("1us");
    await form.getByRole("button", { name: "Search" }).click();
    await page.waitForURL((url) => url.searchParams.get("service") === "storefront" && url.searchParams.get("min") === "1us");
    // The URL changes first, what was found follows.
    await until("every trace that is found passes through the storefront", async () => {
      const texts = await rows(page).allInnerTexts();
      return texts.length > 0 && texts.every((text) => text.includes("storefront"));
    });
  });

  inBothModes(world, "a filter that nothing meets says what to do", "/traces?q=nosuchwordanywhere", async (page) => {
    await page.getByRole("heading", { name: "No trace meets all of these filters" }).waitFor();
    await page.getByRole("link", { name: "search without any" }).click();
    await rows(page).first().waitFor();
  });

  inBothModes(world, "a mistake is told at its field", "/traces?min=soon", async (page) => {
    const field = page.getByLabel("At least");
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(await field.inputValue(), "soon");
  });

  hydratedJourney(world, "an attribute finds the one trace that has it", "/traces", async (page) => {
    const mark = `mark-${Date.now()}`;
    const id = await world.demo.send("probe", "GET /marked", { "order.mark": mark });
    await until("the marked trace is found", async () => {
      await page.goto(`/traces?q=order.mark%3D${mark}`);
      return (await rows(page).count()) === 1;
    });
    await rows(page).getByRole("link").first().click();
    await page.waitForURL((url) => url.pathname === `/traces/${id}`);
    await page.getByText(mark).first().waitFor({ state: "attached" });
  });

  inBothModes(world, "a trace shows its waterfall and the detail of a span", "/traces?service=checkout", async (page) => {
    await rows(page).getByRole("link").first().click();
    await page.waitForURL((url) => /^\/traces\/[0-9a-f]{32}$/.test(url.pathname));
    const main = page.locator("main");
    for (const service of ["checkout", "payments"]) await main.getByText(service).first().waitFor();
  });
}
