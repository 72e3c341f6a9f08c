import { Counter, Gauge, Histogram, type Registry } from "./promClient.ts";

/** For each label the values it can have: the only ones there are, so that the series are bounded. */
export type LabelValues<Label extends string> = Readonly<Record<Label, readonly string[]>>;

const prefix = "quire_";

/** Makes the instruments of one registry, each with every label value from the start. */
export class Instruments {
  readonly #registers: Registry[];

  constructor(registry: Registry) {
    this.#registers = [registry];
  }

  /** A counter that is at 0 for every label value: a rate can be taken of what has not happened yet. */
  counter<Label extends string = never>(name: string, help: string, values?: LabelValues<Label>) {
    const counter = new Counter<Label>({ ...this.#named(name, help), labelNames: labelNames(values) });
    for (const labels of combinations(values)) counter.inc(labels, 0);
    return counter;
  }

  /** The same for durations; `bounds` in seconds. */
  histogram<Label extends string>(
    name: string,
    help: string,
    bounds: readonly number[],
    values: LabelValues<Label>,
  ) {
    const histogram = new Histogram<Label>({
      ...this.#named(name, help),
      labelNames: labelNames(values),
      buckets: [...bounds],
    });
    for (const labels of combinations(values)) histogram.zero(labels);
    return histogram;
  }

  /** A gauge without a value until it is set: what is not known is not told. */
  gauge<Label extends string = never>(name: string, help: string, labels: readonly Label[] = []) {
    const gauge = new Gauge<Label>({ ...this.#named(name, help), labelNames: [...labels] });
    // One without labels would start at 0.
    if (labels.length === 0) gauge.remove();
    return gauge;
  }

  #named(name: string, help: string) {
    return { name: `${prefix}${name}`, help, registers: this.#registers };
  }
}

function labelNames<Label extends string>(values: LabelValues<Label> | undefined): Label[] {
  return values === undefined ? [] : (Object.keys(values) as Label[]);
}

/** Every combination of label values; one without labels if there are none. */
function combinations<Label extends string>(values?: LabelValues<Label>): Record<Label, string>[] {
  let rows = [{} as Record<Label, string>];
  for (const label of labelNames(values)) {
    const choices = values?.[label] ?? [];
    rows = rows.flatMap((row) => choices.map((choice) => ({ ...row, [label]: choice })));
  }
  return rows;
}
