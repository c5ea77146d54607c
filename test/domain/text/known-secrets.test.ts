import { expect, it } from "vitest";
import { rememberSecret } from "../../../src/domain/text/known-secrets.ts";
import { mask, redact } from "../../../src/domain/text/redact.ts";

it("masks what the process knows to be secret wherever it stands, also as addresses, JSON and base64 write it", () => {
  const value = 'tulip "orchid" & lilac';
  rememberSecret(value);
  const base64 = Buffer.from(value).toString("base64").replace(/=+$/, "");
  for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), base64])
    expect(redact(`the answer echoes ${form} back`)).toBe(`the answer echoes ${mask} back`);
});

it("does not mask what is too short to be told from a word", () => {
  rememberSecret("live");
  expect(redact("mode is live")).toBe("mode is live");
});
