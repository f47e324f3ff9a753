// The overview: every service with its figures, and the way on.

import assert from "node:assert/strict";

import { SHOP } from "../lib/demo.mjs";
import { inBothModes } from "../lib/modes.mjs";

export function journeys(world) {
  inBothModes(world, "the overview names every service with its figures", "/", async (page) => {
    assert.match(await page.title(), /Overview/);
    const table = page.getByRole("region", { name: "Services" }).getByRole("table");
    for (const service of SHOP) {
      const row = table.getByRole("row").filter({ has: page.getByRole("link", { name: service, exact: true }) });
      await row.waitFor();
      assert.match(await row.innerText(), /healthy|degraded|failing/i, `${service} has no state`);
      assert.match(await row.innerText(), /\d(\.\d+)?\s?(ms|µs|s)\b/, `${service} has no latency`);
    }
    const payments = table.getByRole("row").filter({ has: page.getByRole("link", { name: "payments", exact: true }) });
    for (const version of ["1.4.0", "2.0.0"]) assert.ok((await payments.innerText()).includes(version));
  });

  inBothModes(world, "the overview sorts by a column, in the URL", "/", async (page) => {
    const table = page.getByRole("region", { name: "Services" }).getByRole("table");
    await table.getByRole("columnheader", { name: "Service" }).getByRole("link").click();
    await page.waitForURL(/name/);
    const names = await table.getByRole("rowheader").allInnerTexts();
    const sorted = [...names].sort();
    assert.ok([sorted.join(), sorted.reverse().join()].includes(names.join()), `not by name: ${names.join(", ")}`);
  });

  inBothModes(world, "the navigation leads to every page and keeps the range", "/?range=15m", async (page) => {
    const pages = page.getByRole("navigation", { name: "Pages" });
    for (const [name, path] of [["Topology", "/topology"], ["Traces", "/traces"], ["Logs", "/logs"], ["Overview", "/"]]) {
      await pages.getByRole("link", { name }).click();
      await page.waitForURL((url) => url.pathname === path && url.searchParams.get("range") === "15m");
      await page.getByRole("heading", { name, level: 1 }).waitFor({ state: "attached" });
    }
  });
}
