import { exitCodeOf, exitCodes, explain } from "./exitCodes.ts";
import { unwritable } from "./output.ts";

/** 128 + SIGINT or SIGTERM, as shells report it. */
const interrupted = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * `quire ocr … | head`: whoever reads has enough, which is no error. The engine is killed on exit. Standard
 * error may close too: then there is nobody to tell.
 */
export function endOnClosedOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.read);
    const failure = unwritable(error);
    process.stderr.write(`quire: ${explain(failure)}\n`);
    process.exit(exitCodeOf(failure));
  });
  process.stderr.on("error", () => {});
}

/** Ctrl-C ends the command at once; the engine is killed on exit. */
export function endOnInterrupt(): void {
  for (const [signal, code] of Object.entries(interrupted)) {
    process.on(signal, () => {
      if (process.stderr.isTTY) process.stderr.write("\n");
      process.exit(code);
    });
  }
}
