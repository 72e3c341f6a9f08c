export {
  checkModels,
  findModels,
  type ModelFile,
  type ReaderModels,
  type RecogniserFile,
} from "./findModels.ts";
