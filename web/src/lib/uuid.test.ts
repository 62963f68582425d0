import { expect, it } from "vitest";
import { uuid7 } from "./uuid";

it("makes ids in order, also within one millisecond and when the clock goes back", () => {
  const now = Date.now() + 1000;
  const ids = Array.from({ length: 5000 }, (_, i) => uuid7(now - (i % 7)));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
