import { QuireError } from "@quire/core";
import { carriesToken } from "@quire/core/token";
import type { Request } from "express";
import type { Services } from "./route.ts";

/**
 * Whether whoever asks runs Quire. Where people sign in, that takes a token of its own: a user is no operator.
 *
 * @throws QuireError `unauthorized`, `operations_closed`
 */
export function assertOperator(request: Request, { callers, config }: Services): void {
  const { token } = config.web;
  if (token === null && callers.signsIn)
    throw new QuireError(
      "operations_closed",
      "Nobody may see this, as no OPERATIONS_TOKEN is set. Set it, and send it: Authorization: Bearer …",
    );
  if (carriesToken(request.get("Authorization"), token)) return;
  throw new QuireError("unauthorized", "Send the OPERATIONS_TOKEN: Authorization: Bearer …");
}
