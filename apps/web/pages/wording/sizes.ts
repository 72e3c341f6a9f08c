import prettyBytes from "pretty-bytes";

/** "4.2 MB", of 1,000,000 bytes each, as files are counted. */
export function size(bytes: number): string {
  return prettyBytes(bytes, { maximumFractionDigits: 1, nonBreakingSpace: true });
}

/** "312 MiB", of 1,048,576 bytes each, as memory is counted. */
export function memorySize(bytes: number): string {
  return prettyBytes(bytes, { binary: true, maximumFractionDigits: 0, nonBreakingSpace: true });
}

const percentFormat = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });

/** 0.853 as "85 %", the way the reader writes it. */
export function percent(share: number): string {
  return percentFormat.format(share);
}

const countFormat = new Intl.NumberFormat();

export function count(value: number): string {
  return countFormat.format(value);
}

/** "1 page", "142 pages". */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
