/**
 * How the pages ask Quire: as anybody where nobody signs in, with a token where people do. Requests, events, pictures,
 * downloads and uploads all go through the one that is in force, so that none of them can forget the token.
 */
export interface Access {
  /** As `fetch` does; with a token that has just expired it asks once more. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  listen(path: string): EventSource;
  /** For libraries that send requests of their own. Empty where nobody signs in. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** After a request with such headers was refused (401): whether it is worth another with what `headers` gives now. */
  renew(refused: Readonly<Record<string, string>>): Promise<boolean>;
  /** In place of links and addresses of pictures, which send no header; null where none is needed. */
  readonly inPlaceOfLinks: InPlaceOfLinks | null;
}

export interface InPlaceOfLinks {
  readonly pictures: Pictures;
  /** Has the browser save a file. @throws Problem */
  download(path: string): Promise<void>;
}

/** Pictures of pages, by the address they have. */
export interface Pictures {
  take(path: string): TakenPicture;
}

/** A picture that is shown somewhere. */
export interface TakenPicture {
  /** An address of it that an `img` can have, until it is given back. */
  readonly url: Promise<string>;
  giveBack(): void;
}

/** Nobody signs in. */
export const openAccess: Access = {
  fetch: (path, init) => fetch(path, init),
  listen: (path) => new EventSource(path),
  headers: async () => ({}),
  renew: async () => false,
  inPlaceOfLinks: null,
};

let inForce: Access = openAccess;

export function access(): Access {
  return inForce;
}

export function putInForce(access: Access): void {
  inForce = access;
}
