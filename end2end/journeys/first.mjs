// The first minute: an empty console says how to send the first span, and shows it when it comes.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { startEmpty } from "../lib/demo.mjs";
import { hydratedJourney, inBothModes, onlyByStream } from "../lib/modes.mjs";

export function journeys(world) {
  describe("with nothing received yet", () => {
    const empty = { get browser() { return world.browser; } };
    before(async () => { empty.demo = await startEmpty(); }, { timeout: 150_000 });
    after(() => empty.demo?.stop());

    for (const path of ["/", "/topology", "/traces", "/logs"]) {
      inBothModes(empty, `${path} says how to send the first span`, path, async (page) => {
        await page.getByRole("heading", { name: "No telemetry received yet" }).waitFor();
        assert.ok((await page.locator("main").innerText()).includes("OTEL_EXPORTER_OTLP_ENDPOINT"));
      });
    }

    hydratedJourney(empty, "the first span shows by itself", "/", async (page) => {
      await page.getByRole("heading", { name: "No telemetry received yet" }).waitFor();
      await empty.demo.send("hello", "GET /");
      await page.getByRole("link", { name: "hello", exact: true }).waitFor();
    }, onlyByStream);
  });
}
