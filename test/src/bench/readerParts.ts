import { measureAccuracy } from "./accuracy/measureAccuracy.ts";
import { measureCharacters } from "./accuracy/measureCharacters.ts";
import type { Bar } from "./bar.ts";
import { measureBoxes } from "./boxes/measureBoxes.ts";
import { measureCalibration } from "./calibration/measureCalibration.ts";
import { measureNumbers } from "./numbers/measureNumbers.ts";
import type { ReaderPart } from "./options.ts";
import type { ReaderBench } from "./readerBench.ts";
import { measureScripts } from "./scripts/measureScripts.ts";

/** Every part that scores what the reader made of documents: each prints its tables and returns its bars. */
export const parts: Record<ReaderPart, (bench: ReaderBench) => Promise<Bar[]>> = {
  accuracy: async (bench) => [...(await measureAccuracy(bench)), ...(await measureCharacters(bench))],
  numbers: measureNumbers,
  calibration: measureCalibration,
  boxes: measureBoxes,
  scripts: measureScripts,
};
