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

/** Tells a story in the hydrated page; `prepare` is done to the page before it is opened. */
export function hydratedJourney(world, title, path, story, prepare = async () => {}) {
  test(title, LIMIT, () =>
    onPage(world.browser, world.demo.url, {}, async (page) => {
      await prepare(page);
      await page.goto(path);
      await hydrated(page);
      await story(page);
    }));
}

/**
 * To be done to a page before it is opened: its clock does not beat, so that it reads again only when the stream says so, not every
 * few seconds.
 */
export const onlyByStream = (page) =>
  page.addInitScript(() => {
    globalThis.setInterval = () => 0;
  });
