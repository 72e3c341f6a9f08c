import { readFile } from "node:fs/promises";
import { describeSchema } from "../schema/describeSchema.ts";

const expectedSchema = new URL("../../../../supabase/schema.sql", import.meta.url);
/** What decides who may see and do what. */
const isAccessRule = /^(create policy |alter table \S+ enable row level security|grant )/;
/** Whom the rules are there for; what an operator grants to roles of his own is his affair. */
const isToUsers = /^create policy |\bto (anon|authenticated|public);$/;

export interface AccessDrift {
  /** Rules that the migrations make and the database lacks. */
  readonly missing: readonly string[];
  /** Rules on our tables and functions, or on Supabase's files, that the migrations do not make. */
  readonly added: readonly string[];
}

/**
 * Compares row-level security, policies and grants with what the migrations make of them.
 *
 * @throws QuireError `database_unavailable`
 */
export async function accessDrift(url: string): Promise<AccessDrift> {
  const [expectedText, foundText] = await Promise.all([
    readFile(expectedSchema, "utf8"),
    describeSchema(url),
  ]);
  const [expected, found] = [rulesIn(expectedText), rulesIn(foundText)];
  const ours = objectsIn(expectedText);
  return {
    missing: [...expected].filter((rule) => !found.has(rule)),
    added: [...found].filter((rule) => !expected.has(rule) && isToUsers.test(rule) && isAbout(rule, ours)),
  };
}

/** A rule may go over several lines: up to the semicolon that ends one. */
function rulesIn(text: string): Set<string> {
  const statements = text.split(/;\n/).map((statement) => `${statement.trim()};`);
  return new Set(statements.filter((statement) => isAccessRule.test(statement)));
}

/** Tables and functions that the migrations make, and what of Supabase's they have policies on. */
function objectsIn(text: string): Set<string> {
  const made = [...text.matchAll(/^create (?:table|or replace function) ([\w.]+)/gim)].map(
    ([, name]) => name,
  );
  const ruled = [...text.matchAll(/^create policy "[^"]*" on (\S+)/gm)].map(([, name]) => name);
  return new Set([...made, ...ruled].filter((name) => name !== undefined));
}

/** What a rule is about stands after ` on `, which a policy's name, in quotes, may contain too. */
const subject = /^(?:create policy (?:"(?:[^"]|"")*"|\S+)|grant .*?) on (?:function )?([\w.]+)/s;

function isAbout(rule: string, objects: ReadonlySet<string>): boolean {
  const [, name = ""] = subject.exec(rule) ?? [];
  return objects.has(name);
}
