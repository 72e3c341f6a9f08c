/** What `@supabase/auth-js` keeps, and where: see {@link SessionStore}. */
export const sessionKey = "quire-session";
const keptKey = "quire-keep-signed-in";

/**
 * Where the session is kept. By default with the tab (sessionStorage): documents of patients are read on computers that
 * others use after us, and whoever closes the tab there is signed out. Who says that the computer is theirs is kept
 * signed in (localStorage). The secret that a mailed link is exchanged with is always kept beyond the tab, for links
 * open in another one; it is of no use without the link.
 */
export class SessionStore {
  /** Whether sessions are kept when the tab is closed: as was chosen last on this computer. */
  get isKept(): boolean {
    return localStorage.getItem(keptKey) !== null;
  }

  set isKept(isKept: boolean) {
    if (isKept) {
      localStorage.setItem(keptKey, "1");
    } else {
      localStorage.removeItem(keptKey);
    }
  }

  getItem(key: string): string | null {
    return sessionStorage.getItem(key) ?? localStorage.getItem(key);
  }

  setItem(key: string, value: string): void {
    const isForTab = key === sessionKey && !this.isKept;
    this.removeItem(key);
    (isForTab ? sessionStorage : localStorage).setItem(key, value);
  }

  removeItem(key: string): void {
    sessionStorage.removeItem(key);
    localStorage.removeItem(key);
  }
}
