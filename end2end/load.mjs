// How soon a page is there and alive, in Chromium four times slowed down: on loopback, and over 5 Mbit/s. `make bench` runs it over
// the release server; it prints rows for docs/benchmarks.md.

import { launch } from "./lib/browser.mjs";
import { startDemo } from "./lib/demo.mjs";

const RUNS = 5;
/** Times as slow as this machine. */
const SLOWED = 4;
const LINKS = [
  { name: "loopback", bits: -1, delay: 0 },
  { name: "5 Mbit/s, 20 ms", bits: 5e6, delay: 20 },
];

/** Notes in the page when it has been taken over. */
function watch() {
  const done = () => document.querySelector(".frame[data-ready]") && (globalThis.readyAt ??= performance.now());
  new MutationObserver(done).observe(document, { subtree: true, childList: true, attributeFilter: ["data-ready"] });
}

/** One load with nothing kept. Times in milliseconds from the end of the HTML; bytes of scripts and modules as sent. */
async function load(browser, url, path, link) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  await cdp.send("Network.enable");
  const throughput = link.bits < 0 ? -1 : link.bits / 8;
  await cdp.send("Network.emulateNetworkConditions", {
    offline: false, latency: link.delay, downloadThroughput: throughput, uploadThroughput: throughput,
  });
  await page.addInitScript(watch);
  await page.goto(url + path);
  await page.waitForFunction(() => globalThis.readyAt !== undefined, undefined, { timeout: 120_000 });
  const seen = await page.evaluate(() => {
    const [document_] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const code = performance.getEntriesByType("resource").filter((entry) => /\.(js|wasm|area)$/.test(entry.name));
    return {
      html: document_.responseEnd,
      paint: paint?.startTime,
      ready: globalThis.readyAt,
      bytes: code.reduce((sum, entry) => sum + entry.encodedBodySize, 0),
    };
  });
  await context.close();
  return { paint: seen.paint - seen.html, ready: seen.ready - seen.html, bytes: seen.bytes };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const browser = await launch();
const demo = await startDemo();
try {
  const id = await demo.send("cart", "GET /measured");
  const paths = ["/", "/topology", "/services/cart", "/traces", `/traces/${id}`, "/logs", "/slos", "/slos/new", "/alerts", "/sign-in", "/reports"];
  console.log("| page | link | first paint | alive | code |\n| --- | --- | --- | --- | --- |");
  for (const path of paths) {
    for (const link of LINKS) {
      const runs = [];
      for (let run = 0; run < RUNS; run += 1) runs.push(await load(browser, demo.url, path, link));
      const of = (key) => Math.round(median(runs.map((run) => run[key])));
      const shown = path.replace(id, "{id}");
      console.log(`| \`${shown}\` | ${link.name} | ${of("paint")} ms | ${of("ready")} ms | ${Math.round(of("bytes") / 1000)} kB |`);
    }
  }
} finally {
  await demo.stop();
  await browser.close();
}
