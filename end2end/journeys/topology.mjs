// The topology: the graph, the same as a table, and the panel on what is chosen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SHOP } from "../lib/demo.mjs";
import { inBothModes } from "../lib/modes.mjs";

export function journeys(world) {
  inBothModes(world, "the graph draws every service, the database and the queue", "/topology?view=graph", async (page) => {
    const graph = page.getByRole("region", { name: "Topology graph" });
    await graph.waitFor();
    const drawn = await graph.innerText().catch(() => graph.textContent());
    const text = `${drawn} ${await graph.textContent()}`;
    for (const node of [...SHOP, "postgresql", "order-events"]) assert.ok(text.includes(node), `${node} is not drawn`);
  });

  test("a range that is not valid is told, although the topology has no form for it", async () => {
    const answer = await fetch(`${world.demo.url}/topology?range=soon`);
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /The time range is not valid/);
  });

  inBothModes(world, "the same edges stand in a table", "/topology?view=table", async (page) => {
    const edge = page.getByRole("row").filter({ hasText: "checkout" }).filter({ hasText: "payments" });
    await edge.first().waitFor();
    assert.equal(await page.getByRole("region", { name: "Topology graph" }).count(), 0);
  });

  inBothModes(world, "a node opens a panel with its neighbours and the ways deeper", "/topology?view=graph", async (page) => {
    const graph = page.getByRole("region", { name: "Topology graph" });
    await graph.locator("a").filter({ hasText: "checkout" }).first().click();
    const panel = page.getByRole("complementary", { name: "Selection" });
    await panel.getByRole("heading", { name: "checkout" }).waitFor();
    assert.match(page.url(), /selected=/);
    await panel.getByRole("link", { name: "payments", exact: true }).click();
    await panel.getByRole("link", { name: "Traces of this edge" }).click();
    await page.waitForURL((url) => url.pathname === "/traces" && url.searchParams.get("calls") === "payments");
    await page.getByRole("table").getByRole("row").nth(1).waitFor();
  });
}
