import type { Sheet } from "../sheet.ts";
import { SheetBuilder } from "../sheetBuilder.ts";

/** Black on a middle grey, and white on nearly black: both lose their letters under one threshold for the page. */
const middle = { paper: 0x73, ink: 0 } as const;
const dark = { paper: 0x22, ink: 255 } as const;

/** A laboratory's form: shaded titles, a ruled table, check boxes. */
export function laboratoryForm(): Sheet {
  return new SheetBuilder({ face: "sans", size: 12, columns: 70, margin: 56 })
    .bar("SAMPLETOWN LABORATORY", dark)
    .skip(6)
    .bar("Patient", middle)
    .lines("Name: Frieda Beispiel", "Born: 21 September 1980", "Order number: 4711-0815")
    .bar("Sample", middle)
    .lines("[x] Blood   [ ] Urine   [ ] Swab", "[x] Fasting   [ ] Not fasting", "Received: 3 May 2024, 9:40")
    .bar("Results", middle)
    .table(
      [165, 90, 90, 125],
      [
        ["Test", "Result", "Unit", "Reference"],
        ["Glucose", "104", "mg/dL", "70 - 99"],
        ["Cholesterol", "212", "mg/dL", "under 200"],
        ["Triglycerides", "139", "mg/dL", "under 150"],
        ["Ferritin", "18", "ng/mL", "15 - 150"],
        ["Calcium", "2.34", "mmol/L", "2.15 - 2.55"],
        ["Platelets", "268", "per nL", "150 - 400"],
      ],
    )
    .bar("Remarks", middle)
    .paragraph("Glucose and cholesterol are slightly raised. Please repeat both in three months.")
    .lines("[ ] Urgent   [x] Copy to the family doctor")
    .build();
}
