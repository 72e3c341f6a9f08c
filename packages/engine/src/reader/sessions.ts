import { readFileSync } from "node:fs";
import type { ReaderModels, RecogniserFile } from "@quire/models";
import type { InferenceSession } from "onnxruntime-node";
import { frameWidth } from "./lineImage.ts";

type Runtime = typeof import("onnxruntime-node");

/**
 * A model that takes one float32 tensor and gives one. Both lie in memory that is used again with every run: a page has a
 * hundred lines, and what each leaves behind would wait for the garbage collector.
 */
export interface Network {
  /** Memory for an input of so many numbers. What it holds is undefined. */
  inputOf(length: number): Float32Array;
  /** `data` holds until the next run. */
  run(
    input: Float32Array,
    shape: readonly number[],
  ): Promise<{ data: Float32Array; shape: readonly number[] }>;
}

/** A recogniser and its classes: index 0 is the CTC blank, the last is the space. */
export interface RecogniserNetwork extends Network {
  readonly charset: readonly string[];
}

export interface ReaderNetworks {
  readonly detector: Network;
  readonly fast: RecogniserNetwork;
  readonly accurate: RecogniserNetwork;
}

/**
 * Loads the three models into this thread. `run` blocks the thread while it computes (onnxruntime-node 1.30).
 *
 * @throws Error where the native library cannot be loaded, or a model is not valid ONNX
 */
export async function loadNetworks(models: ReaderModels): Promise<ReaderNetworks> {
  const runtime = await import("onnxruntime-node");
  return {
    detector: await loadNetwork(runtime, models.detector.path, ([, , height = 0, width = 0]) => [
      1,
      1,
      height,
      width,
    ]),
    fast: await loadRecogniser(runtime, models.fast),
    accurate: await loadRecogniser(runtime, models.accurate),
  };
}

async function loadRecogniser(runtime: Runtime, file: RecogniserFile): Promise<RecogniserNetwork> {
  const charset = JSON.parse(readFileSync(file.charsetPath, "utf8")) as string[];
  const outputShape = ([, , , width = 0]: readonly number[]) => [1, width / frameWidth, charset.length];
  return { ...(await loadNetwork(runtime, file.path, outputShape)), charset };
}

/** @param outputShape the shape of the output for that of an input */
async function loadNetwork(
  { InferenceSession, Tensor }: Runtime,
  path: string,
  outputShape: (inputShape: readonly number[]) => number[],
): Promise<Network> {
  const session = await InferenceSession.create(path, sessionOptions);
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  if (!input || !output) throw new Error("a model without input or output");
  const inputs = new Scratch();
  const outputs = new Scratch();
  return {
    inputOf: (length) => inputs.of(length),
    async run(values, shape) {
      const resultShape = outputShape(shape);
      const data = outputs.of(resultShape.reduce((product, side) => product * side));
      const result = new Tensor("float32", data, resultShape);
      await session.run({ [input]: new Tensor("float32", values, shape) }, { [output]: result });
      return { data, shape: resultShape };
    },
  };
}

/** Memory that grows to the largest size asked for, which the sizes of pieces bound. */
class Scratch {
  #memory = new Float32Array(0);

  of(length: number): Float32Array {
    if (this.#memory.length < length) this.#memory = new Float32Array(length);
    return this.#memory.subarray(0, length);
  }
}

/**
 * One thread: a second one spins while it waits, 1.1 s of processor time became 1.85. Without the arena: it keeps the
 * largest page's memory for good (peak 234 MB became 259, measured on 22 pages of 8 megapixels).
 */
const sessionOptions: InferenceSession.SessionOptions = {
  executionProviders: ["cpu"],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  enableCpuMemArena: false,
  enableMemPattern: false,
  graphOptimizationLevel: "all",
  logSeverityLevel: 4,
};
