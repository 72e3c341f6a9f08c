import { blankSheet, type Sheet } from "../sheet.ts";
import { SheetBuilder } from "../sheetBuilder.ts";

const heading = "Sampletown Health Centre";

/** A record put together from several sources: its pages are written to the PDF in different ways. */
export function mixedRecord(): { digital: Sheet; scanned: Sheet; blank: Sheet; sideways: Sheet } {
  return {
    digital: new SheetBuilder({ face: "sans", size: 11, columns: 90 })
      .heading(heading, 18)
      .heading("Record of David Muster, born 8 June 1972")
      .paragraph(
        "This record was put together on request of the patient. It holds a note of the visit in October, a report " +
          "of the lung function laboratory and a separating sheet.",
      )
      .paragraph(
        "Known conditions: asthma since childhood, hay fever in spring. No operations. He does not smoke and works as " +
          "a carpenter in a dusty workshop.",
      )
      .build(),
    scanned: new SheetBuilder({ face: "serif", size: 12.5, columns: 84 })
      .heading(heading, 18)
      .heading("Note of the visit on 10 October")
      .paragraph(
        "Mr. Muster came because of a dry cough that has kept him awake for two weeks. He uses his spray more often than " +
          "before, up to five times a day. There was no fever and no blood in the sputum.",
      )
      .paragraph(
        "Both lungs showed a faint wheeze on breathing out. The oxygen saturation was 97 percent. The throat was clear. " +
          "We agreed on a steroid spray in the morning and in the evening, and on a mask at work.",
      )
      .paragraph("Next visit in four weeks, earlier if the breath gets short at rest.")
      .skip(20)
      .lines("Dr. Olga Fictive")
      .build(),
    blank: blankSheet,
    sideways: new SheetBuilder({ face: "sans", size: 12.5, columns: 74 })
      .heading("Lung Function Report", 18)
      .lines("Patient: David Muster", "Date: 24 October 2023")
      .table(
        [150, 100, 110, 100],
        [
          ["Value", "Measured", "Expected", "Percent"],
          ["FVC in litres", "4.61", "4.90", "94"],
          ["FEV1 in litres", "3.02", "3.88", "78"],
          ["Peak flow", "410", "560", "73"],
        ],
      )
      .paragraph(
        "The values show a mild narrowing of the airways. Twelve minutes after the spray the second value rose to 3.51 " +
          "litres, which speaks for asthma that is not yet well controlled.",
      )
      .paragraph("The patient worked along well and three tests agreed with each other.")
      .build(),
  };
}
