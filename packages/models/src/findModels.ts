import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { QuireError } from "@quire/core";
import * as v from "valibot";

/** The models that come with Quire. */
const packagedFolder = fileURLToPath(new URL("../weights", import.meta.url));

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** A name within the folder: nothing outside it is read. */
const fileName = v.pipe(v.string(), v.regex(/^[\w.-]+$/));
const ModelFileSchema = v.object({
  name: v.pipe(v.string(), v.maxLength(100)),
  file: fileName,
  sha256,
});
const RecogniserFileSchema = v.object({
  ...ModelFileSchema.entries,
  charset: fileName,
  charsetSha256: sha256,
});
const ManifestSchema = v.object({
  detector: ModelFileSchema,
  fast: RecogniserFileSchema,
  accurate: RecogniserFileSchema,
});

/** A model: its name, as results record it, and where its ONNX file is. */
export interface ModelFile {
  readonly name: string;
  readonly path: string;
}

/** A recogniser. `charsetPath`: JSON, the text of each class in order; index 0 is the CTC blank. */
export interface RecogniserFile extends ModelFile {
  readonly charsetPath: string;
}

/** The models of the reader, and the folder they are in. */
export interface ReaderModels {
  readonly folder: string;
  readonly detector: ModelFile;
  readonly fast: RecogniserFile;
  readonly accurate: RecogniserFile;
  /** What `npm run calibrate` wrote for these models; it may be missing in a folder of one's own. */
  readonly calibrationPath: string;
}

/**
 * Finds the models by the manifest of their folder, `models.json`.
 *
 * @param modelsDir `MODELS_DIR`, or null for the models that come with Quire
 * @throws QuireError `models_missing`, `models_damaged` if the manifest cannot be read
 */
export function findModels(modelsDir: string | null): ReaderModels {
  return describe(modelsDir).models;
}

/**
 * Reads every model file once (17 MB, about 30 ms) and compares it with its hash in the manifest.
 *
 * @throws QuireError `models_missing`, `models_damaged`
 */
export function checkModels(modelsDir: string | null): ReaderModels {
  const { models, hashes } = describe(modelsDir);
  for (const [file, expected] of hashes) {
    const actual = createHash("sha256").update(readModelFile(models.folder, file)).digest("hex");
    if (actual !== expected) throw damaged(models.folder, file);
  }
  return models;
}

function describe(modelsDir: string | null): { models: ReaderModels; hashes: ReadonlyMap<string, string> } {
  const folder = modelsDir === null ? packagedFolder : resolve(modelsDir);
  const manifest = parseManifest(folder);
  const { detector, fast, accurate } = manifest;
  const path = (file: string) => join(folder, file);
  const recogniser = ({ name, file, charset }: typeof fast): RecogniserFile => ({
    name,
    path: path(file),
    charsetPath: path(charset),
  });
  return {
    models: {
      folder,
      detector: { name: detector.name, path: path(detector.file) },
      fast: recogniser(fast),
      accurate: recogniser(accurate),
      calibrationPath: path("calibration.json"),
    },
    hashes: new Map([
      [detector.file, detector.sha256],
      ...[fast, accurate].flatMap(
        (each) =>
          [
            [each.file, each.sha256],
            [each.charset, each.charsetSha256],
          ] as const,
      ),
    ]),
  };
}

function parseManifest(folder: string): v.InferOutput<typeof ManifestSchema> {
  const text = readModelFile(folder, "models.json").toString("utf8");
  try {
    return v.parse(ManifestSchema, JSON.parse(text));
  } catch {
    throw damaged(folder, "models.json");
  }
}

function readModelFile(folder: string, file: string): Buffer {
  try {
    return readFileSync(join(folder, file));
  } catch (cause) {
    throw new QuireError("models_missing", `${file} cannot be read in ${shown(folder)}. ${remedy(folder)}`, {
      cause,
    });
  }
}

function damaged(folder: string, file: string): QuireError {
  return new QuireError(
    "models_damaged",
    `${file} in ${shown(folder)} is damaged, or not what models.json describes. ${remedy(folder)}`,
  );
}

function shown(folder: string): string {
  return folder === packagedFolder ? "packages/models/weights" : "MODELS_DIR";
}

function remedy(folder: string): string {
  const repair =
    folder === packagedFolder ? "Install Quire again" : "Put the models there (packages/models/README.md)";
  return `${repair}, or read with Tesseract: READER=tesseract.`;
}
