import { createContext } from "react";

/** Whoever is signed in. */
export interface Account {
  readonly email: string;
  signOut(): void;
}

/** Null where nobody signs in. */
export const AccountContext = createContext<Account | null>(null);
