import { a4, type Sheet } from "../sheet.ts";
import { SheetBuilder } from "../sheetBuilder.ts";

/** What a scan shows whose hidden text layer says something else. */
export function scannedNote(): Sheet {
  return new SheetBuilder({ face: "serif", size: 14, columns: 62 })
    .heading("Riverbend Clinic", 20)
    .paragraph("Hanna Vorlage was treated here for a broken wrist. The cast stays on for five weeks.")
    .paragraph("She may go to school and should not do sports until July.")
    .build();
}

/** Wrong words that no sighted reader would find on the page. */
export function wrongNote(): Sheet {
  return new SheetBuilder({ face: "serif", size: 14, columns: 62 })
    .heading("Riverhead Comic", 20)
    .paragraph("Hannibal Verlag wasted tears for a token twist. The coast says no for fine weeds.")
    .build();
}

/** A page of the directory-loop sample. */
export function wardNote(ward: number): Sheet {
  return new SheetBuilder({ face: "sans", size: 16, columns: 48 })
    .heading(`Ward ${ward}`, 24)
    .paragraph("All beds are taken today. New patients wait in the room beside the lift.")
    .build();
}

/** A page as wide as PDF readers allow: 14,400 points, 200 inches (ISO 32000-1, annex C). */
export function wideStrip(): Sheet {
  const text = "Strip of the long term recording of Ingo Exempel, twenty four hours, without pauses";
  return {
    widthPoints: 14_400,
    heightPoints: 792,
    marks: [{ kind: "text", x: 400, baseline: 400, size: 48, face: "sans", grey: 0, text }],
    truth: text,
  };
}

/** Where the name goes on {@link consentForm}, in points from the bottom left; what is typed there. */
export const nameField = { left: 170, bottom: 690, width: 220, height: 22, value: "Karla Beispiel" } as const;

/** A form with one field to fill in. */
export function consentForm(): Sheet {
  const text = (x: number, baseline: number, words: string) =>
    ({ kind: "text", x, baseline, size: 12, face: "sans", grey: 0, text: words }) as const;
  return {
    ...a4,
    marks: [
      text(62, 90, "Consent to the operation"),
      text(62, a4.heightPoints - nameField.bottom - 6, "Name of patient:"),
      text(62, 190, "I have read the leaflet and all my questions were answered."),
    ],
    truth: [
      "Consent to the operation",
      `Name of patient: ${nameField.value}`,
      "I have read the leaflet and all my questions were answered.",
    ].join("\n\n"),
  };
}
