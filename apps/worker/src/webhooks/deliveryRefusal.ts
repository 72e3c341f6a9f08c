import type { DeliveryError } from "@quire/store";

/** Why a message was not even sent. */
export class DeliveryRefusal extends Error {
  override readonly name = "DeliveryRefusal";
  readonly error: DeliveryError;

  constructor(error: DeliveryError) {
    super(error);
    this.error = error;
  }
}
