// People: the first set-up, signing in and out, sessions and tokens, teams that own services, accounts, and the audit of all.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { hydrated, onPage } from "../lib/browser.mjs";
import { startServer } from "../lib/demo.mjs";
import { inBothModes } from "../lib/modes.mjs";
import { fillSignIn, inBothModesAs, openAccount, postByHand, signIn, unfold } from "../lib/people.mjs";
import { until } from "../lib/wait.mjs";

const LIMIT = { timeout: 120_000 };

/** A word that no other run of a journey uses. */
const fresh = (word, javaScript) => `${word}-${javaScript ? "js" : "plain"}-${Date.now().toString(36)}`;

export function journeys(world) {
  firstSetUp(world);
  waysIn(world);
  profile(world);
  ownership(world);
  teams(world);
  users(world);
}

/** A server without people: the link in its log makes the first admin. */
function firstSetUp(world) {
  describe("with nobody yet", () => {
    const empty = {};
    before(async () => { empty.server = await startServer(() => []); }, { timeout: 150_000 });
    after(() => empty.server?.stop());
    const visit = (options, story) => onPage(world.browser, empty.server.url, options, story);

    test("a page leads to the sign-in, which says where the link is", LIMIT, () =>
      visit({ javaScriptEnabled: false }, async (page) => {
        await page.goto("/traces?service=cart");
        await page.waitForURL((url) => url.pathname === "/sign-in" && url.searchParams.get("next") === "/traces?service=cart");
        await page.getByText("There are no users yet").waitFor();
      }));

    test("a wrong link says what to do", LIMIT, () =>
      visit({ javaScriptEnabled: false }, async (page) => {
        await page.goto("/setup?link=wrong");
        await page.getByText("This link is not valid").waitFor();
        assert.equal(await page.getByRole("button").count(), 0);
      }));

    test("the link in the log makes the first admin, once", LIMIT, async () => {
      const link = await until("the log has the link", async () => /\/setup\?link=[\w-]+/.exec(empty.server.log())?.[0]);
      await visit({ javaScriptEnabled: false }, async (page) => {
        await page.goto(link);
        await page.getByLabel("Name", { exact: true }).fill("Grace");
        await page.getByLabel("Display name").fill("Grace Hopper");
        await page.getByLabel("Password").fill("a ship in port is safe");
        await page.getByRole("button", { name: "Create admin and sign in" }).click();
        await page.waitForURL((url) => url.pathname === "/");
        await (await openAccount(page)).getByText("Grace Hopper").waitFor();
        await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Users" }).waitFor();
      });
      await visit({}, async (page) => {
        await page.goto(link);
        await page.getByText("This link has been used").waitFor();
      });
    });
  });
}

function waysIn(world) {
  inBothModes(world, "a wrong password is refused in the words that an unknown name gets", "/", async (page) => {
    const told = [];
    for (const account of [{ name: "viewer", password: "not this one" }, { name: "nobody", password: "not this one" }]) {
      await page.goto("/sign-in?next=%2Flogs");
      await fillSignIn(page, account);
      await page.waitForURL((url) => url.searchParams.get("problem") === "wrong");
      assert.equal(new URL(page.url()).searchParams.get("next"), "/logs");
      told.push(await page.getByRole("alert").innerText());
    }
    assert.match(told[0], /name or the password is wrong/);
    assert.equal(told[0], told[1]);
  });

  inBothModes(world, "one signs in, is led on, and signs out", "/logs?range=15m", async (page) => {
    await page.getByRole("link", { name: "Sign in" }).click();
    await fillSignIn(page, world.demo.account("viewer"));
    await page.waitForURL((url) => url.pathname === "/logs" && url.searchParams.get("range") === "15m");
    const [cookie] = (await page.context().cookies()).filter((cookie) => cookie.name.includes("pointsman"));
    assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, "Lax", "/"]);
    const menu = await openAccount(page);
    await menu.getByText("Vera Viewer").waitFor();
    await menu.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL((url) => url.pathname === "/sign-in");
    await page.getByText("You are signed out").waitFor();
    await page.goto("/");
    await page.getByRole("link", { name: "Sign in" }).waitFor();
  });

  inBothModes(world, "the sign-in leads nowhere else", "/", async (page) => {
    await page.goto("/sign-in?next=https%3A%2F%2Fexample.org%2F");
    await fillSignIn(page, world.demo.account("viewer"));
    await page.waitForURL((url) => url.origin === world.demo.url && url.pathname === "/");
  });

  test("a link from elsewhere puts no words into a page", LIMIT, () =>
    onPage(world.browser, world.demo.url, { javaScriptEnabled: false }, async (page) => {
      await signIn(page, world.demo.account("admin"), "/teams");
      const words = Buffer.from(JSON.stringify({ Conflict: "Call 555 0100 at once" })).toString("base64url");
      await page.goto(`/teams?__path=%2Ffn%2Fteam_create&__err=${words}`);
      assert.equal(new URL(page.url()).search, "");
      assert.equal(await page.getByText("555 0100").count(), 0);
    }));
}

