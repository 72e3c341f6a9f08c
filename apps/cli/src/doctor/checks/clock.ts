import { type Check, failure, ok, warning } from "../check.ts";

/** Tokens and holds on documents are told by both clocks. */
const noticedMs = 5_000;
const brokenMs = 60_000;

/** This machine's clock beside the database's. */
export const clock: Check = {
  name: "clock",
  withinSeconds: 20,
  after: "database",
  async run(context) {
    const database = await context.database();
    const askedAt = Date.now();
    const [row] = await database.query<{ ms: number }>(
      "select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms",
    );
    const answeredAt = Date.now();
    // It was read somewhere in between.
    const early = (row?.ms ?? 0) - answeredAt;
    const late = (row?.ms ?? 0) - askedAt;
    const skewMs = Math.round(early > 0 ? early : late < 0 ? late : 0);
    const found = `${Math.abs(skewMs)} ms ${skewMs < 0 ? "before" : "behind"} the database's.`;
    const remedy = "Set this machine's clock by NTP.";
    if (Math.abs(skewMs) >= brokenMs) return failure(found, remedy);
    return Math.abs(skewMs) >= noticedMs ? warning(found, remedy) : ok(found);
  },
};
