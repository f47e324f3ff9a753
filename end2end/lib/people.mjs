// Signing in, and journeys of somebody with an account.

import { test } from "node:test";

import { hydrated, onPage } from "./browser.mjs";
import { until } from "./wait.mjs";

const LIMIT = { timeout: 120_000 };

/** Fills in the form of the sign-in page that is open. */
export async function fillSignIn(page, { name, password }) {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs in and goes on to a page. */
export async function signIn(page, account, next = "/") {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await fillSignIn(page, account);
  await page.waitForURL((url) => url.pathname + url.search === next);
}

/** Makes the first admin of a server by the link in its log, and with them other accounts: a name for each role, all with one password. */
export async function makePeople(browser, server, accounts, password) {
  const link = await until("the log has the link", async () => /\/setup\?link=[\w-]+/.exec(server.log())?.[0]);
  await onPage(browser, server.url, { javaScriptEnabled: false }, async (page) => {
    await page.goto(link);
    await page.getByLabel("Name", { exact: true }).fill(accounts.admin);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Create admin and sign in" }).click();
    await page.waitForURL((url) => url.pathname === "/");
    for (const [role, name] of Object.entries(accounts).filter(([role]) => role !== "admin")) {
      const form = { name, role, display_name: "", email: "", password, reason: "for a journey" };
      const answer = await postByHand(page, server.url, "user_create", form);
      if (!answer.ok()) throw new Error(`${name} was not made: ${await answer.text()}`);
    }
  });
}

/** The menu of whoever has signed in, opened. */
export async function openAccount(page) {
  await page.getByRole("button", { name: /^Account/ }).click();
  return page.locator("#account-menu");
}

/**
 * Tells a story twice, with JavaScript and without: of somebody with this role, from this page on. The story is told which.
 */
export function inBothModesAs(world, role, title, path, story) {
  for (const javaScriptEnabled of [true, false]) {
    test(`${title} (${javaScriptEnabled ? "with JavaScript" : "JavaScript off"})`, LIMIT, () =>
      onPage(world.browser, world.demo.url, { javaScriptEnabled }, async (page) => {
        await signIn(page, world.demo.account(role), path);
        if (javaScriptEnabled) await hydrated(page);
        await story(page, javaScriptEnabled);
      }));
  }
}

/** Posts to a server function as a page of the console would, whatever the pages offer. */
export function postByHand(page, url, name, form) {
  return page.request.post(`${url}/fn/${name}`, {
    form,
    headers: { accept: "application/json", origin: url, "sec-fetch-site": "same-origin" },
  });
}

/** Unfolds what this word stands on. */
export async function unfold(scope, word) {
  await scope.locator("summary").filter({ hasText: word }).first().click();
}
