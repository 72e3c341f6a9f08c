import { useEffect, useState } from "react";
import type { SignInPlace } from "./session.ts";

/** Whether people may make an account by themselves, as the project says; while it says nothing, they may not. */
export function useIsSignUpOpen({ url, anonKey }: SignInPlace): boolean {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    isSignUpOpen(url, anonKey, stop.signal).then(setOpen, () => {});
    return () => stop.abort();
  }, [url, anonKey]);
  return isOpen;
}

async function isSignUpOpen(url: string, anonKey: string, signal: AbortSignal): Promise<boolean> {
  const answer = await fetch(`${url}/auth/v1/settings`, { headers: { apikey: anonKey }, signal });
  const settings = (await answer.json()) as { disable_signup?: unknown };
  return answer.ok && settings.disable_signup === false;
}
