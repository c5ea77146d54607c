import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSecretName, mask, mayHoldSecret, redact } from "../../../src/domain/text/redact.ts";

const secret = "hunter2Hunter2Zq9";

describe("redact", () => {
  it.each([
    [`password=${secret}`, `password=${mask}`],
    [`DB_PASSWORD: ${secret} next`, `DB_PASSWORD: ${mask} next`],
    [`{"user":"bo","apiKey":"${secret}","n":1}`, `{"user":"bo","apiKey":"${mask}","n":1}`],
    [`{"password":"with \\"quotes\\" ${secret}"}`, `{"password":"${mask}"}`],
    [`body="{\\"token\\":\\"${secret}\\",\\"a\\":1}"`, `body="{\\"token\\":\\"${mask}\\",\\"a\\":1}"`],
    [`{'secret': '${secret}'}`, `{'secret': '${mask}'}`],
    [`user[password]=${secret}&x=1`, `user[password]=${mask}&x=1`],
    [`GET /v1?api_key=${secret}&page=2`, `GET /v1?api_key=${mask}&page=2`],
    [`url=https://h/x?access_token=${secret}`, `url=https://h/x?access_token=${mask}`],
    [`Server=db;Password=${secret};Port=1`, `Server=db;Password=${mask};Port=1`],
    [`run --password ${secret} --user bo`, `run --password ${mask} --user bo`],
    [`API key: ${secret}`, `API key: ${mask}`],
    [`Authorization: Bearer ${secret}`, `Authorization: ${mask}`],
    [`{"authorization":"Basic ${secret}"}`, `{"authorization":"${mask}"}`],
    [`sent bearer ${secret} to it`, `sent bearer ${mask} to it`],
    [`Cookie: sid=${secret}; theme=dark`, `Cookie: ${mask}`],
    [`postgres://app:${secret}@db:5432/x`, `postgres://app:${mask}@db:5432/x`],
    [`redis://:p/${secret}@h:1`, `redis://:${mask}@h:1`],
    [`redis://:a@b${secret}@h:1`, `redis://:${mask}@h:1`],
    [`https://${secret}${secret}@github.com/x`, `https://${mask}@github.com/x`],
    [`https://hooks.slack.com/services/T0/B0/${secret}`, `https://hooks.slack.com/services/${mask}`],
    [`wss://eth-mainnet.g.alchemy.com/v2/${secret}${secret}x1`, `wss://eth-mainnet.g.alchemy.com/v2/${mask}`],
    [`https://discord.com/api/webhooks/1234/${secret}`, `https://discord.com/api/webhooks/1234/${mask}`],
    [`{"credentials":{"u":"${secret}"},"a":1}`, `{"credentials":${mask},"a":1}`],
    [`tokens: ["${secret}", "b"]`, `tokens: ${mask}`],
    [`password=${mask}${secret}`, `password=${mask}`],
    [`${"x".repeat(200)}password=${secret}`, `${"x".repeat(200)}password=${mask}`],
  ])("%s", (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  it.each([
    ["xoxb", "123456789012-abcdefABCDEF"],
    ["xapp", "1-A0B1C2D3E4-99-abcdef"],
  ])("masks Slack's %s tokens", (kind, rest) => {
    expect(redact(`got ${kind}-${rest} here`)).toBe(`got ${mask} here`);
  });

  it("masks the token shapes of other services", () => {
    const parts = [
      ["ghp_", "a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4e5F6"],
      ["AKIA", "ABCDEFGHIJKLMNOP"],
      ["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"],
      ["eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
      ["glpat-", "a1B2c3D4e5F6a1B2c3D4"],
      ["123456789:", "AAabcdefghijklmnopqrstuvwxyz0123456"],
    ];
    for (const [head, tail] of parts) expect(redact(`v ${head}${tail} w`)).toBe(`v ${mask} w`);
  });

  it("masks private keys, whole, cut off and inside JSON", () => {
    const kind = "RSA PRIVATE KEY";
    const begin = `-----BEGIN ${kind}-----`;
    const end = `-----END ${kind}-----`;
    expect(redact(`a ${begin}\nMIIE\nxyz\n${end} b`)).toBe(`a ${mask} b`);
    expect(redact(`a ${begin}\\nMIIExyz`)).toBe(`a ${mask}`);
  });

  it("leaves ordinary lines alone", () => {
    for (const line of [
      "2026-11-21 03:04:05,678 INFO risk: position limit for BTC side=long qty=1.5",
      '{"author":"bo","key":"BTC","total_tokens":512,"tokens":7,"side":"long","url":"http://h:8080/a@b"}',
      "Basic authentication failed for bo; token refreshed",
      "password=true secret=null token=",
      "GET http://user@host:80/path 200 12 ms",
      "signature PG.FLASH keyboard monkey:banana",
    ])
      expect(redact(line)).toBe(line);
  });

  it("judges names", () => {
    for (const name of [
      "password",
      "apiKey",
      "api_key",
      "X-Auth-Token",
      "DB_SECRET",
      "set-cookie",
      "pwd",
      "client_secret",
    ])
      expect(isSecretName(name)).toBe(true);
    for (const name of ["author", "key", "side", "status", "tokens_per_second", "pattern", "path"])
      expect(isSecretName(name)).toBe(false);
  });

  it("is idempotent over lines made of the pieces it looks for", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "password",
        "token",
        "tokens",
        "api",
        " key",
        "authorization",
        "cookie",
        "bearer ",
        "basic ",
        "secret",
        "--",
        "-",
        "=",
        ":",
        ": ",
        '"',
        "'",
        "\\",
        '\\"',
        "[",
        "]",
        "{",
        "}",
        ",",
        ";",
        "&",
        "@",
        "://",
        "http://",
        "/",
        " ",
        "\n",
        "\r\n",
        mask,
        "null",
        "42",
        "eyJabcdef.",
        "xoxb-12345678",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "a",
        "B7",
        "hooks.slack.com/services/",
        "…",
        "=>",
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const once = redact(pieces.join(""));
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 5_000 },
    );
  });

  it("never shows a planted secret, whatever stands around it", () => {
    const wrap = fc.constantFrom<(text: string) => string>(
      (text) => `password=${text}`,
      (text) => `"api_key": "${text}"`,
      (text) => `Authorization: Bearer ${text}`,
      (text) => `https://u:${text}@h/p`,
      (text) => `{\\"client_secret\\":\\"${text}\\"}`,
      (text) => `?token=${text}&a=b`,
    );
    // No separator character before it: `x="` … would make the pair part of another quoted value, which is not ours to read.
    const around = fc.stringMatching(/^[a-zA-Z0-9 ,;.!?()]{0,40}$/);
    fc.assert(
      fc.property(wrap, around, around, (wrapped, before, after) => {
        const text = `${before} ${wrapped(secret)} ${after}`;
        expect(mayHoldSecret(text)).toBe(true);
        expect(redact(text)).not.toContain(secret.slice(0, 6));
        expect(redact(text)).not.toContain(secret.slice(-6));
      }),
      { numRuns: 1_000 },
    );
  });

  it("never adds anything but masks", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const left = redact(text).replaceAll(mask, "");
        let at = 0;
        for (const character of text) if (left.startsWith(character, at)) at += character.length;
        expect(at).toBe(left.length);
      }),
    );
  });

  it("takes hostile text in its stride", () => {
    const hostile = [
      "://a:",
      "password=",
      '"',
      "token: [",
      "eyJaaaaaa.",
      "a@",
      "--password ",
      "-----BEGIN PRIVATE KEY-----",
      '\\"',
      "{",
      "Bearer ",
      "authorization: ",
    ];
    for (const piece of hostile) expect(redact(piece.repeat(20_000)).length).toBeGreaterThan(0);
  });
});
