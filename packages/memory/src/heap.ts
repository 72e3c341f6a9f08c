import { getHeapStatistics } from "node:v8";

/**
 * A process's or a thread's JavaScript memory, in bytes. `heapUsed` of `heapTotal` says nothing: V8 keeps the total
 * just above what is used. `heapLimit` is where V8 gives up; what is external lies outside the heap.
 */
export interface HeapFigures {
  readonly heapUsed: number;
  readonly heapTotal: number;
  readonly heapLimit: number;
  readonly external: number;
  readonly arrayBuffers: number;
}

export function heapFigures(): HeapFigures {
  const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  return { heapUsed, heapTotal, heapLimit: getHeapStatistics().heap_size_limit, external, arrayBuffers };
}
