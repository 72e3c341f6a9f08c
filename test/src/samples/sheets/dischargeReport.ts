import type { Sheet } from "../sheet.ts";
import { SheetBuilder } from "../sheetBuilder.ts";

const typesetting = { face: "sans", size: 12, columns: 80 } as const;

/** Three pages that an office scanner made black and white. */
export function dischargeReport(): Sheet[] {
  const page = (number: number) =>
    new SheetBuilder(typesetting).lines(`Riverbend Clinic - Discharge report - Page ${number} of 3`).skip(14);
  return [
    page(1)
      .heading("Discharge Report")
      .lines("Patient: Clara Vorlage", "Born: 30 November 1947", "In hospital: 4 to 11 February 2024")
      .heading("Reason for admission", 14)
      .paragraph(
        "Mrs. Vorlage was brought in by ambulance after she had fallen in her kitchen. She could not stand up and had " +
          "strong pain in the left hip. She had not lost consciousness and remembers the fall well.",
      )
      .heading("Findings", 14)
      .paragraph(
        "The left leg was shortened and turned outwards. Pulses and feeling in the foot were normal. The X-ray showed " +
          "a fracture of the neck of the left femur. The chest film and the electrocardiogram were without new changes.",
      )
      .build(),
    page(2)
      .heading("Treatment", 14)
      .paragraph(
        "The fracture was treated on the day of admission with a cemented half joint. The operation took one hour and " +
          "went without difficulty. Two units of blood were held ready and were not needed.",
      )
      .paragraph(
        "From the first day on she practised walking with the physiotherapist. On the fifth day she walked forty metres " +
          "with a frame and climbed six stairs. The wound was dry and clean at every change of dressing.",
      )
      .heading("Laboratory", 14)
      .table(
        [170, 110, 110],
        [
          ["Test", "Admission", "Discharge"],
          ["Haemoglobin", "12.4", "10.8"],
          ["Leukocytes", "9.7", "7.2"],
          ["Sodium", "136", "139"],
          ["Creatinine", "1.04", "0.96"],
        ],
      )
      .build(),
    page(3)
      .heading("Medication at discharge", 14)
      .lines(
        "Paracetamol 500 mg, up to four times a day for pain",
        "Enoxaparin 40 mg under the skin once a day until 17 March",
        "Vitamin D 1000 units once a day",
        "Amlodipine 5 mg in the morning, as before",
      )
      .heading("Recommendations", 14)
      .paragraph(
        "Full weight may be put on the leg. Please take out the stitches on the twelfth day. We ask for a measurement " +
          "of bone density within three months. An appointment in our hip clinic has been made for 2 April at 10:30.",
      )
      .paragraph("She goes to the rehabilitation centre on the lake and then home to her sister.")
      .skip(40)
      .lines("Dr. Max Dummy", "Ward 4, Riverbend Clinic")
      .build(),
  ];
}
