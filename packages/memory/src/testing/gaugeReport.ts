/** Reads its own memory before and after it uses some; prints a GaugeReport. */
import { closeSync, fsyncSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { availableResources, type Resources } from "../budget.ts";
import { MemoryGauge, type MemoryReading } from "../memoryGauge.ts";

export interface GaugeReport {
  readonly resources: Resources;
  readonly before: MemoryReading;
  /** With `heldBytes` of anonymous memory touched. */
  readonly withMemory: MemoryReading;
  /** And with `fileBytes` written to a file and read again, which the kernel keeps in its page cache. */
  readonly withFile: MemoryReading;
  readonly heldBytes: number;
  readonly fileBytes: number;
}

const megabyte = 1_000_000;
const heldBytes = 80 * megabyte;
const fileBytes = 60 * megabyte;
// Not in /tmp, which on many systems is memory itself.
const path = `/var/tmp/quire-gauge-${process.pid}`;

const gauge = new MemoryGauge(null);
const piece = Buffer.alloc(megabyte, 7);
const before = gauge.read();
const held = Buffer.alloc(heldBytes, 1);
const withMemory = gauge.read();
const file = openSync(path, "wx+");
try {
  for (let at = 0; at < fileBytes; at += piece.length) writeSync(file, piece, 0, piece.length, at);
  fsyncSync(file);
  for (let at = 0; at < fileBytes; at += piece.length) readSync(file, piece, 0, piece.length, at);
  const report: GaugeReport = {
    resources: availableResources(null),
    before,
    withMemory,
    withFile: gauge.read(),
    heldBytes: held.length,
    fileBytes,
  };
  process.stdout.write(JSON.stringify(report));
} finally {
  closeSync(file);
  rmSync(path);
}
