export type { FormatPages, OutputDocument } from "./formatPages.ts";
export { formatters, type OutputFormat, outputExtensions, outputFormats } from "./formats.ts";
export { jsonVersion } from "./json.ts";
export { type MadeOutput, makeOutput } from "./makeOutput.ts";
