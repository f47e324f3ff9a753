// Somebody promises something of a service, tries it on the recorded past, and is called when it breaks.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { hydrated, onPage } from "../lib/browser.mjs";
import { inBothModes } from "../lib/modes.mjs";
import { inBothModesAs, signIn, unfold } from "../lib/people.mjs";
import { Receiver } from "../lib/receiver.mjs";
import { until } from "../lib/wait.mjs";

const LIMIT = { timeout: 240_000 };
const NAME = "payments-now";

export function journeys(world) {
  describe("objectives", () => {
    let receiver;
    before(async () => {
      receiver = await Receiver.start();
      // A slice counts once its minute is over, and so does a minute of a backtest.
      await until("the shop's objectives have figures", async () => {
        const slos = await (await fetch(`${world.demo.url}/api/v1/slos`)).json();
        return slos.length >= 5 && slos.every((slo) => slo.status?.compliance != null);
      }, { seconds: 150, every: 1000 });
    }, { timeout: 180_000 });
    after(async () => {
      await world.demo.fault("off");
      await receiver?.stop();
    });

    inBothModes(world, "the list says how each stands, and can be narrowed", "/slos", async (page) => {
      assert.match(await page.locator("main .answer").first().innerText(), /^\d+ SLOs, /);
      const row = page.getByRole("row").filter({ hasText: "Checkout is fast" });
      assert.match(await row.innerText(), /99 % of requests to checkout within 300 ms, over 7 days/);
      await page.goto("/slos?team=payments-team");
      await page.getByRole("link", { name: "Payments work" }).waitFor();
      assert.equal(await page.getByRole("link", { name: "Checkout is fast" }).count(), 0);
    });

    inBothModes(world, "an objective says what its figures are made of", "/slos/checkout-fast", async (page) => {
      await page.getByRole("heading", { name: "Checkout is fast", level: 1 }).waitFor();
      for (const part of ["Budget over time", "Burn rate", "Alerts", "Where the budget went", "Bad events", "Exclusions", "Details"]) {
        await page.getByRole("heading", { name: part, exact: true }).waitFor();
      }
      const good = page.locator(".figure").filter({ hasText: "Good" }).first();
      assert.match(await good.innerText(), /95 % confidence/);
      assert.equal(await page.getByRole("link", { name: "Edit", exact: true }).count(), 0, "nobody changes it without an account");
    });

    inBothModes(world, "alerts have a history", "/alerts", async (page) => {
      await page.getByRole("heading", { name: "History" }).waitFor();
    });

    test("an admin says where alerts are sent", LIMIT, () =>
      onPage(world.browser, world.demo.url, {}, async (page) => {
        await signIn(page, world.demo.account("admin"), "/alerts/channels");
        await hydrated(page);
        const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Create channel" }) });
        await form.getByLabel("Name", { exact: true }).fill("journeys");
        await form.getByLabel("URL").fill(receiver.url);
        await form.getByLabel("Secret").fill(receiver.secret);
        await form.getByLabel("Reason").fill("a receiver of the journeys");
        await form.getByRole("button", { name: "Create channel" }).click();
        await page.locator(".channel").filter({ hasText: "journeys" }).waitFor();
        assert.ok(!(await page.content()).includes(receiver.secret), "the secret does not come out");
      }));

    test("a draft is tried on the recorded past while one drags, and promised", LIMIT, () =>
      onPage(world.browser, world.demo.url, {}, async (page) => {
        await signIn(page, world.demo.account("engineer"), "/slos/new");
        await hydrated(page);
        await page.getByLabel("Service", { exact: true }).fill("payments");
        const answer = page.locator(".tried-answer");
        await answer.filter({ hasText: "recorded" }).waitFor();
        await page.getByLabel("Indicator").selectOption("latency");
        await page.getByLabel("Latency threshold").fill("soon");
        await page.getByText("`soon` is no duration").waitFor();
        await page.getByLabel("Latency threshold").fill("1ms");
        await answer.filter({ hasText: "budget exhausted" }).waitFor();
        await page.getByLabel("Indicator").selectOption("availability");
        const target = page.getByLabel("Target, %");
        await target.fill("99");
        const slider = page.getByRole("slider", { name: "Target" });
        for (let i = 0; i < 12; i += 1) await slider.press("ArrowRight");
        const dragged = await target.inputValue();
        assert.equal(dragged, "99.82");
        await page.locator(".tried-what").filter({ hasText: `${dragged} % of requests to payments` }).waitFor();
        await target.fill("99.9");
        await page.getByLabel("Window", { exact: true }).selectOption("7d");
        await page.getByLabel("Minimum events").fill("10");
        await page.getByLabel("Name (used in URLs)").fill(NAME);
        await page.getByLabel("Reason").fill("we are to be called");
        await page.getByRole("button", { name: "Create SLO" }).click();
        await page.waitForURL((url) => url.pathname === `/slos/${NAME}`);
        await page.getByRole("link", { name: "Edit", exact: true }).waitFor();
      }));

    test("without JavaScript a draft is tried by a button, and keeps its fields", LIMIT, () =>
      onPage(world.browser, world.demo.url, { javaScriptEnabled: false }, async (page) => {
        await signIn(page, world.demo.account("admin"), "/slos/new");
        await page.getByLabel("Service", { exact: true }).fill("cart");
        await page.getByLabel("Indicator").selectOption("latency");
        await page.getByLabel("Latency threshold").fill("2s");
        await page.getByRole("button", { name: "Run backtest" }).click();
        await page.locator(".tried-answer").filter({ hasText: "recorded" }).waitFor();
        assert.equal(await page.getByLabel("Latency threshold").inputValue(), "2s");
        await page.getByLabel("Target, %").fill("100");
        await page.getByRole("button", { name: "Run backtest" }).click();
        await page.getByText("at 100 % there is no budget").waitFor();
        await page.getByLabel("Target, %").fill("99.5");
        await page.getByLabel("Name (used in URLs)").fill("cart-by-hand");
        await page.getByLabel("Reason").fill("made without a script");
        await page.getByRole("button", { name: "Create SLO" }).click();
        await page.waitForURL((url) => url.pathname === "/slos/cart-by-hand");
        await unfold(page, "Add exclusion");
        const offer = page.locator("form").filter({ has: page.getByRole("button", { name: "Add exclusion" }) });
        const minute = (ms) => new Date(Math.floor((Date.now() + ms) / 60_000) * 60_000).toISOString();
        await offer.getByLabel("From").fill(minute(-120_000));
        await offer.getByLabel("To").fill(minute(0));
        await offer.getByLabel("Reason").fill("the database was moved");
        await offer.getByRole("button", { name: "Add exclusion" }).click();
        await page.getByRole("cell", { name: "the database was moved" }).waitFor();
        await unfold(page, "Delete SLO");
        const away = page.locator("form").filter({ has: page.getByRole("button", { name: "Delete SLO" }) });
        await away.getByLabel("Reason").fill("only a journey");
        await away.getByRole("button", { name: "Delete SLO" }).click();
        await page.waitForURL((url) => url.pathname === "/slos");
      }));

    test("the service breaks, somebody is called, and says that they look at it", LIMIT, async () => {
      await world.demo.fault("on");
      const notice = await until("the receiver is called", async () => receiver.firing(NAME), { seconds: 150, every: 1000 });
      assert.ok(notice.signed, "the signature is that of the secret");
      assert.match(notice.sentence, /the budget burned/);
      await onPage(world.browser, world.demo.url, {}, async (page) => {
        await signIn(page, world.demo.account("engineer"), "/alerts");
        await hydrated(page);
        const alert = page.locator("li.alert").filter({ hasText: NAME }).filter({ hasText: "page" });
        await alert.getByRole("button", { name: "Acknowledge" }).click();
        await alert.getByText(/acknowledged by engineer after/).waitFor();
        await alert.getByRole("link", { name: NAME }).click();
        await page.waitForURL((url) => url.pathname === `/slos/${NAME}` && url.searchParams.has("from") && url.searchParams.has("alert"));
        await page.locator("li.alert[aria-current]").getByText(/acknowledged by engineer/).waitFor();
        await page.getByText("payments-4").first().waitFor();
      });
      await world.demo.fault("off");
    });

    inBothModesAs(world, "admin", "the alert is told wherever one looks", "/alerts", async (page) => {
      const alert = page.locator("li.alert").filter({ hasText: NAME });
      await alert.getByText(/acknowledged by engineer/).first().waitFor();
      await page.getByRole("link", { name: "Notification channels" }).click();
      await page.locator(".channel").filter({ hasText: "journeys" }).filter({ hasText: "delivering" }).waitFor();
    });

    inBothModes(world, "the service names its objectives", "/services/payments", async (page) => {
      const promised = page.getByRole("region", { name: "SLOs" });
      await promised.getByRole("link", { name: "Payments work" }).waitFor();
    });
  });
}
