import { plantedWords } from "./plantedWords.ts";

/** Asks the web server as pages and programs do, and keeps every answer that says no. */
export class AskedWeb {
  /** Status, headers and body of each refusal, with what was asked for. */
  readonly refusals: { readonly asked: string; readonly status: number; readonly text: string }[] = [];
  readonly #url: string;
  readonly #accessToken: string;

  constructor(url: string, accessToken: string) {
    this.#url = url;
    this.#accessToken = accessToken;
  }

  async ask(
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; headers: Headers; text: string }> {
    const headers = { Authorization: `Bearer ${this.#accessToken}`, ...init.headers };
    const response = await fetch(this.#url + path, { ...init, headers });
    const text = await response.text();
    if (response.status >= 400) {
      const told = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      this.refusals.push({
        asked: `${init.method ?? "GET"} ${path}`,
        status: response.status,
        text: told + text,
      });
    }
    return { status: response.status, headers: response.headers, text };
  }

  /** Sends a document. @returns its id */
  async send(content: Buffer, query: Record<string, string> = {}): Promise<string> {
    const parameters = new URLSearchParams({ filename: `${plantedWords["a file's name"]}.pdf`, ...query });
    const { text } = await this.ask(`/api/documents?${parameters}`, {
      method: "POST",
      body: new Uint8Array(content),
    });
    return (JSON.parse(text) as { document: { id: string } }).document.id;
  }

  /** Everything that it refuses, with planted words wherever one can put them. */
  async provokeRefusals(note: Buffer): Promise<void> {
    const refused = `${plantedWords["the name of a file that was refused"]}.pdf`;
    const address = plantedWords["an address that was asked for"];
    const query = plantedWords["what was searched for"];
    const token = { Authorization: `Bearer ${plantedWords["a token that was tried"]}` };
    const unknown = "00000000-0000-4000-8000-00000000dead";
    const body = new Uint8Array(note);
    await this.ask(`/api/documents?filename=${refused}`, { method: "POST", body });
    const form = new FormData();
    form.append("file", new Blob([body]), refused);
    await this.ask("/api/documents", { method: "POST", body: form });
    await this.ask(`/api/documents/${address}`);
    await this.ask(`/api/${address}`);
    await this.ask(`/api/documents/${unknown}/pages/${address}`);
    await this.ask(`/api/documents/%E0%A4%A?${address}`);
    await this.ask(`/api/search?q=${query}&limit=${address}`);
    await this.ask(`/api/search?q=${query}&document=${unknown}`);
    await this.ask(`/api/search?q=${query}%00`);
    await this.ask(`/api/documents?after=${address}`);
    await this.ask("/api/operations", { headers: token });
    await this.ask("/api/documents", { headers: token });
    await this.ask("/api/documents", { headers: { Authorization: `Bearer ${forged(this.#accessToken)}` } });
    await this.ask("/api/documents", {
      method: "POST",
      body,
    });
    await this.#provokeUpload(refused, body);
  }

  async #provokeUpload(filename: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const tus = { "Tus-Resumable": "1.0.0" };
    const metadata = `filename ${Buffer.from(filename).toString("base64")}`;
    const { headers } = await this.ask("/api/uploads", {
      method: "POST",
      headers: { ...tus, "Upload-Length": `${body.length}`, "Upload-Metadata": metadata },
    });
    const location = headers.get("Location") ?? "/api/uploads/none";
    const { pathname } = new URL(location, this.#url);
    for (const offset of [7, 0]) {
      await this.ask(pathname, {
        method: "PATCH",
        headers: { ...tus, "Upload-Offset": `${offset}`, "Content-Type": "application/offset+octet-stream" },
        body,
      });
    }
  }
}

/** The same claims, signed by nobody. */
function forged(token: string): string {
  return `${token.split(".").slice(0, 2).join(".")}.${Buffer.from("signed by nobody").toString("base64url")}`;
}
