export const mebibyte = 1024 * 1024;

/** What a worker is given to live on. */
export interface Limits {
  readonly memoryBytes: number;
  /** Of the machine's, as a share: 0.5 is half of one. */
  readonly processors: number;
}

export interface Setting {
  readonly name: string;
  readonly limits: Limits;
  readonly threads: number;
}

export const settingNames = ["A", "B"] as const;
export type SettingName = (typeof settingNames)[number];

/** A is Render's starter instance; B has the memory of it and processors to spare. */
export const settings: Readonly<Record<SettingName, Setting>> = {
  A: { name: "A", limits: { memoryBytes: 512 * mebibyte, processors: 0.5 }, threads: 1 },
  B: { name: "B", limits: { memoryBytes: 512 * mebibyte, processors: 2 }, threads: 2 },
};

export function describeSetting({ name, limits, threads }: Setting): string {
  const { memoryBytes, processors } = limits;
  return `${name}: ${memoryBytes / mebibyte} MB, ${processors} CPU, OCR threads: ${threads}`;
}
