import type { Sheet } from "../sheet.ts";
import { SheetBuilder } from "../sheetBuilder.ts";

/** A fax of about 60 words, large enough for 98 lines an inch. */
export function faxNote(): Sheet {
  return new SheetBuilder({ face: "sans", size: 16, columns: 48 })
    .heading("FAX", 30)
    .lines("To: Heart Practice at the Old Mill", "From: Riverbend Clinic, Ward 4", "Pages: 1")
    .skip(10)
    .heading("Appointment for Gustav Muster", 18)
    .paragraph(
      "Please give Mr. Muster an appointment within the next two weeks. His blood pressure was too high on three days " +
        "and he has had headaches in the morning. A list of his tablets will follow by post. Please call us when the " +
        "date is fixed.",
    )
    .skip(10)
    .lines("Thank you,", "Nurse Ulla Sample")
    .build();
}
