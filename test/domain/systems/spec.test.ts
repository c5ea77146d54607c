import { expect, test } from "vitest";
import { z } from "zod";
import { specReader } from "../../../src/domain/systems/spec.ts";

test("a spec is checked once, however often it is read, and each has its own outcome", () => {
  let checks = 0;
  const read = specReader(
    z.object({ url: z.string().refine(() => (checks += 1) > 0) }).transform(({ url }) => ({ url: url.trim() })),
  );
  const [one, other] = [{ url: " a " }, { url: " b " }];
  expect([read(one), read(one), read(other)]).toEqual([{ url: "a" }, { url: "a" }, { url: "b" }]);
  expect(checks).toBe(2);
});

test("what does not fit is an exception each time, also where it is no object", () => {
  const read = specReader(z.union([z.string().min(1), z.object({ url: z.string() })]));
  const wrong = { url: 7 };
  expect(() => read(wrong)).toThrow(/expected string/);
  expect(() => read(wrong)).toThrow(/expected string/);
  expect(() => read("")).toThrow(/Too small/);
  expect(read("a note")).toBe("a note");
});
