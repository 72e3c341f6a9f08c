export {
  type FormatPages,
  formatters,
  type OutputDocument,
  type OutputFormat,
  outputExtensions,
  outputFormats,
} from "./documentOutput.ts";
export { jsonVersion } from "./json.ts";
