// A picture of each page, light and dark, wide and narrow, into target/screenshots; and the README's.

import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { hydrated, onPage } from "../lib/browser.mjs";
import { signIn } from "../lib/people.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const shots = join(root, "target/screenshots");

const PAGES = [
  ["overview", "/?range=15m"],
  ["topology", "/topology?range=15m"],
  ["service", "/services/payments?range=15m"],
  ["traces", "/traces?range=15m"],
  ["trace", null],
  ["logs", "/logs?range=15m"],
  ["slos", "/slos"],
  ["slo", "/slos/payments-up?range=15m"],
];

/** Pages about people, each as somebody with this role sees it. */
const PEOPLE = [
  ["owned-service", "/services/payments?range=15m", "engineer"],
  ["profile", "/profile", "engineer"],
  ["teams", "/teams", "admin"],
  ["team", "/teams/payments-team", "admin"],
  ["users", "/users?user=engineer", "admin"],
  ["audit", "/audit", "admin"],
  ["alerts", "/alerts", "admin"],
  ["channels", "/alerts/channels", "admin"],
  ["slo-editor", "/slos/payments-up/edit", "admin"],
];

const SIZES = [
  ["wide", { width: 1440, height: 900 }],
  ["narrow", { width: 390, height: 844 }],
];

/** A trace with something to see, and old enough to be whole. */
async function aTrace(world) {
  const html = await (await fetch(`${world.demo.url}/traces?service=payments`)).text();
  return [...html.matchAll(/\/traces\/[0-9a-f]{32}/g)].at(-1)[0];
}

export function journeys(world) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [size, viewport] of SIZES) {
      test(`screenshots ${colorScheme} ${size}`, async () => {
        await mkdir(shots, { recursive: true });
        for (const [name, path] of PAGES) {
          await onPage(world.browser, world.demo.url, { colorScheme, viewport }, async (page) => {
            await page.goto(path ?? (await aTrace(world)));
            await hydrated(page);
            await page.screenshot({ path: join(shots, `${name}-${colorScheme}-${size}.png`), fullPage: !["topology", "logs"].includes(name) });
          });
        }
        await onPage(world.browser, world.demo.url, { colorScheme, viewport }, async (page) => {
          const shoot = async (name) => {
            await hydrated(page);
            await page.screenshot({ path: join(shots, `${name}-${colorScheme}-${size}.png`), fullPage: true });
          };
          await page.goto("/sign-in");
          await shoot("sign-in");
          for (const [name, path, role] of PEOPLE) {
            await page.context().clearCookies();
            await signIn(page, world.demo.account(role), path);
            await shoot(name);
          }
        });
      });
    }
  }

  test("screenshots for the README", async () => {
    await world.demo.fault("on");
    await onPage(world.browser, world.demo.url, { viewport: { width: 1440, height: 900 } }, async (page) => {
      await page.goto("/?range=15m");
      await hydrated(page);
      await page.getByRole("region", { name: "Needs attention" }).waitFor({ timeout: 90_000 });
      await mkdir(join(root, "docs"), { recursive: true });
      await page.screenshot({ path: join(root, "docs/screenshot.png") });
    });
    await world.demo.fault("off");
  });
}
