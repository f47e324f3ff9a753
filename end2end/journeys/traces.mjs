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

  inBothModes(world, "the form searches by service and duration", "/traces", async (page) => {
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

  inBothModes(world, "the form searches by attribute and word", "/traces", async (page) => {
    const mark = `form-${Math.random().toString(36).slice(2)}`;
    const id = await world.demo.send("probe", `GET /${mark}`, { "order.mark": mark });
    await world.demo.send("probe", "GET /other", { "order.mark": "another" });
    await until("the marked trace can be found", async () => (await (await fetch(`${world.demo.url}/traces?q=${mark}`)).text()).includes(id));
    for (const words of [`order.mark=${mark}`, mark]) {
      await page.getByRole("form", { name: "Search traces" }).getByLabel("Text and attributes").fill(words);
      await page.getByRole("form", { name: "Search traces" }).getByRole("button", { name: "Search" }).click();
      await page.waitForURL((url) => url.searchParams.get("q") === words);
      await until(`${words} finds the one trace`, async () => {
        const links = await rows(page).getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
        return links.length === 1 && links[0].includes(id);
      });
    }
  });

  inBothModes(world, "a filter that nothing meets says what to do", "/traces?q=nosuchwordanywhere", async (page) => {
    await page.getByRole("heading", { name: "No traces match these filters" }).waitFor();
    await page.getByRole("link", { name: "clear all filters" }).click();
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

  hydratedJourney(world, "a pasted trace id opens the trace", "/", async (page) => {
    const id = await world.demo.send("probe", "GET /pasted");
    const jump = page.getByRole("combobox", { name: /Search traces/ });
    await jump.fill(id);
    await jump.press("Enter");
    await page.waitForURL((url) => url.pathname === `/traces/${id}`);
  });

  inBothModes(world, "a trace id that is searched for leads to the trace", "/traces", async (page) => {
    const id = await world.demo.send("probe", "GET /searched");
    await page.goto(`/traces?q=${id}`);
    const link = page.getByRole("link", { name: "Open the trace" });
    assert.equal(new URL(await link.getAttribute("href"), world.demo.url).pathname, `/traces/${id}`);
  });

  inBothModes(world, "a trace shows its waterfall and the detail of a span", "/traces?service=payments", async (page) => {
    // The oldest of them: all of it has come.
    await rows(page).getByRole("link").last().click();
    await page.waitForURL((url) => /^\/traces\/[0-9a-f]{32}$/.test(url.pathname));
    const waterfall = page.getByRole("treegrid", { name: "Spans" });
    for (const service of ["checkout", "payments"]) await waterfall.getByRole("link").filter({ hasText: service }).first().waitFor();
    const span = waterfall.getByRole("link").filter({ has: page.locator("strong", { hasText: /^payments$/ }) }).first();
    const id = (await span.getAttribute("id")).replace("span-", "");
    await span.click();
    await page.waitForURL((url) => url.searchParams.get("span") === id);
    const card = page.getByRole("complementary", { name: "Selected span" });
    await card.getByText(id).first().waitFor();
    for (const head of ["Attributes", "Start", "Duration"]) await card.getByText(head, { exact: true }).first().waitFor();
    await card.getByRole("link", { name: "payments" }).first().waitFor();
  });

  hydratedJourney(world, "the keys act in the waterfall and nowhere else", "/traces?service=payments", async (page) => {
    // The oldest of them: all of it has come.
    await rows(page).getByRole("link").last().click();
    await page.waitForURL((url) => /^\/traces\/[0-9a-f]{32}$/.test(url.pathname));
    const first = page.getByRole("treegrid", { name: "Spans" }).getByRole("link").first();
    const chosen = () => new URL(page.url()).searchParams.get("span");
    const id = (await first.getAttribute("id")).replace("span-", "");
    await first.click();
    await until("the first span is chosen", async () => chosen() === id);
    await page.locator("main").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("c");
    await first.focus();
    await page.keyboard.press("ArrowDown");
    await until("the next span is chosen", async () => chosen() !== id);
    assert.equal(new URL(page.url()).searchParams.get("path"), null, "a key acted outside of the waterfall");
    await page.keyboard.press("ArrowUp");
    await until("the first span is chosen again", async () => chosen() === id);
  });
}
