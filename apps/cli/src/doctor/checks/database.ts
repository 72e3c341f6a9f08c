import { type Check, failure, ok, warning } from "../check.ts";

/** The oldest that Supabase offers. */
const leastMajor = 15;
const versionsPerMajor = 10_000;

interface Row {
  readonly version: number;
  readonly standby: boolean;
  /** Null where a pooler stands between, whose own connection is meant. */
  readonly encrypted: boolean | null;
  readonly local: boolean;
}

const facts = `
  select current_setting('server_version_num')::int as version, pg_is_in_recovery() as standby,
    (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as encrypted,
    coalesce(inet_server_addr() <<= '127.0.0.0/8' or inet_server_addr() = '::1', true) as local`;

export const database: Check = {
  name: "database",
  withinSeconds: 20,
  async run(context) {
    const [row] = await (await context.database()).query<Row>(facts);
    if (!row) return failure("It does not say what it is.", "Check DATABASE_URL.");
    const major = Math.floor(row.version / versionsPerMajor);
    if (major < leastMajor)
      return failure(`Postgres ${major} is too old.`, `Use Postgres ${leastMajor} or newer.`);
    if (row.standby)
      return failure("It is a standby, and takes no documents.", "Point DATABASE_URL at the primary server.");
    if (!row.local && row.encrypted === false) {
      return warning(
        `Postgres ${major}; the connection to it is not encrypted.`,
        "Add sslmode=verify-full to DATABASE_URL, and sslrootcert where its certificate is its own.",
      );
    }
    return ok(`Postgres ${major}${row.encrypted ? ", encrypted" : ""}`);
  },
};
