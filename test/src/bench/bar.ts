/** What Quire is held to: a figure that was measured, and the most or the least it may be. */
export interface Bar {
  readonly what: string;
  readonly unit: string;
  readonly limit: number;
  readonly kind: "at most" | "at least";
  /** The figure, or undefined where the runs it needs were not made. */
  readonly measured: number | undefined;
}

/** Whether the figure is within its limit; null where it was not measured. */
export function isCleared({ kind, limit, measured }: Bar): boolean | null {
  if (measured === undefined) return null;
  return kind === "at most" ? measured <= limit : measured >= limit;
}

export function atMost(what: string, limit: number, unit: string, measured: number | undefined): Bar {
  return { what, unit, limit, kind: "at most", measured };
}

export function atLeast(what: string, limit: number, unit: string, measured: number | undefined): Bar {
  return { what, unit, limit, kind: "at least", measured };
}
