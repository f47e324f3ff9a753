// Journeys through the console in a real browser, over the demo: `cargo xtask end2end`. Each file in journeys/ tells those of
// one page or one theme; this one starts the demo and the browser for all of them.

import { after, before } from "node:test";

import { launch } from "./lib/browser.mjs";
import { startDemo } from "./lib/demo.mjs";

/** What every journey gets; filled before the first one begins. */
const world = {};

before(async () => {
  // One after the other: what has started is then known to `after`, whatever fails next.
  world.browser = await launch();
  world.demo = await startDemo();
}, { timeout: 180_000 });

after(async () => {
  await world.demo?.stop();
  await world.browser?.close();
}, { timeout: 90_000 });

// The pictures come before the journeys that send services of their own.
for (const name of ["overview", "topology", "service", "logs", "fault", "objectives", "reports", "screenshots", "people", "traces", "live", "first", "names", "oidc", "light"]) {
  const { journeys } = await import(`./journeys/${name}.mjs`);
  journeys(world);
}
