import { readFileSync } from "node:fs";
import type { ReaderModels } from "@quire/models";
import * as v from "valibot";
import { type Calibration, CalibrationSchema, uncalibrated } from "./confidence.ts";

/** What was fitted for these models; for others, and where there is none, a cautious stand-in. */
export function readCalibration({ calibrationPath, fast, accurate }: ReaderModels): Calibration {
  try {
    const calibration = v.parse(CalibrationSchema, JSON.parse(readFileSync(calibrationPath, "utf8")));
    const isOfModels = calibration.models.includes(fast.name) && calibration.models.includes(accurate.name);
    return isOfModels ? calibration : uncalibrated;
  } catch {
    return uncalibrated;
  }
}
