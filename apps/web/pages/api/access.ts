/**
 * How the pages ask Quire: as anybody where nobody signs in, with a token where people do. Requests, events, pictures,
 * downloads and uploads all go through the one that is in force, so that none of them can forget the token.
 */
export interface Access {
  /** Whether a request needs a header that a link, a picture's address or the browser's own EventSource cannot send. */
  readonly needsHeader: boolean;
  /** As `fetch` does; with a token that has just expired it asks once more. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  listen(path: string): EventSource;
  /** For libraries that send requests of their own. Empty where nobody signs in. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** After a request with such headers was refused (401): whether it is worth another with what `headers` gives now. */
  renew(refused: Readonly<Record<string, string>>): Promise<boolean>;
}

/** Nobody signs in. */
export const openAccess: Access = {
  needsHeader: false,
  fetch: (path, init) => fetch(path, init),
  listen: (path) => new EventSource(path),
  headers: async () => ({}),
  renew: async () => false,
};

let inForce: Access = openAccess;

export function access(): Access {
  return inForce;
}

export function putInForce(access: Access): void {
  inForce = access;
}
