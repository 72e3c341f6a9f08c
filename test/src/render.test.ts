import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { loadConfig, settings } from "@quire/core";
import { workerEnvironment } from "@quire/worker";
import { blueprint, blueprintText, environmentOf, serviceOf, variablesOf } from "./blueprint.ts";
import { fromTop, runQuire } from "./quire.ts";

const worker = serviceOf("quire-worker");
const web = serviceOf("quire-web");
const [group] = blueprint.envVarGroups;
assert.ok(group);

/** Asked for when the Blueprint is applied. */
const askedFor = ["DATABASE_URL", "SUPABASE_URL", "SUPABASE_ANON_KEY", "SUPABASE_SERVICE_ROLE_KEY"];
const secrets = [...askedFor, "OPERATIONS_TOKEN"];
/** Health checks come from outside the instance. */
const changed: Readonly<Record<string, string>> = { HOST: "0.0.0.0" };

/**
 * The fields of https://render.com/docs/blueprint-spec that are used here. Render's JSON schema is published on its own
 * site alone, in no package: `render blueprints validate` is what knows all of it.
 */
const serviceFields = [
  "type",
  "name",
  "runtime",
  "region",
  "plan",
  "numInstances",
  "buildCommand",
  "preDeployCommand",
  "startCommand",
  "healthCheckPath",
  "maxShutdownDelaySeconds",
  "envVars",
];
const regions = ["oregon", "ohio", "virginia", "frankfurt", "singapore"];
const longestShutdownSeconds = 300;
/** What a worker takes beyond the pages' own time: handing back, and closing. */
const settleSeconds = 15;

test("both are web services with a health check, in one region, and time to leave", () => {
  assert.deepEqual(Object.keys(blueprint), ["envVarGroups", "services"]);
  assert.deepEqual(
    blueprint.services.map(({ name }) => name),
    ["quire-worker", "quire-web"],
  );
  for (const service of blueprint.services) {
    assert.deepEqual(Object.keys(service), serviceFields);
    const { type, runtime, plan, numInstances, buildCommand, healthCheckPath } = service;
    assert.deepEqual(
      { type, runtime, plan, numInstances, buildCommand, healthCheckPath },
      {
        type: "web",
        runtime: "node",
        plan: "starter",
        numInstances: 1,
        buildCommand: "npm ci && npm run build",
        healthCheckPath: "/health",
      },
    );
    assert.ok(regions.includes(String(service.region)));
    assert.equal(service.region, worker.region);
    assert.ok(Number(service.maxShutdownDelaySeconds) <= longestShutdownSeconds);
  }
  const { shutdownGraceSeconds } = loadConfig(environmentOf(worker)).worker;
  assert.ok(shutdownGraceSeconds + settleSeconds <= Number(worker.maxShutdownDelaySeconds));
});

test("every setting is somewhere with its default, or shown with what it is derived from", () => {
  const all = new Map(blueprint.services.flatMap(variablesOf).map((variable) => [variable.key, variable]));
  for (const [name, setting] of Object.entries(settings)) {
    if (secrets.includes(name)) continue;
    const variable = all.get(name);
    if (setting.default !== null)
      assert.deepEqual(variable, { key: name, value: changed[name] ?? setting.default });
    else {
      assert.equal(variable, undefined, `${name} would no longer be derived`);
      assert.match(blueprintText, new RegExp(`^ +# - key: ${name} # by default \\S`, "m"));
    }
  }
  for (const name of all.keys())
    assert.ok(name && (name in settings || name in workerEnvironment), `${name} is no setting`);
});

test("a service has each variable once", () => {
  for (const service of blueprint.services) {
    const names = variablesOf(service).map(({ key }) => key);
    assert.equal(new Set(names).size, names.length, service.name);
  }
});

test("what is shown for a setting that is derived is a setting", () => {
  for (const [, name] of blueprintText.matchAll(/# - key: (\S+)/g)) assert.ok(name && name in settings, name);
});

test("secrets are asked for once, and never written down", () => {
  const find = (service: typeof worker, name: string) => service.envVars.find(({ key }) => key === name);
  for (const name of askedFor) assert.deepEqual(find(worker, name), { key: name, sync: false });
  assert.deepEqual(find(worker, "OPERATIONS_TOKEN"), { key: "OPERATIONS_TOKEN", generateValue: true });
  for (const name of secrets) {
    const fromService = { type: "web", name: "quire-worker", envVarKey: name };
    assert.deepEqual(find(web, name), { key: name, fromService });
  }
  for (const [name, setting] of Object.entries(settings))
    if ("secret" in setting && !secrets.includes(name))
      assert.match(blueprintText, new RegExp(`# - key: ${name} `));
  // Render passes over what it would have to ask for a group.
  for (const { key, value } of group.envVars) assert.ok(value !== undefined, key);
});

test("the environments are ones that a worker and a web server take", () => {
  for (const service of blueprint.services) {
    const environment = environmentOf(service);
    assert.equal(loadConfig(environment).health.host, "0.0.0.0");
    for (const [name, value] of Object.entries(workerEnvironment)) assert.equal(environment[name], value);
    for (const { key, value } of variablesOf(service))
      assert.ok(value === undefined || typeof value === "string", `${key} must be in quotes`);
  }
});

test("the commands are there, with flags that this node takes", () => {
  for (const service of blueprint.services) {
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
  }
});

for (const [name, args] of [
  ["starter", ["--memory", "512", "--cpus", "0.5"]],
  ["standard", ["--memory", "2GB", "--cpus", "1"]],
] as const) {
  test(`the comment says of ${name} what the plan says`, async () => {
    const { stdout } = await runQuire(["plan", ...args], environmentOf(worker));
    const sections = stdout.slice(stdout.indexOf("What it runs with"), stdout.indexOf("\nWhat is replaced"));
    const comment = sections
      .trimEnd()
      .split("\n")
      .map((line) => `# ${line}`.trimEnd());
    const lines = blueprintText.split("\n");
    const heading = lines.findIndex((line) => line.startsWith(`# ${name} (`));
    assert.ok(lines[heading]?.endsWith(`: quire plan ${args.join(" ")}`));
    const from = heading + 2;
    assert.deepEqual(lines.slice(from, from + comment.length), comment);
  });
}
