import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the repository: as far above `src/bench` as above `dist/bench`. */
const top = fileURLToPath(new URL("../../../", import.meta.url));

/** The command that is measured. */
export const quireCommand = join(top, "apps/cli/bin/quire.js");

/** The project's own samples, measured where the corpus is not. */
export const samplesFolder = join(top, "samples");

/** The test documents that lie beside the repository on a developer's machine, or null. */
export function corpusFolder(): string | null {
  const folder = join(top, "../shared/corpus");
  return existsSync(folder) ? folder : null;
}

/** A new temporary folder that is gone when the process is, however it ends (bar SIGKILL). */
export function openTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "quire-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
