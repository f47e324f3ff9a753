// The page of one service: how it is, on which nodes, who calls it, and what happened lately.

import assert from "node:assert/strict";

import { inBothModes } from "../lib/modes.mjs";

export function journeys(world) {
  inBothModes(world, "a service has charts, nodes, operations and neighbours", "/", async (page) => {
    await page.getByRole("region", { name: "Services" }).getByRole("link", { name: "payments", exact: true }).click();
    await page.waitForURL((url) => url.pathname === "/services/payments");
    await page.getByRole("heading", { name: "payments", level: 1 }).waitFor();

    const nodes = page.getByRole("region", { name: "Nodes" }).getByRole("table").first();
    for (const node of ["payments-1", "payments-2", "payments-3", "payments-4"]) {
      await nodes.getByRole("rowheader", { name: node, exact: true }).waitFor();
    }
    const main = page.locator("main");
    assert.ok((await main.locator("svg").count()) >= 3, "rate, errors and latency are drawn");
    await page.getByRole("region", { name: "Operations" }).getByRole("row").nth(1).waitFor();
    await main.getByRole("link", { name: "checkout" }).first().waitFor();
  });

  inBothModes(world, "a service leads to its traces and logs", "/services/checkout", async (page) => {
    await page.locator("main").getByRole("link", { name: "Traces", exact: true }).first().click();
    await page.waitForURL((url) => url.pathname === "/traces" && url.searchParams.get("service") === "checkout");
    await page.goBack();
    await page.locator("main").getByRole("link", { name: "Logs", exact: true }).first().click();
    await page.waitForURL((url) => url.pathname === "/logs" && url.searchParams.get("service") === "checkout");
  });

  inBothModes(world, "a time range is chosen by a link", "/services/checkout", async (page) => {
    await page.getByRole("button", { name: /Time range/ }).click();
    await page.getByRole("list", { name: "Common ranges" }).getByRole("link", { name: /5 min/ }).first().click();
    await page.waitForURL((url) => url.searchParams.get("range") === "5m" && url.pathname === "/services/checkout");
    await page.getByRole("heading", { name: "checkout", level: 1 }).waitFor();
  });
}
