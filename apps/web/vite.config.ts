import { cp, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const pagesFolder = fileURLToPath(new URL("pages", import.meta.url));
const outputFolder = fileURLToPath(new URL("dist-pages", import.meta.url));

/**
 * What pdf.js loads by name while it draws a PDF: character maps, the fonts that a PDF may leave out, and the
 * decoders of JPEG 2000 and JBIG2 in plain JavaScript (the policy of our pages allows no WebAssembly).
 */
const pdfParts = [
  "cmaps",
  "standard_fonts",
  "wasm/openjpeg_nowasm_fallback.js",
  "wasm/jbig2_nowasm_fallback.js",
];

function copyPdfParts(): Plugin {
  const source = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
  return {
    name: "copy-pdf-parts",
    apply: "build",
    async closeBundle() {
      for (const part of pdfParts) {
        const target = join(outputFolder, "pdfjs", part);
        await mkdir(dirname(target), { recursive: true });
        await cp(join(source, part), target, { recursive: true });
      }
    },
  };
}

/** Where `quire start` serves the API; see WEB_PORT in docs/configuration.md. */
const apiAddress = `http://127.0.0.1:${process.env.WEB_PORT ?? "8080"}`;

export default defineConfig({
  root: pagesFolder,
  server: { host: "127.0.0.1", proxy: { "/api": apiAddress, "/health": apiAddress } },
  plugins: [react(), copyPdfParts()],
  build: {
    outDir: outputFolder,
    emptyOutDir: true,
    target: "es2022",
    // Every asset is a file of its own: the policy of our pages allows no data URLs but for images.
    assetsInlineLimit: 0,
    // On a machine that is busy it would be said at every build.
    rolldownOptions: { checks: { pluginTimings: false } },
    modulePreload: { polyfill: false },
  },
});
