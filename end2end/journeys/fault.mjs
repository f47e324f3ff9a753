// A node becomes slow and fails: the overview names it, and leads to the traces and logs that show why.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { hydratedJourney, inBothModes } from "../lib/modes.mjs";
import { until } from "../lib/wait.mjs";

export function journeys(world) {
  describe("while payments-4 is at fault", () => {
    before(async () => {
      await world.demo.fault("on");
      await until(
        "the overview says that payments needs attention",
        async () => {
          const html = await (await fetch(`${world.demo.url}/?range=5m`)).text();
          return html.includes("Needs attention") && html.includes("payments-4");
        },
        { seconds: 90, every: 1000 },
      );
    }, { timeout: 120_000 });
    after(() => world.demo.fault("off"));

    inBothModes(world, "the overview names service and node, and leads to traces", "/?range=5m", async (page) => {
      const attention = page.getByRole("region", { name: "Needs attention" });
      const entry = attention.getByRole("listitem").filter({ hasText: "payments-4" }).first();
      await entry.waitFor();
      assert.match(await entry.innerText(), /degraded|failing/i);
      await entry.getByRole("link", { name: /traces/i }).click();
      await page.waitForURL((url) => url.pathname === "/traces");
      await page.getByRole("table").locator("tbody").getByRole("row").first().waitFor();
    });

    inBothModes(world, "the service says what failed on the node, with example traces", "/services/payments?range=5m", async (page) => {
      const nodes = page.getByRole("region", { name: "Nodes" });
      await nodes.getByRole("row").filter({ hasText: "payments-4" }).filter({ hasText: /degraded|failing/i }).first().waitFor();
      const example = nodes.getByRole("link", { name: "Trace 1" }).first();
      await example.waitFor();
      await page.goto(await example.getAttribute("href"));
      await page.locator("main").getByText("payments").first().waitFor();
    });

    hydratedJourney(world, "the logs of the service tell errors", "/logs?service=payments&severity=ERROR&range=5m", async (page) => {
      await page.locator('main a[href^="/traces/"]').first().waitFor({ state: "attached" });
    });
  });
}
