import type { Sheet } from "../sheet.ts";
import { SheetBuilder } from "../sheetBuilder.ts";

/** A sheet of about 80 words in large type, such as a patient takes a picture of. */
export function dosePlan(): Sheet {
  return new SheetBuilder({ face: "sans", size: 15, columns: 60 })
    .heading("Riverbend Clinic", 24)
    .heading("Plan for your medicine", 19)
    .lines("For: Emil Exempel", "Valid from: 5 June 2024")
    .skip(8)
    .table(
      [170, 95, 95, 95],
      [
        ["Medicine", "Morning", "Noon", "Evening"],
        ["Metformin 850", "1", "0", "1"],
        ["Lisinopril 10", "1", "0", "0"],
        ["Simvastatin 20", "0", "0", "1"],
      ],
    )
    .paragraph("Take the tablets with a glass of water and with your meal. Do not chew them.")
    .paragraph("Measure your blood sugar before breakfast and write the value in your diary.")
    .paragraph("Call us at once if you feel dizzy, sweat or tremble. Drink a glass of juice first.")
    .skip(10)
    .lines("Next appointment: 19 June, 8:15", "Dr. Petra Placeholder")
    .build();
}
