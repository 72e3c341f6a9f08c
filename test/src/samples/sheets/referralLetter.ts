import type { Sheet } from "../sheet.ts";
import { SheetBuilder } from "../sheetBuilder.ts";

const typesetting = { face: "serif", size: 11.5, columns: 96 } as const;

/** A letter of two pages, as a word processor exports it. */
export function referralLetter(): Sheet[] {
  const first = new SheetBuilder(typesetting)
    .heading("Riverbend Clinic", 20)
    .lines("Department of Internal Medicine", "12 Example Street, 00000 Sampletown", "Telephone 555 0100")
    .skip(12)
    .lines("Dr. Jörg Muster", "Heart Practice at the Old Mill", "3 Specimen Square", "00000 Sampletown")
    .skip(12)
    .lines("14 March 2024")
    .heading("Referral: Anna Beispiel, born 2 May 1961")
    .lines("Dear Dr. Muster,")
    .paragraph(
      "Thank you for seeing Mrs. Beispiel, who has had shortness of breath on climbing stairs for about six weeks. " +
        "She reports no chest pain, no fainting and no fever. Twice she woke at night and had to sit up to breathe. " +
        "Her ankles have been swollen in the evening since the beginning of February.",
    )
    .paragraph(
      "On examination she was comfortable at rest. Blood pressure was 148/86 mmHg, the pulse irregular at 92 beats " +
        "per minute, and the temperature 36.8 °C. There were fine crackles at both lung bases and mild oedema of both " +
        "ankles. The abdomen was soft and not tender. The electrocardiogram shows atrial fibrillation that was not " +
        "present in the tracing of last autumn.",
    )
    .heading("Laboratory results of 12 March")
    .table(
      [150, 90, 90, 130],
      [
        ["Test", "Result", "Unit", "Reference"],
        ["Haemoglobin", "13.1", "g/dL", "12.0 – 15.5"],
        ["Creatinine", "0.92", "mg/dL", "0.50 – 1.10"],
        ["Potassium", "4.3", "mmol/L", "3.5 – 5.1"],
        ["NT-proBNP", "1240", "pg/mL", "under 300"],
        ["TSH", "2.1", "mU/L", "0.4 – 4.0"],
      ],
    )
    .paragraph(
      "We have started the treatment that is listed on the next page and told her to weigh herself every day.",
    )
    .build();
  const second = new SheetBuilder(typesetting)
    .heading("Present medication")
    .lines(
      "• Ramipril 5 mg, one tablet in the morning",
      "• Bisoprolol 2.5 mg, one tablet in the morning",
      "• Apixaban 5 mg, one tablet morning and evening",
      "• Furosemide 20 mg, one tablet in the morning",
    )
    .heading("Questions")
    .paragraph(
      "We would be grateful for an echocardiogram and for your opinion on rate or rhythm control. Please also say " +
        "whether you think a stress test is of use before the planned operation on her left knee, which the surgeons " +
        "have put off until May.",
    )
    .paragraph(
      "Mrs. Beispiel is allergic to penicillin (a rash, in 1998). She lives alone on the third floor and does her own " +
        "shopping. Her daughter, Carla Beispiel, comes along to appointments and should be told about changes of the " +
        "medication.",
    )
    .paragraph("With kind regards,")
    .skip(36)
    .lines("Dr. Petra Placeholder", "Senior Physician, Riverbend Clinic")
    .skip(18)
    .lines("Enclosed: electrocardiogram, laboratory report", "Page 2 of 2")
    .build();
  return [first, second];
}
