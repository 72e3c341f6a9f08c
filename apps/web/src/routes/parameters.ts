import { QuireError } from "@quire/core";
import type { JsonSchema } from "@valibot/to-json-schema";

/** A parameter of an address: how it is read, and how it is documented. */
export interface Parameter<Value> {
  readonly description: string;
  readonly schema: JsonSchema;
  /** What it must be, in words. */
  readonly must: string;
  /** @param text undefined where it was not given @returns null where it is not what it must be */
  read(text: string | undefined): { readonly value: Value } | null;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;
export type Values<Of extends Parameters> = {
  readonly [Name in keyof Of]: Of[Name] extends Parameter<infer Value> ? Value : never;
};

const digits = /^\d{1,15}$/;

/** A whole number; `fallback` where it is not given. */
export function wholeNumber<Fallback extends number | undefined>(
  description: string,
  { least, most, fallback }: { least: number; most: number; fallback: Fallback },
): Parameter<number | Fallback> {
  return {
    description,
    schema: {
      type: "integer",
      minimum: least,
      maximum: most,
      ...(fallback !== undefined && { default: fallback }),
    },
    must: `a whole number from ${least} to ${most}`,
    read(text) {
      if (text === undefined) return { value: fallback };
      const value = digits.test(text) ? Number(text) : Number.NaN;
      return value >= least && value <= most ? { value } : null;
    },
  };
}

export function oneOf<Choice extends string>(
  description: string,
  choices: readonly Choice[],
): Parameter<Choice | undefined> {
  return {
    description,
    schema: { type: "string", enum: [...choices] },
    must: `one of ${choices.join(", ")}`,
    read(text) {
      const value = choices.find((choice) => choice === text);
      return value === undefined && text !== undefined ? null : { value };
    },
  };
}

export function text(description: string, maxLength: number): Parameter<string | undefined> {
  return {
    description,
    schema: { type: "string", maxLength },
    must: `at most ${maxLength} characters`,
    read: (given) => (given !== undefined && given.length > maxLength ? null : { value: given }),
  };
}

export function flag(description: string): Parameter<boolean> {
  return {
    description,
    schema: { type: "string", enum: ["0", "1"], default: "0" },
    must: "0 or 1",
    read(given) {
      if (given === undefined || given === "0") return { value: false };
      return given === "1" ? { value: true } : null;
    },
  };
}

/**
 * The parameters of an address. Nothing is overlooked: one that is unknown, given twice or not as it must be is refused
 * by name.
 *
 * @throws QuireError `invalid_request`
 */
export function readParameters<Of extends Parameters>(address: string, of: Of): Values<Of> {
  const start = address.indexOf("?");
  const given = new URLSearchParams(start < 0 ? "" : address.slice(start));
  for (const name of new Set(given.keys())) {
    if (!Object.hasOwn(of, name)) {
      const known = Object.keys(of).join(", ") || "none";
      throw refused(`There is no parameter "${shortened(name)}" here; known: ${known}.`);
    }
    if (given.getAll(name).length > 1) throw refused(`The parameter ${name} is given more than once.`);
  }
  const entries = Object.entries(of).map(([name, parameter]) => {
    const read = parameter.read(given.get(name) ?? undefined);
    if (!read) throw refused(`The parameter ${name} must be ${parameter.must}.`);
    return [name, read.value];
  });
  return Object.fromEntries(entries) as Values<Of>;
}

const shownCharacters = 40;

function shortened(name: string): string {
  return name.length > shownCharacters ? `${name.slice(0, shownCharacters)}…` : name;
}

function refused(message: string): QuireError {
  return new QuireError("invalid_request", message);
}
