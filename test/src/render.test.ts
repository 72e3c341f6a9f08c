import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { loadConfig, settings } from "@quire/core";
import { workerEnvironment } from "@quire/worker";
import { parse } from "yaml";
import { fromTop, runQuire } from "./quire.ts";

interface EnvVar {
  readonly key: string;
  readonly value?: unknown;
  readonly sync?: boolean;
}

const text = readFileSync(fromTop("render.yaml"), "utf8");
const blueprint = parse(text) as { services: (Record<string, unknown> & { envVars: EnvVar[] })[] };
const [service] = blueprint.services;
assert.ok(service);
const variables = new Map(service.envVars.map((variable) => [variable.key, variable]));

/** Of the web server, which is not on Render yet: it would show every document to everybody. */
const ofTheWeb = ["WEB_PORT", "WEB_POOL_SIZE", "UPLOAD_DIR", "UPLOAD_EXPIRY_HOURS"];
const ofSupabase = Object.keys(settings).filter((name) => name.startsWith("SUPABASE_"));
/** A health check comes from outside the instance. */
const changed: Readonly<Record<string, string>> = { HOST: "0.0.0.0" };

test("the worker is a web service with a health check and time to drain", () => {
  assert.equal(blueprint.services.length, 1);
  const { type, runtime, plan, healthCheckPath, maxShutdownDelaySeconds, numInstances } = service;
  assert.deepEqual(
    { type, runtime, plan, healthCheckPath, maxShutdownDelaySeconds, numInstances },
    {
      type: "web",
      runtime: "node",
      plan: "starter",
      healthCheckPath: "/health",
      maxShutdownDelaySeconds: 300,
      numInstances: 1,
    },
  );
  assert.equal(service.buildCommand, "npm ci && npm run build");
  const { shutdownGraceSeconds } = loadConfig(environment()).worker;
  assert.ok(shutdownGraceSeconds + 15 <= 300);
});

test("every setting is there with its default, or shown with what it is derived from", () => {
  for (const [name, setting] of Object.entries(settings)) {
    const variable = variables.get(name);
    if ([...ofTheWeb, ...ofSupabase].includes(name)) assert.equal(variable, undefined);
    else if ("secret" in setting) assert.deepEqual(variable, { key: name, sync: false });
    else if (setting.default !== null)
      assert.deepEqual(variable, { key: name, value: changed[name] ?? setting.default });
    else {
      assert.equal(variable, undefined, `${name} would no longer be derived`);
      assert.match(text, new RegExp(`^ +# - key: ${name} # by default \\S`, "m"));
    }
  }
  for (const name of variables.keys())
    assert.ok(name in settings || name in workerEnvironment, `${name} is no setting`);
  assert.equal(variables.size, service.envVars.length, "a variable is there twice");
});

test("what is shown for a setting that is derived is a setting", () => {
  for (const [, name] of text.matchAll(/# - key: (\S+)/g)) assert.ok(name && name in settings, name);
});

test("the environment is one that a worker takes", () => {
  assert.equal(loadConfig(environment()).health.host, "0.0.0.0");
  for (const [name, value] of Object.entries(workerEnvironment))
    assert.equal(variables.get(name)?.value, value);
  for (const { key, value } of service.envVars)
    assert.ok(value === undefined || typeof value === "string", `${key} must be in quotes`);
});

test("the commands are there, with flags that this node takes", () => {
  for (const name of ["startCommand", "preDeployCommand"]) {
    const [node, ...words]: string[] = String(service[name]).split(" ");
    if (node !== "node_modules/.bin/node") assert.fail(`${name} does not run this node`);
    assert.ok(existsSync(fromTop(node)));
    const flags = words.filter((word) => word.startsWith("--"));
    // As Render does: from the top, by the paths as they are.
    const [script, command, ...rest] = words.filter((word) => !word.startsWith("--"));
    assert.ok(script && existsSync(fromTop(script)), script);
    assert.deepEqual(rest, []);
    const help = execFileSync(fromTop(node), [...flags, script, command ?? "", "--help"], {
      cwd: fromTop(""),
    });
    assert.match(String(help), new RegExp(`^Usage: quire ${command} `));
  }
});

for (const [name, args] of [
  ["starter", ["--memory", "512", "--cpus", "0.5"]],
  ["standard", ["--memory", "2GB", "--cpus", "1"]],
] as const) {
  test(`the comment says of ${name} what the plan says`, async () => {
    const { stdout } = await runQuire(["plan", ...args], environment());
    const sections = stdout.slice(stdout.indexOf("What it runs with"), stdout.indexOf("\nWhat is replaced"));
    const comment = sections
      .trimEnd()
      .split("\n")
      .map((line) => `# ${line}`.trimEnd());
    const heading = text.split("\n").findIndex((line) => line.startsWith(`# ${name} (`));
    assert.ok(text.split("\n")[heading]?.endsWith(`: quire plan ${args.join(" ")}`));
    const from = heading + 2;
    assert.deepEqual(text.split("\n").slice(from, from + comment.length), comment);
  });
}

/** What Render would give the worker, the secrets apart. */
function environment(): Record<string, string> {
  const unset = Object.keys(settings).map((name): [string, string] => [name, ""]);
  const set = service?.envVars.map(({ key, value }): [string, string] => [key, String(value ?? "")]) ?? [];
  return Object.fromEntries([...unset, ...set]);
}
