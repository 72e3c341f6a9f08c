import type { AuthError } from "@supabase/supabase-js";
import { useState } from "react";
import { authWords } from "./authWords.ts";

type Outcome = { readonly error: AuthError | null };

/** Something asked of Supabase Auth: whether it is under way, and what it was refused for, in words. */
export function useAuthAction() {
  const [isBusy, setBusy] = useState(false);
  const [words, setWords] = useState<string | null>(null);

  /** @returns whether it was done */
  async function perform(action: () => Promise<Outcome>): Promise<boolean> {
    setBusy(true);
    setWords(null);
    const { error } = await action();
    setBusy(false);
    setWords(error === null ? null : authWords(error));
    return error === null;
  }

  return { isBusy, words, perform, forget: () => setWords(null) };
}
