import { readFileSync } from "node:fs";

export const softwareName = "Quire";

/** The version that an output says it was made by. */
export function softwareVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
