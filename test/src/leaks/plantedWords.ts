/**
 * Words that occur nowhere by themselves, and what each of them stands for. Letters and digits only, so that they come
 * through any encoding of text as they are.
 */
export const plantedWords = {
  "text of a page": "quarzfelsen7731",
  "a file's name": "nebelhorn5512",
  "the name of a file that was refused": "sturmlaterne4088",
  "what was searched for": "kuckucksnelke9164",
  "an address that was asked for": "wacholderheide2350",
  "a token that was tried": "granatapfelkern8847",
  "a user's address": "distelfink5570",
  OPERATIONS_TOKEN: "operationstoken6627planted",
  SUPABASE_SERVICE_ROLE_KEY: "servicerolekey1938planted",
  SUPABASE_JWT_SECRET: "jwtsecret3019planted000000000000000",
} as const;

/** What must not get out: what it is, and how it is written. */
export type Secrets = Readonly<Record<string, string>>;

/** What of it occurs in a text, whatever its case: text search, for one, knows no capitals. */
export function foundIn(text: string, secrets: Secrets): string[] {
  const lowered = text.toLowerCase();
  return Object.entries(secrets)
    .filter(([, word]) => lowered.includes(word.toLowerCase()))
    .map(([meaning]) => meaning);
}
