import { migrationDrift } from "@quire/store";
import { type Check, failure, ok, warning } from "../check.ts";

export const migrations: Check = {
  name: "migrations",
  withinSeconds: 20,
  after: "database",
  async run(context) {
    const { applied, missing, unknown } = await migrationDrift(await context.database());
    if (missing.length > 0)
      return failure(`${missing.length} are missing, from ${missing[0]} on.`, "Run: quire migrate");
    if (unknown.length === 0) return ok(`${applied} applied.`);
    return warning(
      `${unknown.length} are not of this version, the first ${unknown[0]}.`,
      "If a newer version of Quire made them, bring this one up to it; another application's do no harm.",
    );
  },
};
