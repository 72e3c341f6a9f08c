import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Script } from "node:vm";
import { settings } from "@quire/core";
import { workerEnvironment } from "@quire/worker";
import { fromTop } from "./quire.ts";

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** What a Dockerfile says, without comments, each instruction on one line. */
function instructionsOf(text: string): Instruction[] {
  return text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, name = "", rest = ""] = /^(\w+) +(.*)$/.exec(line) ?? [];
      return { name, rest: rest.replaceAll(/ +/g, " ") };
    });
}

const instructions = instructionsOf(readFileSync(fromTop("Dockerfile"), "utf8"));
const all = (name: string) =>
  instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest);
const lastFrom = instructions.findLastIndex(({ name }) => name === "FROM");
/** What the image itself is made of, after what was only needed to build it. */
const final = instructions.slice(lastFrom);
const ofFinal = (name: string) => final.find((instruction) => instruction.name === name)?.rest ?? "";

test("it begins from the Node that the lockfile has, by its exact version", () => {
  const lock = JSON.parse(readFileSync(fromTop("package-lock.json"), "utf8"));
  const { version } = lock.packages["node_modules/node"];
  const stages = new Set<string>();
  for (const from of all("FROM")) {
    const [base = "", , stage = ""] = from.split(" ");
    if (!stages.has(base)) assert.equal(base, `node:${version}-bookworm-slim`);
    stages.add(stage);
  }
});

test("what is copied is there, and goes to the builder", () => {
  const ignored = readFileSync(fromTop(".dockerignore"), "utf8").split("\n");
  assert.equal(
    ignored.find((line) => !line.startsWith("#")),
    "*",
  );
  const sent = ignored.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  const stages = all("FROM").flatMap((from) => from.split(" AS ").slice(1));
  for (const copy of all("COPY")) {
    const [first = "", ...words] = copy.split(" ");
    if (first.startsWith("--from=")) {
      assert.ok(stages.includes(first.slice("--from=".length)), copy);
      continue;
    }
    for (const path of [first, ...words.slice(0, -1)]) {
      assert.ok(existsSync(fromTop(path)), path);
      assert.ok(
        sent.some((allowed) => path === allowed || path.startsWith(`${allowed}/`)),
        `${path} is ignored`,
      );
    }
  }
  for (const secret of [".env", ".git"]) assert.ok(!sent.includes(secret));
});

test("npm finds every workspace, so that the lockfile fits", () => {
  const { workspaces } = JSON.parse(readFileSync(fromTop("package.json"), "utf8"));
  const manifests = (workspaces as string[]).flatMap((pattern) =>
    globSync(`${pattern}/package.json`, { cwd: fromTop("") }),
  );
  for (const path of manifests)
    assert.ok(all("COPY").includes(`${path} ${path.replace("package.json", "")}`), path);
  for (const run of all("RUN").filter((command) => command.includes("npm "))) assert.match(run, /^npm ci /);
});

test("it runs as nobody in particular, without npm between it and a signal", () => {
  assert.equal(ofFinal("USER"), "node");
  const [program, ...words] = JSON.parse(ofFinal("ENTRYPOINT")) as string[];
  assert.equal(program, "node");
  const script = words.find((word) => !word.startsWith("--"));
  assert.ok(script && existsSync(fromTop(script)));
  assert.deepEqual(JSON.parse(ofFinal("CMD")), ["worker"]);
});

test("it answers where it is asked, and nothing secret is in it", () => {
  const variables = new Map(
    ofFinal("ENV")
      .split(" ")
      .map((pair) => pair.split("=") as [string, string]),
  );
  assert.equal(variables.get("PORT"), ofFinal("EXPOSE"));
  for (const [name, value] of Object.entries(workerEnvironment)) assert.equal(variables.get(name), value);
  const check = JSON.parse(ofFinal("HEALTHCHECK").replace(/^.* CMD /, "")) as string[];
  assert.deepEqual(check.slice(0, 2), ["node", "-e"]);
  assert.ok(new Script(check[2] as string));
  assert.ok(!instructions.some(({ name }) => name === "ARG"));
  for (const [name, setting] of Object.entries(settings))
    if ("secret" in setting) assert.ok(!variables.has(name), name);
});
