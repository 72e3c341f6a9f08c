import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";

/** What somebody who can run JavaScript in the engine would try, and on what. */
export interface HostileWishes {
  /** Files to read. */
  readonly read: readonly string[];
  /** Folder to write into. */
  readonly write: string;
  /** Port of this machine to connect to. */
  readonly port: number;
}

/** What became of each attempt: the code of the error that it met, or `done`. */
export type HostileResults = Record<string, string>;

/** Tries everything. @param document the one document that the engine may read */
export async function attempt(document: string, wishes: HostileWishes): Promise<HostileResults> {
  const code = "throw new Error('it runs')";
  const attempts: Record<string, () => unknown> = {
    ...Object.fromEntries(wishes.read.map((path) => [`read ${path}`, () => readFileSync(path)])),
    "read its own document": () => readFileSync(document),
    "read the parent's environment": () => readFileSync(`/proc/${process.ppid}/environ`),
    "list a folder": () => readdirSync("/"),
    "look at a file": () => statSync("/etc/passwd"),
    "climb out of the folder": () => readFileSync(`${dirname(document)}/../../../../../../../etc/passwd`),
    "write a file": () => writeFileSync(join(wishes.write, "written"), ""),
    "write beside the documents": () => writeFileSync(join(dirname(document), "written"), ""),
    "link to a file": () => symlinkSync("/etc/passwd", join(dirname(document), "linked")),
    "start a program": () => failed(spawnSync("/bin/true").error),
    "replace itself": () => process.execve?.("/bin/true", [], {}),
    "debug itself": () => new Session().connect(),
    "open a database": async () => new (await builtIn("node:sqlite")).DatabaseSync(join(wishes.write, "db")),
    "run WASI": async () => new (await builtIn("node:wasi")).WASI({ version: "preview1" }),
    "start a thread": () => new Worker(code, { eval: true }),
    "start a thread with options of its own": () => new Worker(code, { eval: true, execArgv: [] }),
    "find the thread's class": () => {
      const Found = Worker.prototype.constructor as typeof Worker;
      return new Found(code, { eval: true, execArgv: [] });
    },
    "connect to this machine": () => connected(wishes.port),
  };
  const results: HostileResults = {};
  for (const [name, run] of Object.entries(attempts)) results[name] = await outcome(run);
  return results;
}

/** By a name that the compiler does not look into: these modules may be turned off. */
// biome-ignore lint/suspicious/noExplicitAny: it is whatever the module is
function builtIn(name: string): Promise<any> {
  return import(name);
}

async function outcome(run: () => unknown): Promise<string> {
  try {
    await run();
    return "done";
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? message;
  }
}

function failed(error: Error | undefined): void {
  if (error) throw error;
}

function connected(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ port, host: "127.0.0.1" }, () => {
    socket.destroy();
    resolve();
  });
  socket.on("error", reject);
  return promise;
}
