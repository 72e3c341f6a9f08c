export { type FileFormat, fileExtensions, fileFormats } from "./fileFormats.ts";
export type { FormatOptions, FormatPages, OutputDocument } from "./formatPages.ts";
export { formatters, type OutputFormat, outputExtensions, outputFormats } from "./formats.ts";
export { jsonVersion } from "./json.ts";
export { type MadeOutput, makeOutput } from "./makeOutput.ts";
export { type MakePdfOptions, makePdf } from "./maker/makePdf.ts";
export type { PdfSource } from "./pdf/writePdf.ts";
