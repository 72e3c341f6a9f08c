import { accessDrift } from "@quire/store";
import { type Check, failure, ok } from "../check.ts";

/** Rules that are shown; the rest is counted. */
const shown = 3;

/** Row-level security, policies and grants: whether they are what the migrations made. */
export const accessRules: Check = {
  name: "access rules",
  withinSeconds: 20,
  after: "migrations",
  async run(context) {
    const { missing, added } = await accessDrift(await context.databaseUrl());
    if (missing.length > 0) {
      return failure(
        `${missing.length} are missing: ${listed(missing)}`,
        "Somebody changed them. Run the statements above, which supabase/schema.sql holds, as the tables' owner.",
      );
    }
    if (added.length > 0) {
      return failure(
        `${added.length} were added, and may open documents to others: ${listed(added)}`,
        "Drop those policies and revoke those grants, unless they are meant.",
      );
    }
    return ok("Row-level security, policies and grants are as the migrations made them.");
  },
};

function listed(rules: readonly string[]): string {
  const first = rules.slice(0, shown).map((rule) => rule.replaceAll(/\s+/g, " "));
  return `${first.join(" ")}${rules.length > shown ? " …" : ""}`;
}
