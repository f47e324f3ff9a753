// Each page is read twice: as hydrated WASM, and as the HTML that the server sent.

import { test } from "node:test";

import { hydrated, onPage } from "./browser.mjs";

/** A journey that hangs is ended. */
const LIMIT = { timeout: 120_000 };

/** Tells a story with JavaScript (once the page is taken over) and again with JavaScript off. */
export function inBothModes(world, title, path, story) {
  test(`${title} (with JavaScript)`, LIMIT, () =>
    onPage(world.browser, world.demo.url, {}, async (page) => {
      await page.goto(path);
      await hydrated(page);
      await story(page);
    }));
  test(`${title} (JavaScript off)`, LIMIT, () =>
    onPage(world.browser, world.demo.url, { javaScriptEnabled: false }, async (page) => {
      await page.goto(path);
      await story(page);
    }));
}

/** Tells a story in the hydrated page. */
export function hydratedJourney(world, title, path, story) {
  test(title, LIMIT, () =>
    onPage(world.browser, world.demo.url, {}, async (page) => {
      await page.goto(path);
      await hydrated(page);
      await story(page);
    }));
}
