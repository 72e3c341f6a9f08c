import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { engineReplacements, workerEvents } from "./events.ts";
import { Metrics } from "./metrics.ts";
import { reasons, workerStatuses } from "./reasons.ts";
import { sampleVitals } from "./testing/sampleVitals.ts";

const documentation = readFileSync(new URL("../../../../docs/operations.md", import.meta.url), "utf8");

/** The rows of a table of docs/operations.md, each as its cells, by how the table's first heading is called. */
function rowsOf(heading: string): string[][] {
  const table = documentation.split("\n\n").find((part) => new RegExp(`^\\| ${heading} +\\|`).test(part));
  assert.ok(table, `a table of ${heading}`);
  const [, , ...rows] = table.trim().split("\n");
  return rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const namesOf = (heading: string) => rowsOf(heading).map(([name = ""]) => name.replaceAll("`", ""));

test("docs/operations.md explains every reason, and what /health says of it", () => {
  const documented = rowsOf("reason").map(([name = "", health]) => [name.replaceAll("`", ""), health]);
  const known = Object.entries(reasons).map(([code, { broken }]) => [code, broken ? "503" : "200"]);
  assert.deepEqual(documented, known);
});

test("docs/operations.md explains every event, every replacement and every status", () => {
  assert.deepEqual(namesOf("event"), [...workerEvents]);
  assert.deepEqual(namesOf("replacement"), [...engineReplacements]);
  const statuses = rowsOf("member").find(([name]) => name === "`status`")?.[1] ?? "";
  const told = [...statuses.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assert.deepEqual(told.toSorted(), [...workerStatuses].toSorted());
});

test("what the alarms ask for is there", async () => {
  const metrics = new Metrics({ bounds: () => [{ name: "events", used: 1, limit: 20 }] });
  const lane = { waiting: 1, oldestAgeSeconds: 1 };
  metrics.setQueueDepth({ small: lane, medium: lane, large: lane });
  metrics.setDeliveriesWaiting({ due: 1, later: 1 });
  const text = await metrics.text(sampleVitals(new Date()), new Date());
  const alarms = rowsOf("alarm").map(([, promql = ""]) => promql);
  assert.ok(alarms.length > 10);
  for (const promql of alarms) {
    const names = promql.match(/quire_\w+/g) ?? [];
    assert.ok(names.length > 0, promql);
    for (const name of names) assert.match(text, new RegExp(`^${name}[{ ]`, "m"), promql);
    for (const [, label, operator, value = ""] of promql.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)) {
      if (operator === "!~") continue;
      for (const one of value.split("\\|")) assert.match(text, new RegExp(`${label}="${one}"`), promql);
    }
  }
});
