// The demo and other runs of the program: on free ports, with a data folder of their own.

import { spawn, execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { until } from "./wait.mjs";

const run = promisify(execFile);

/** The services of the shop, as the console must name them. */
export const SHOP = ["storefront", "catalog", "cart", "pricing", "checkout", "payments", "shipping", "notifier"];

/** Starts the demo with its fault off, and waits until every service of the shop has figures on the overview. */
export async function startDemo() {
  return start(["demo", "--fault", "off", "--rate", "10"], async (demo) => {
    const html = await (await fetch(`${demo.url}/`)).text();
    const missing = SHOP.filter((service) => !html.includes(`/services/${service}`));
    if (missing.length > 0) throw new Error(`${missing.join(", ")} missing on the overview`);
    if (html.includes("no traffic")) throw new Error("a service or a version has had no traffic yet");
    return true;
  });
}

/** Starts a server that has received nothing yet, and that anybody may read. */
export async function startEmpty() {
  return startServer(() => ["--anonymous", "viewer"]);
}

/**
 * Starts a server with these settings, which get to know where it will be.
 *
 * @param {(url: string) => string[]} settings
 * @param {Record<string, string>} environment
 */
export async function startServer(settings, environment = {}) {
  return start(["serve"], async (server) => (await fetch(`${server.url}/readyz`)).ok, settings, environment);
}

async function start(what, isReady, settings = () => [], more = {}) {
  const program = process.env.POINTSMAN_PROGRAM;
  if (!program) throw new Error("POINTSMAN_PROGRAM names no program; run this with `cargo xtask end2end`");
  const folder = await mkdtemp(join(tmpdir(), "pointsman-end2end-"));
  // PostgreSQL may run as another user, who has to get to its own folder below this one.
  await chmod(folder, 0o755);
  const [http, grpc, otlp] = (await freePorts(3)).map((port) => `127.0.0.1:${port}`);
  const arguments_ = [...what, "--data-dir", folder];
  arguments_.push("--http-addr", http, "--otlp-grpc-addr", grpc, "--otlp-http-addr", otlp, ...settings(`http://${http}`));
  const { DATABASE_URL, ...inherited } = process.env;
  const environment = { ...inherited, ...more };
  const child = spawn(program, arguments_, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => said.push(data));
  const running = new Running(program, child, folder, said, `http://${http}`, `http://${otlp}`);
  try {
    const ready = async () => child.exitCode !== null || (await isReady(running));
    await until(`pointsman ${what[0]} is ready`, ready, { seconds: 120 });
    if (child.exitCode !== null) throw new Error(`pointsman ${what[0]} ended with ${child.exitCode}`);
  } catch (error) {
    const words = await running.words();
    await running.stop();
    throw new Error(`${error.message}\n${words}`);
  }
  return running;
}

/** A program that runs until it is stopped. */
class Running {
  constructor(program, child, folder, said, url, otlp) {
    Object.assign(this, { program, child, folder, said, url, otlp });
  }

  /** Switches the fault: "on" or "off". */
  async fault(word) {
    await run(this.program, ["demo", "fault", word, "--data-dir", this.folder]);
  }

  /** Sends one span of a service by OTLP/HTTP JSON; answers its trace id. */
  async send(service, name, attributes = {}) {
    const hex = (digits) => Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join("");
    const text = (key, value) => ({ key, value: { stringValue: value } });
    const end = BigInt(Date.now()) * 1_000_000n;
    const span = {
      traceId: hex(32),
      spanId: hex(16),
      name,
      kind: 2,
      startTimeUnixNano: String(end - 5_000_000n),
      endTimeUnixNano: String(end),
      attributes: Object.entries(attributes).map(([key, value]) => text(key, value)),
    };
    const resource = { attributes: [text("service.name", service), text("service.instance.id", `${service}-1`)] };
    const answer = await fetch(`${this.otlp}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: {}, spans: [span] }] }] }),
    });
    if (!answer.ok) throw new Error(`OTLP was answered ${answer.status}: ${await answer.text()}`);
    return span.traceId;
  }

  /** All that the program itself has written. */
  log() {
    return Buffer.concat(this.said).toString();
  }

  /** The accounts that the demo told of when it started: name and password. */
  account(role) {
    const row = new RegExp(`^ {4}(\\S+) +${role} +(\\S+)$`, "m").exec(this.log());
    if (!row) throw new Error(`the demo told of no account with the role ${role}`);
    return { name: row[1], password: row[2] };
  }

  /** What the demo and its processes said last, for a failed run. */
  async words() {
    const logs = join(this.folder, "logs");
    const files = await readdir(logs).catch(() => []);
    const tails = files.map(async (file) => {
      const lines = (await readFile(join(logs, file), "utf8")).trim().split("\n");
      return `--- ${file}\n${lines.slice(-15).join("\n")}`;
    });
    return [`--- the program\n${Buffer.concat(this.said)}`, ...(await Promise.all(tails))].join("\n");
  }

  /** Stops everything, as Ctrl-C does; by force after a minute. */
  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, "exit");
      const force = setTimeout(() => this.child.kill("SIGKILL"), 60_000);
      this.child.kill("SIGTERM");
      await ended;
      clearTimeout(force);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Ports that are free now. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