function profile(world) {
  inBothModesAs(world, "manager", "a session that is ended elsewhere is out", "/profile", async (page) => {
    await onPage(world.browser, world.demo.url, { javaScriptEnabled: false, userAgent: "Mozilla/5.0 (Windows NT 10.0) Firefox/150.0" }, async (other) => {
      await signIn(other, world.demo.account("manager"), "/profile");
      await page.reload();
      const sessions = page.getByRole("region", { name: "Sessions" });
      const row = sessions.getByRole("row").filter({ hasText: "Firefox on Windows" });
      await row.getByRole("button", { name: "Sign out" }).click();
      await row.waitFor({ state: "detached" });
      await sessions.getByText("this session").waitFor();
      await other.goto("/");
      await other.getByRole("link", { name: "Sign in" }).waitFor();
    });
  });

  inBothModesAs(world, "engineer", "a token is shown once, works, and works no longer when it is ended", "/profile", async (page, javaScript) => {
    const name = fresh("token", javaScript);
    const tokens = page.getByRole("region", { name: "Tokens" });
    await unfold(tokens, "New token");
    await tokens.getByLabel("Name", { exact: true }).fill(name);
    await tokens.getByLabel(/^read/).check();
    await tokens.getByLabel("Valid for, days").fill("7");
    await tokens.getByRole("button", { name: "Create token" }).click();
    await page.getByRole("heading", { name: `Token ${name}` }).waitFor();
    const secret = (await page.getByLabel("The secret").innerText()).trim();
    assert.match(secret, /^pmt_[\w-]{43}$/);
    assert.ok(!page.url().includes(secret));
    const read = async () => (await fetch(`${world.demo.url}/api/v1/overview`, { headers: { authorization: `Bearer ${secret}` } })).status;
    assert.equal(await read(), 200);

    await page.getByRole("link", { name: "Back to the profile" }).click();
    const row = tokens.getByRole("row").filter({ hasText: name });
    await row.waitFor();
    assert.ok(!(await page.content()).includes(secret));
    await unfold(row, "Revoke");
    await row.getByRole("button", { name: "Revoke" }).click();
    await row.waitFor({ state: "detached" });
    await until("the token is refused", async () => (await read()) === 401, { seconds: 45 });
  });
}

function ownership(world) {
  for (const path of ["/services/payments"]) {
    inBothModesAs(world, "engineer", "an engineer says what the own team's service is", path, async (page, javaScript) => {
      const ownership = page.getByRole("region", { name: "Ownership" });
      await ownership.getByRole("link", { name: "payments-team" }).waitFor();
      const description = `Charges cards, as ${fresh("said", javaScript)} has it`;
      await unfold(ownership, "Edit");
      await ownership.getByLabel("Description").fill(description);
      await ownership.getByLabel("Runbook").fill("https://example.org/runbooks/payments");
      await ownership.getByLabel("Reason").fill("whoever is called at night must find it");
      await ownership.getByRole("button", { name: "Save" }).click();
      await ownership.getByText(description).first().waitFor();
      await ownership.getByRole("link", { name: "https://example.org/runbooks/payments" }).waitFor();
      await ownership.getByRole("link", { name: "Audit" }).click();
      await page.waitForURL((url) => url.pathname === "/audit" && url.searchParams.get("service") === "payments");
      await page.getByRole("row").filter({ hasText: "engineer" }).first().waitFor();
    });
  }

  inBothModesAs(world, "engineer", "another team's service is not offered, and refused when posted by hand", "/services/checkout", async (page) => {
    const ownership = page.getByRole("region", { name: "Ownership" });
    await ownership.getByRole("link", { name: "shop-team" }).waitFor();
    assert.equal(await ownership.locator("form").count(), 0);
    const answer = await postByHand(page, world.demo.url, "service_edit", {
      service: "checkout",
      description: "mine now",
      runbook: "",
      repository: "",
      reason: "because I can",
    });
    assert.equal(answer.status(), 403);
    assert.match(await answer.text(), /shop-team/);
    await page.reload();
    assert.equal(await page.getByText("mine now").count(), 0);
  });

  inBothModesAs(world, "admin", "the audit shows what was done and what was refused", "/audit", async (page) => {
    const form = page.getByRole("form", { name: "Search audit" });
    await form.getByLabel("Service").fill("payments");
    await form.getByLabel("Action").selectOption("service.edit");
    await form.getByRole("button", { name: "Search" }).click();
    await page.waitForURL((url) => url.searchParams.get("service") === "payments");
    const done = page.locator("tbody").filter({ hasText: "engineer" }).filter({ hasText: "done" }).first();
    await done.waitFor();
    await unfold(done, /payments/);
    await done.getByText("whoever is called at night must find it").last().waitFor();
    await done.locator(".diff ins").filter({ hasText: "Charges cards, as said-" }).waitFor();

    await page.goto("/audit?service=checkout&outcome=refused");
    const refused = page.locator("tbody").filter({ hasText: "engineer" }).filter({ hasText: "refused" }).first();
    await refused.getByText("because I can").first().waitFor();
    const lines = await page.request.get(`${world.demo.url}${await page.getByRole("link", { name: "Export as JSON lines" }).getAttribute("href")}`);
    const entries = (await lines.text()).trim().split("\n").map((line) => JSON.parse(line));
    assert.ok(entries.length > 0 && entries.every((entry) => entry.service === "checkout" && entry.outcome === "refused"));
  });

  inBothModesAs(world, "viewer", "a viewer is offered no change", "/services/payments", async (page) => {
    await page.getByRole("region", { name: "Ownership" }).getByRole("link", { name: "payments-team" }).waitFor();
    assert.equal(await page.getByRole("region", { name: "Ownership" }).locator("form").count(), 0);
    const pages = page.getByRole("navigation", { name: "Pages" });
    await pages.getByRole("link", { name: "Teams" }).waitFor();
    assert.equal(await pages.getByRole("link", { name: /Users|Audit/ }).count(), 0);
  });
}

