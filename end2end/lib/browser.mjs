// Chromium, and pages that remember what went wrong in them.

import assert from "node:assert/strict";

import { chromium } from "playwright-core";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The machine's own browser. */
export function launch() {
  return chromium.launch({ executablePath: process.env.POINTSMAN_CHROMIUM ?? "/usr/bin/chromium", args: QUIET });
}

/**
 * Opens a page in a context of its own, hands it to `story`, and closes it. The story fails too where the page logged an error
 * or a warning (a hydration that did not fit among them), threw, or got an error for something it loaded.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {string} url the console's address
 * @param {object} options as for a context of Playwright: javaScriptEnabled, colorScheme, viewport
 */
export async function onPage(browser, url, options, story) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, ...options });
  // The machine may be busy.
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`thrown: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()} for ${response.url()}`);
  });
  try {
    await story(page);
    assert.deepEqual(wrong, [], `the page ${page.url()} said that something is wrong`);
  } catch (error) {
    throw new Error(`at ${page.url()} (the page said: ${wrong.join(" | ") || "nothing"}): ${error.message}`, { cause: error });
  } finally {
    await context.close();
  }
}

/**
 * Waits until the page is taken over by WASM and, where it moves, connected. The mark in the top bar says so by its class: nothing
 * is to be seen of it before; `live-on` stands for a stream, `live-off` for a page that needs none. Pages about people have no mark.
 */
export async function hydrated(page) {
  await page.locator(".frame[data-ready]").waitFor({ state: "attached" });
  await page.locator("a.live-waiting, a.live-lost").waitFor({ state: "detached" });
}
