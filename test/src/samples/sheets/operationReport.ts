import type { Sheet } from "../sheet.ts";
import { SheetBuilder } from "../sheetBuilder.ts";

/** One typed page of about 200 words. */
export function operationReport(): Sheet {
  return new SheetBuilder({ face: "serif", size: 12, columns: 88 })
    .heading("Riverbend Clinic", 18)
    .lines("Department of Surgery")
    .skip(10)
    .heading("Operation Report")
    .lines("Patient: Bruno Exempel", "Born: 17 August 1954", "Date of operation: 9 January 2024")
    .lines("Surgeon: Dr. Ida Sample", "Assistant: Dr. Max Dummy")
    .heading("Diagnosis", 14)
    .paragraph("Gallstones with repeated pain in the right upper abdomen.")
    .heading("Procedure", 14)
    .paragraph(
      "After the team had checked the name of the patient and the planned operation, the abdomen was cleaned and " +
        "covered in the usual way. A small cut was made below the navel and the first port was placed under direct " +
        "view. Three more ports followed. The liver was smooth and of normal colour. The gallbladder was thickened " +
        "but could be grasped without difficulty.",
    )
    .paragraph(
      "The cystic duct and the cystic artery were shown clearly, each was closed with two clips and then divided. " +
        "The gallbladder was freed from its bed and removed in a bag. There was no bleeding and no leak of bile. All " +
        "ports were removed under view and the skin was closed with single stitches.",
    )
    .heading("Further care", 14)
    .paragraph(
      "The patient may drink this evening and eat from tomorrow on. Stitches can be taken out after ten days by the " +
        "family doctor. He should not lift heavy weights for four weeks. The tissue was sent to the laboratory and a " +
        "written result will follow.",
    )
    .skip(30)
    .lines("Dr. Ida Sample")
    .build();
}
