import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";

/**
 * Sees to it that no thread but the OCR threads can be started, and these with no options of Node: one that is started
 * with options of its own is not bound by the permission model of its process (Node.js, permissions.md). To be called
 * before a document's library is loaded.
 *
 * @param scripts the only ones that may run in a thread
 */
export function confineThreads(scripts: readonly URL[]): void {
  const Confined = new Proxy(threads.Worker, {
    construct(Worker, [file, options]: [URL, threads.WorkerOptions | undefined], newTarget) {
      const script = scripts.find(({ href }) => href === String(file));
      if (!script) throw new Error("no other thread may be started");
      const { workerData, transferList } = options ?? {};
      const confined = { workerData, ...(transferList && { transferList }), stdout: true, stderr: true };
      return Reflect.construct(Worker, [script, confined], newTarget);
    },
  });
  Object.defineProperty(threads.Worker.prototype, "constructor", { value: Confined });
  threads.Worker = Confined;
  syncBuiltinESMExports();
}
