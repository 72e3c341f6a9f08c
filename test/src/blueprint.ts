import { readFileSync } from "node:fs";
import { settings } from "@quire/core";
import { parse } from "yaml";
import { fromTop } from "./quire.ts";

/** One entry of `envVars`: a group's name, or a variable with one source. */
export interface EnvVar {
  readonly key?: string;
  readonly value?: unknown;
  readonly sync?: boolean;
  readonly generateValue?: boolean;
  readonly fromGroup?: string;
  readonly fromService?: { readonly type: string; readonly name: string; readonly envVarKey: string };
}

export interface Service extends Readonly<Record<string, unknown>> {
  readonly name: string;
  readonly envVars: readonly EnvVar[];
}

interface Blueprint {
  readonly services: readonly Service[];
  readonly envVarGroups: readonly { readonly name: string; readonly envVars: readonly EnvVar[] }[];
}

/** render.yaml as it is written, and as it is read. */
export const blueprintText = readFileSync(fromTop("render.yaml"), "utf8");
export const blueprint = parse(blueprintText) as Blueprint;

export function serviceOf(name: string): Service {
  const service = blueprint.services.find((candidate) => candidate.name === name);
  if (!service) throw new Error(`render.yaml has no service ${name}`);
  return service;
}

/** The variables that a service gets, those of its groups included, in that order. */
export function variablesOf(service: Service): EnvVar[] {
  return service.envVars.flatMap((entry) => {
    if (entry.fromGroup === undefined) return [entry];
    const group = blueprint.envVarGroups.find(({ name }) => name === entry.fromGroup);
    if (!group) throw new Error(`render.yaml has no group ${entry.fromGroup}`);
    return [...group.envVars];
  });
}

/** What Render would give a service, the secrets apart; settings that it leaves out are unset. */
export function environmentOf(service: Service): Record<string, string> {
  const unset = Object.keys(settings).map((name): [string, string] => [name, ""]);
  const set = variablesOf(service).map(({ key, value }): [string, string] => [
    String(key),
    String(value ?? ""),
  ]);
  return Object.fromEntries([...unset, ...set]);
}
