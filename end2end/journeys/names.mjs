// Services with odd names: each page opens from the list, its address survives a reload, and no name pushes the page out of its width.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { startEmpty } from "../lib/demo.mjs";
import { hydratedJourney, inBothModes } from "../lib/modes.mjs";
import { until } from "../lib/wait.mjs";

/** Names with how they are shown. */
const ODD = [
  ["50%25", "50%25"],
  ["a\\b", "a\\b"],
  ["..", ".."],
  ["a/b c", "a/b c"],
  [" d10 ", "␣d10␣"],
  ["pay-\u202eexe.gnp", "pay-[U+202E]exe.gnp"],
];
const LONG = "w".repeat(500);

/** The name as it stands in an address. */
function segment(name) {
  const bytes = [...Buffer.from(name)];
  const dots = bytes.every((byte) => byte === 0x2e);
  const plain = (byte) => /[A-Za-z0-9_:-]/.test(String.fromCharCode(byte)) || (byte === 0x2e && !dots);
  return bytes.map((byte) => (plain(byte) ? String.fromCharCode(byte) : `~${byte.toString(16).toUpperCase().padStart(2, "0")}`)).join("");
}

export function journeys(world) {
  describe("with odd names", () => {
    const odd = { get browser() { return world.browser; } };
    let trace;
    before(async () => {
      odd.demo = await startEmpty();
      for (const [name] of ODD) await odd.demo.send(name, "GET /");
      trace = await odd.demo.send(LONG, LONG, { [LONG]: LONG });
      await until("all are listed", async () => {
        const html = await (await fetch(`${odd.demo.url}/`)).text();
        return [LONG, ...ODD.map(([name]) => name)].every((name) => html.includes(`/services/${segment(name)}`));
      }, { seconds: 60 });
    }, { timeout: 240_000 });
    after(() => odd.demo?.stop());

    for (const [name, shown] of ODD) {
      hydratedJourney(odd, `the page of ${JSON.stringify(name)} opens from the overview and again`, "/?range=15m", async (page) => {
        const heading = page.getByRole("heading", { level: 1 });
        const there = async () => {
          await until("its page is shown", async () => (await heading.innerText()).trim() === shown);
          assert.equal(new URL(page.url()).pathname, `/services/${segment(name)}`);
        };
        await page.locator(`a[href^="/services/${segment(name)}?"]`).first().click();
        await there();
        await page.reload();
        await there();
        // A link on the page itself keeps the address, too.
        await page.getByRole("columnheader", { name: "Rate" }).first().getByRole("link").click();
        await page.waitForURL(/sort=rate/);
        await there();
        await page.goBack();
        await there();
        await page.getByRole("link", { name: "Traces", exact: true }).and(page.locator("main a")).first().click();
        await page.waitForURL((url) => url.pathname === "/traces");
        await page.locator(".traces tbody tr").first().waitFor();
      });
    }

    for (const path of ["/", `/services/${LONG}`, "/topology", "/topology?view=table", "/traces", "/logs", () => `/traces/${trace}`]) {
      inBothModes(odd, `a name of 500 letters keeps to the width of ${typeof path === "string" ? path.slice(0, 20) : "a trace"}`, "/", async (page) => {
        for (const width of [1440, 390]) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(typeof path === "string" ? path : path());
          await page.locator("main").waitFor();
          const reach = await page.locator(":root").evaluate((root) => root.scrollWidth);
          assert.ok(reach <= width, `${reach} of ${width} pixels`);
        }
      });
    }
  });
}
