import assert from "node:assert/strict";
import { test } from "node:test";
import { QuireError } from "@quire/core";
import { PlacesOfOwners } from "./places.ts";

const full = () => new QuireError("too_many_uploads", "Full.");

test("an owner takes no more than an owner may, and all together no more than there are", () => {
  const places = new PlacesOfOwners(5, 2, full);
  const held = ["a", "a", "b", "b", "c"].map((ownerId) => places.take(ownerId));
  for (const ownerId of ["a", "c", "d"])
    assert.throws(() => places.take(ownerId), { code: "too_many_uploads" });
  // Given back twice it is one place.
  held[4]?.();
  held[4]?.();
  assert.throws(() => places.take("a"), { code: "too_many_uploads" });
  held.push(places.take("d"));
  assert.throws(() => places.take("c"), { code: "too_many_uploads" });
  for (const giveBack of held) giveBack();
  for (const ownerId of ["a", "a", "b", "b", "e"]) places.take(ownerId);
});
