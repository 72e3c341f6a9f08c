import { outputExtensions, outputFormats } from "./formats.ts";

/** All that a document can be had as: what is text, which needs its pages only, and the PDF, which needs the original. */
export const fileFormats = [...outputFormats, "pdf"] as const;
export type FileFormat = (typeof fileFormats)[number];

/** The file name ending of each. */
export const fileExtensions: Record<FileFormat, string> = { ...outputExtensions, pdf: "pdf" };
