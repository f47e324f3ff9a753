// Signing in at an identity provider: a real one, in the process of the tests.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { onPage } from "../lib/browser.mjs";
import { startServer } from "../lib/demo.mjs";
import { openAccount } from "../lib/people.mjs";
import { IdentityProvider } from "../lib/provider.mjs";

const LIMIT = { timeout: 120_000 };

/** From the sign-in page through the provider, as this account. */
async function throughProvider(page, account, next = "/profile") {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByRole("link", { name: /Sign in with localhost/ }).click();
  await page.getByRole("heading", { name: "Sign in at the provider" }).waitFor();
  await page.getByLabel("Account").fill(account);
  await page.getByRole("button", { name: "Go on" }).click();
}

export function journeys(world) {
  describe("with an identity provider", () => {
    const here = {};
    before(async () => {
      here.provider = await IdentityProvider.start();
      const settings = (url) => {
        here.provider.serves(url);
        return [
          ...["--public-url", url, "--oidc-issuer", here.provider.issuer, "--oidc-client-id", here.provider.client.client_id],
          ...["--oidc-scopes", "openid profile email groups", "--oidc-role", "developers=engineer", "--oidc-role", "operators=admin"],
          ...["--oidc-team", "payments-devs=payments-team"],
        ];
      };
      here.server = await startServer(settings, { POINTSMAN_OIDC_CLIENT_SECRET: here.provider.client.client_secret });
    }, { timeout: 150_000 });
    after(async () => {
      await here.server?.stop();
      await here.provider?.stop();
    });
    const visit = (options, story) => onPage(world.browser, here.server.url, options, story);

    for (const javaScriptEnabled of [true, false]) {
      const mode = javaScriptEnabled ? "with JavaScript" : "JavaScript off";
      test(`role and team come from groups, and the sign-out ends both sessions (${mode})`, LIMIT, () =>
        visit({ javaScriptEnabled }, async (page) => {
          const name = javaScriptEnabled ? "ada" : "bob";
          here.provider.groups[name] = ["developers", "payments-devs", "choir"];
          await throughProvider(page, name);
          await page.waitForURL((url) => url.pathname === "/profile");
          await page.getByRole("heading", { name: `${name} of the provider` }).waitFor();
          await page.getByText(/^engineer:/).waitFor();
          await page.locator("main").getByRole("link", { name: "payments-team" }).waitFor();

          await (await openAccount(page)).getByRole("button", { name: "Sign out" }).click();
          await page.getByRole("heading", { name: "Sign out of the provider?" }).waitFor();
          await page.getByRole("button", { name: "Yes" }).click();
          await page.waitForURL((url) => url.pathname === "/sign-in" && url.origin === here.server.url);
          // The provider has forgotten them as well: it asks again.
          await throughProvider(page, name);
          await page.waitForURL((url) => url.pathname === "/profile");
        }));
    }

    test("other groups are another role at the next sign-in", LIMIT, async () => {
      const roleOf = (groups) =>
        visit({ javaScriptEnabled: false }, async (page) => {
          here.provider.groups.carol = groups;
          await throughProvider(page, "carol");
          await page.waitForURL((url) => url.pathname === "/profile");
          here.role = await page.getByText(/^(viewer|engineer|manager|admin):/).innerText();
        });
      await roleOf(["developers", "operators"]);
      assert.match(here.role, /^admin/);
      await roleOf(["developers"]);
      assert.match(here.role, /^engineer/);
    });

    test("whoever has no group with a role is told so", LIMIT, () =>
      visit({ javaScriptEnabled: false }, async (page) => {
        here.provider.groups.dave = ["choir"];
        await throughProvider(page, "dave");
        await page.waitForURL((url) => url.pathname === "/sign-in");
        await page.getByText("none of your groups has a role here").waitFor();
      }));

    test("an ID token that has expired is refused", LIMIT, () =>
      visit({ javaScriptEnabled: false }, async (page) => {
        Object.assign(here.provider, { lifetime: 1, holdTokens: 2500 });
        here.provider.groups.erin = ["developers"];
        await throughProvider(page, "erin");
        await page.waitForURL((url) => url.pathname === "/sign-in" && url.searchParams.get("problem") === "provider");
        await page.getByText("its answer could not be verified").waitFor();
        Object.assign(here.provider, { lifetime: 600, holdTokens: 0 });
        assert.match(here.server.log(), /expired/i);
        await page.goto("/profile");
        await page.waitForURL((url) => url.pathname === "/sign-in");
      }));

    test("a rotated key is found", LIMIT, () =>
      visit({ javaScriptEnabled: false }, async (page) => {
        here.provider.rotateKeys();
        here.provider.groups.frank = ["developers"];
        await throughProvider(page, "frank");
        await page.waitForURL((url) => url.pathname === "/profile");
        await page.getByRole("heading", { name: "frank of the provider" }).waitFor();
      }));
  });
}
