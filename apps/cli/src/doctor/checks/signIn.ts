import { type Check, failure, ok, skipped } from "../check.ts";

const answerWithinMs = 10_000;
/** A key set has some hundred bytes a key. */
const mostCharacters = 100_000;

/** Whether the keys can be had by which tokens are verified. */
export const signIn: Check = {
  name: "sign-in",
  withinSeconds: 15,
  async run({ config: { supabase } }) {
    if (!supabase?.anonKey)
      return skipped("Nobody signs in: SUPABASE_URL and SUPABASE_ANON_KEY are not set.");
    const response = await fetch(`${supabase.url}/auth/v1/.well-known/jwks.json`, {
      headers: { apikey: supabase.anonKey },
      redirect: "error",
      signal: AbortSignal.timeout(answerWithinMs),
    }).catch(() => null);
    const remedy = "Check SUPABASE_URL and SUPABASE_ANON_KEY, and that the project is not paused.";
    if (!response) return failure("Supabase Auth does not answer.", remedy);
    if (!response.ok) return failure(`Supabase Auth answers ${response.status}.`, remedy);
    const keys = countKeys((await response.text()).slice(0, mostCharacters));
    if (keys > 0) return ok(`${keys} published ${keys === 1 ? "key" : "keys"}.`);
    if (supabase.jwtSecret !== null)
      return ok("No published keys; tokens are verified by SUPABASE_JWT_SECRET.");
    return failure(
      "The project publishes no keys: no token can be verified.",
      "Change the project to signing keys, or set SUPABASE_JWT_SECRET to its legacy secret.",
    );
  },
};

function countKeys(text: string): number {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    return Array.isArray(keys) ? keys.length : 0;
  } catch {
    return 0;
  }
}
