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

it.each(['pa/ss+w=or"d wé&x<', "it's a secret", "ключ/от+всего"])("masks %s however programs escape it", (value) => {
  rememberSecret(value);
  const lower = (text: string) => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const json = JSON.stringify(value).slice(1, -1);
  const forms = [
    value.normalize("NFD"),
    lower(encodeURIComponent(value)),
    encodeURI(value),
    new URLSearchParams({ v: value }).toString().slice(2),
    encodeURIComponent(encodeURIComponent(value)),
    json.replaceAll("/", "\\/"),
    JSON.stringify(json).slice(1, -1),
    value.replaceAll("'", "'\\''"),
    Buffer.from(value).toString("base64url"),
  ];
  for (const form of forms) expect(redact(`said: ${form} end`), form).toBe(`said: ${mask} end`);
});

it("does not mask what is too short to be told from a word", () => {
  rememberSecret("live");
  expect(redact("mode is live")).toBe("mode is live");
});
