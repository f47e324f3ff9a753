// A month closes, and a manager opens its report: the same figures on screen, on paper and for programs.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { hydrated, onPage } from "../lib/browser.mjs";
import { startServer } from "../lib/demo.mjs";
import { makePeople, signIn } from "../lib/people.mjs";
import { until } from "../lib/wait.mjs";

const LIMIT = { timeout: 180_000 };
const PASSWORD = "a signal at clear is green";
/** Requests of that month, and how many of them failed. */
const REQUESTS = 400;
const FAILED = 8;

/** The first moment of the last month that can be closed, UTC, and its name in addresses: a month closes a day after its end. */
function lastMonth() {
  const now = new Date();
  const back = now.getUTCDate() === 1 ? 2 : 1;
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
  return { first, label: first.toISOString().slice(0, 7) };
}

/** Requests of a service in the middle of a month, a minute apart. */
async function send(server, first) {
  const begin = BigInt(first.getTime()) + 10n * 86_400_000n;
  const spans = Array.from({ length: REQUESTS }, (_, at) => {
    const start = (begin + BigInt(at) * 60_000n) * 1_000_000n;
    return {
      traceId: randomBytes(16).toString("hex"),
      spanId: randomBytes(8).toString("hex"),
      name: "GET /basket",
      kind: 2,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 20_000_000n),
      status: at % (REQUESTS / FAILED) === 7 ? { code: 2, message: "no basket" } : {},
    };
  });
  const text = (key, value) => ({ key, value: { stringValue: value } });
  const resource = { attributes: [text("service.name", "basket"), text("service.version", "1.0.0")] };
  const answer = await fetch(`${server.otlp}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: {}, spans }] }] }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

export function journeys(world) {
  describe("reports and contracts", () => {
    let server;
    const { first, label } = lastMonth();
    before(async () => {
      server = await startServer(() => ["--retention", "90d", "--anonymous", "viewer"]);
      await makePeople(world.browser, server, { admin: "root", manager: "mona" }, PASSWORD);
      await send(server, first);
      await until("the service is known", async () =>
        (await fetch(`${server.url}/api/v1/services/basket?range=90d`)).ok);
    }, { timeout: 180_000 });
    after(() => server?.stop());

    const as = (name, options, path, story) =>
      onPage(world.browser, server.url, options, async (page) => {
        await signIn(page, { name, password: PASSWORD }, path);
        if (options.javaScriptEnabled !== false) await hydrated(page);
        await story(page);
      });

    test("an objective is promised, and a contract on it from last month on", LIMIT, () =>
      as("root", {}, "/slos/new", async (page) => {
        await page.getByLabel("Service", { exact: true }).fill("basket");
        await page.getByLabel("Target, %").fill("99");
        await page.getByLabel("Window", { exact: true }).selectOption("90d");
        await page.getByLabel("Name (used in URLs)").fill("basket-works");
        await page.getByLabel("Reason").fill("the first promise");
        await page.getByRole("button", { name: "Create SLO" }).click();
        await page.waitForURL((url) => url.pathname === "/slos/basket-works");

        await page.goto("/slas");
        await hydrated(page);
        await page.getByRole("link", { name: "New SLA" }).click();
        await page.getByLabel("Customer or team").fill("ACME");
        await page.getByLabel("Name (used in URLs)").fill("acme");
        await page.getByLabel("SLOs, one per line").fill("basket-works 99");
        await page.getByLabel("First day").fill(`${label}-01`);
        await page.getByLabel("Tiers from the mildest").fill("99 10\n97 25 review");
        await page.getByLabel("Reason").fill("what sales agreed");
        await page.getByLabel("Amount per period").fill("1200 EUR");
        await page.getByRole("button", { name: "Create SLA" }).click();
        await page.waitForURL((url) => url.pathname === "/slas/acme");
        await page.getByText("ACME is promised 99 % of basket-works each month").waitFor();
      }));

    test("the month closes: 8 of 400 failed, so a tenth of the amount is credited", LIMIT, async () => {
      await until("the report is closed", async () => {
        const answer = await fetch(`${server.url}/api/v1/reports/${label}`);
        return answer.ok && (await answer.json()).head.state === "closed";
      }, { seconds: 90 });
      await as("mona", { javaScriptEnabled: false }, "/slas/acme", async (page) => {
        const row = page.getByRole("row").filter({ hasText: label });
        const text = await row.innerText();
        assert.match(text, /missed/);
        assert.match(text, /basket-works 98 %/);
        assert.match(text, /8 bad of 400/);
        assert.match(text, /120\.00 EUR/);
      });
    });

    for (const javaScriptEnabled of [true, false]) {
      const mode = javaScriptEnabled ? "with JavaScript" : "JavaScript off";
      test(`a manager opens the report of the month (${mode})`, LIMIT, () =>
        as("mona", { javaScriptEnabled }, "/reports", async (page) => {
          assert.match(await page.locator("main .answer").innerText(), /is the latest closed period: 0 of 1 SLO was met\./);
          await page.locator(`a[href="/reports/${label}"]`).first().click();
          await page.getByText("These figures are final.").waitFor();
          const text = await page.locator(".report").innerText();
          assert.match(text, /basket-works/);
          assert.match(text, /98/);
          assert.match(text, /ACME/);
          assert.match(text, /120\.00 EUR/);
        }));
    }

    test("on paper it is a page of A4 with all of it, and the link keeps its figures", LIMIT, () =>
      as("mona", {}, `/reports/${label}`, async (page) => {
        await page.getByRole("button", { name: "Print" }).waitFor();
        const before = await page.locator(".report").innerText();
        const pdf = await page.pdf({ preferCSSPageSize: true, path: process.env.POINTSMAN_REPORT_PDF });
        assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
        // A4 in points, as Chromium writes it.
        assert.match(pdf.toString("latin1"), /\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
        await page.emulateMedia({ media: "print" });
        for (const hidden of [".side", ".top", ".no-print"]) {
          assert.equal(await page.locator(hidden).first().isVisible(), false, `${hidden} is not printed`);
        }
        await page.emulateMedia({ media: "screen" });
        await send(server, new Date(first.getTime() + 86_400_000));
        await until("what came late is counted", async () => {
          const slo = await (await fetch(`${server.url}/api/v1/slos/basket-works`)).json();
          return slo.status.measure.count.total === 2 * REQUESTS;
        }, { seconds: 60 });
        await page.reload();
        await hydrated(page);
        await page.getByRole("button", { name: "Print" }).waitFor();
        assert.equal(await page.locator(".report").innerText(), before, "a closed report stays as it is");
      }));

    test("a correction is another record, and the first one stays", LIMIT, () =>
      as("mona", {}, "/slas/acme", async (page) => {
        await page.locator("summary").filter({ hasText: "Correct record" }).click();
        const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Correct record" }) });
        await form.getByLabel("Reason").fill("half of it came late");
        await form.getByRole("button", { name: "Correct record" }).click();
        await page.getByText("record 2: half of it came late").waitFor();
        assert.match(await page.locator("main").innerText(), /16 bad of 800/);
        assert.match(await page.locator("main").innerText(), /8 bad of 400/);
      }));
  });
}
