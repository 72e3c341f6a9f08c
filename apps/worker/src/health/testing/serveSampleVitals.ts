/**
 * A worker's health server without the worker, as a process of its own: for tests of `quire status`, and to look at
 * it. It says the port that it listens on, and ends when its standard input does.
 *
 * Usage: node serveSampleVitals.js [JSON of the Vitals that differ from the sample]; `sampledAt` stays fresh.
 */
import { loadConfig } from "@quire/core";
import { createLog } from "@quire/core/log";
import { HealthServer } from "../healthServer.ts";
import { Metrics } from "../metrics.ts";
import type { Vitals } from "../vitals.ts";
import { sampleVitals } from "./sampleVitals.ts";

const dateNames = ["At", "Since", "since"];
const changed = JSON.parse(process.argv[2] ?? "{}", (key, value) =>
  typeof value === "string" && dateNames.some((ending) => key.endsWith(ending)) ? new Date(value) : value,
) as Partial<Vitals>;
const config = loadConfig({ LOG_LEVEL: "error", PORT: "0", ...process.env });
const server = await HealthServer.start({
  config: config.health,
  vitals: () => sampleVitals(new Date(), changed),
  metrics: new Metrics({ bounds: () => [] }),
  log: await createLog(config),
});
process.stdout.write(`${server.port}\n`);
process.stdin.resume().once("end", () => void server.close());
