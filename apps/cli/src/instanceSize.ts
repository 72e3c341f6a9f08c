const mebibyte = 1024 * 1024;
const units: Readonly<Record<string, number>> = { m: mebibyte, g: 1024 * mebibyte };
/** As MEMORY_LIMIT_MB has it. */
const leastMemoryBytes = 64 * mebibyte;

/**
 * The memory of an instance, such as `512`, `512MB`, `2GB` or `1.5g`; units of 1024.
 *
 * @returns bytes
 * @throws Error if it is none, or too little to plan with
 */
export function parseMemory(text: string): number {
  const [, number, unit = "m"] = /^(\d+(?:\.\d+)?)\s*(?:([mg])(?:i?b)?)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(number) * (units[unit.toLowerCase()] ?? Number.NaN));
  if (!(bytes >= leastMemoryBytes))
    throw new Error("It must be an amount such as 512 or 2GB, from 64 MB on.");
  return bytes;
}

/**
 * How many processors an instance has, such as `0.5`.
 *
 * @throws Error if it is no number above 0
 */
export function parseProcessors(text: string): number {
  const processors = /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(processors > 0)) throw new Error("It must be a number above 0, such as 0.5.");
  return processors;
}