function teams(world) {
  inBothModesAs(world, "admin", "an admin makes a team, gives it people and a service, and removes it", "/teams", async (page, javaScript) => {
    const name = fresh("team", javaScript);
    await unfold(page, "New team");
    const form = page.getByRole("form", { name: "New team" });
    await form.getByLabel("Name").fill(name);
    await form.getByLabel("Title").fill(`Team ${name}`);
    await form.getByLabel("Reason").fill("somebody has to");
    await form.getByRole("button", { name: "Create team" }).click();
    await page.waitForURL((url) => url.pathname === `/teams/${name}`);
    await page.getByRole("heading", { name: `Team ${name}`, level: 1 }).waitFor();

    const members = page.getByRole("region", { name: "Members" });
    await unfold(members, "Add member");
    await members.getByLabel("User").selectOption("manager");
    await members.getByLabel("Reason").fill("to look after it");
    await members.getByRole("button", { name: "Add member" }).click();
    await members.getByRole("rowheader", { name: /manager/ }).waitFor();

    const owned = page.getByRole("region", { name: "Services" });
    await unfold(owned, "Assign a service");
    await owned.getByLabel("Service without a team").selectOption("notifier");
    await owned.getByLabel("Reason").fill("nobody had it");
    await owned.getByRole("button", { name: "Assign service" }).click();
    await owned.getByRole("link", { name: "notifier" }).waitFor();

    const itself = page.getByRole("region", { name: "Manage team" });
    await unfold(itself, "Delete team");
    await itself.getByText("no team owns its 1 service").waitFor();
    await itself.getByLabel("Reason").last().fill("it was for this journey");
    await itself.getByRole("button", { name: "Delete team" }).click();
    await page.waitForURL((url) => url.pathname === "/teams");
    await page.getByRole("region", { name: "Services without a team" }).getByRole("link", { name: "notifier" }).waitFor();
    assert.equal(await page.getByText(name).count(), 0);
  });

  inBothModesAs(world, "admin", "what can't be done is told, and nothing is changed", "/teams", async (page, javaScript) => {
    // The browser's own checks are not what keeps it out.
    if (javaScript) return;
    await unfold(page, "New team");
    const form = page.getByRole("form", { name: "New team" });
    await form.getByLabel("Name").fill("Not A Name");
    await form.getByLabel("Reason").fill("to see");
    await form.getByRole("button", { name: "Create team" }).click();
    await page.getByText("Name takes up to 63 lower-case letters").waitFor();
  });
}

function users(world) {
  inBothModesAs(world, "admin", "an admin makes an account, and disables it", "/users", async (page, javaScript) => {
    const account = { name: fresh("user", javaScript), password: "a password for one journey" };
    await unfold(page, "New user");
    const form = page.getByRole("form", { name: "New user" });
    await form.getByLabel("Name", { exact: true }).fill(account.name);
    await form.getByLabel("Role").selectOption("engineer");
    await form.getByLabel("Password").fill(account.password);
    await form.getByLabel("Reason").fill("has joined us");
    await form.getByRole("button", { name: "Create user" }).click();
    const row = page.getByRole("row").filter({ hasText: account.name });
    await row.getByText("engineer").waitFor();

    await onPage(world.browser, world.demo.url, { javaScriptEnabled: javaScript }, async (other) => {
      await signIn(other, account, "/profile");
      if (javaScript) await hydrated(other);

      await row.getByRole("link", { name: account.name }).click();
      const chosen = page.getByRole("region", { name: account.name });
      await unfold(chosen, "Disable user");
      await chosen.getByLabel("Reason").last().fill("has left us");
      await chosen.getByRole("button", { name: "Disable user" }).click();
      await row.getByText("disabled").waitFor();

      await other.goto("/");
      await other.getByRole("link", { name: "Sign in" }).waitFor();
      await other.goto("/sign-in");
      await fillSignIn(other, account);
      await other.getByText("The name or the password is wrong").waitFor();
    });
  });
}
