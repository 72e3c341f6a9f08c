import type { ServerResponse } from "node:http";

/** A refusal of the Data API's own. */
export class RestError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

interface Refusal {
  readonly code?: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}

const statuses: Readonly<Record<string, number>> = { "42501": 403, "23505": 409, "42P01": 404, "42883": 404 };

/** Says what was refused, by us or by the database. */
export function answerRestError(response: ServerResponse, error: unknown): void {
  // What the database raised is the cause of what our own client makes of it.
  const refusal = ((error as Error).cause ?? error) as Refusal;
  const { code = "", message, detail = null, hint = null } = refusal;
  const raised = /^PT(\d{3})$/.exec(code)?.[1];
  const status = error instanceof RestError ? error.status : Number(raised ?? statuses[code] ?? 400);
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ code, message, details: detail, hint }));
}
