// The log search, and the way from a record to its trace.

import assert from "node:assert/strict";

import { inBothModes } from "../lib/modes.mjs";

export function journeys(world) {
  inBothModes(world, "records are found by service and severity, by form", "/logs", async (page) => {
    const form = page.getByRole("form", { name: "Search logs" });
    await form.getByLabel("Service").fill("checkout");
    await form.getByLabel("Severity").selectOption("INFO");
    await form.getByRole("button", { name: "Search" }).click();
    await page.waitForURL((url) => url.searchParams.get("service") === "checkout" && url.searchParams.get("severity") === "INFO");
    await page.locator("main").getByText("checkout").first().waitFor();
  });

  inBothModes(world, "a record leads to its trace", "/logs?service=checkout", async (page) => {
    const link = page.locator('main a[href^="/traces/"]').first();
    await link.waitFor({ state: "attached" });
    const path = new URL(await link.getAttribute("href"), world.demo.url).pathname;
    assert.match(path, /^\/traces\/[0-9a-f]{32}$/);
    await page.goto(await link.getAttribute("href"));
    await page.locator("main").getByText("checkout").first().waitFor();
  });
}
