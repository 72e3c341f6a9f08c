import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflate } from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";
import { fromTop } from "../quire.ts";

/**
 * A real Chromium, headless: on Linux x64 the one that npm brought, else the machine's own Chrome.
 *
 * @returns null where there is neither
 */
export async function launchChromium(): Promise<Browser | null> {
  if (process.platform !== "linux" || process.arch !== "x64")
    return chromium.launch({ channel: "chrome" }).catch(() => null);
  const folder = await unpackedChromium();
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    // Root, as in a container, has no sandbox, and a container's /dev/shm is small.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: join(folder, "al2023/lib"),
      FONTCONFIG_PATH: join(folder, "fonts"),
    },
  });
}

/**
 * The package holds the browser compressed, with the libraries and fonts that a bare machine lacks. It is unpacked
 * once (200 MB, some seconds), to where other tools keep what can be made again.
 */
async function unpackedChromium(): Promise<string> {
  const top = fileURLToPath(new URL("../", import.meta.resolve("@sparticuz/chromium")));
  const { version } = JSON.parse(readFileSync(join(top, "package.json"), "utf8")) as { version: string };
  const cache = fromTop("node_modules/.cache");
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(join(cache, "chromium-unpacking-"));
  // It unpacks into the temporary folder, which it knows by this variable only.
  const before = process.env.TMPDIR;
  process.env.TMPDIR = making;
  try {
    for (const name of ["chromium.br", "fonts.tar.br", "swiftshader.tar.br", "al2023.tar.br"])
      await inflate(join(top, "bin", name));
    await writeFile(join(making, "fonts/fonts.conf"), fontsConf(folder));
    // Put in place whole: tests run side by side.
    await rename(making, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(making, { recursive: true, force: true });
  }
  return folder;
}

/** Where the fonts are: the package's own names Lambda's folders and /tmp, and without any font Chromium dies. */
function fontsConf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, "fonts/fonts")}</dir>
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`;
}
