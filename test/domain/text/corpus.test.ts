import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mask, mayHoldSecret, redact } from "../../../src/domain/text/redact.ts";

/** Lines as services write them. What is secret stands between ⟦ and ⟧, which no scanner takes for a token of theirs. */
const secretLines = linesOf("secret-lines.txt");
const innocentLines = linesOf("innocent-lines.txt");
const escape = "\u001B";

describe("lines of real services", () => {
  it("are enough to judge by", () => {
    expect(secretLines.length).toBeGreaterThanOrEqual(150);
    expect(innocentLines.length).toBeGreaterThanOrEqual(150);
    expect(secretLines.filter((line) => !line.includes("⟦"))).toEqual([]);
  });

  it.each(secretLines)("holds a secret: %s", (marked) => {
    const line = plain(marked);
    const shown = redact(line);
    expect(mayHoldSecret(line)).toBe(true);
    expect(shown).toContain(mask);
    expect(secretsOf(marked).filter((secret) => shown.includes(secret))).toEqual([]);
    expect(redact(shown)).toBe(shown);
  });

  it.each(secretLines)("holds it also coloured: %s", (marked) => {
    // Colours end and begin around names, signs and values, as loggers write them.
    const line = plain(marked).replaceAll(/[=:]/g, `${escape}[0m${escape}[2m$&${escape}[0m`);
    const shown = redact(line);
    expect(secretsOf(marked).filter((secret) => shown.includes(secret))).toEqual([]);
    expect(shown).not.toContain(escape);
  });

  it.each(["\\u001b[0m", "\\x1b[1;31m", "\\e[1m", "\\033[0m", "#033[2m"])(
    "hold it also coloured by a code that is written out, as JSON and syslog do: %s",
    (code) => {
      for (const line of [`pass${code}word${code}=tulip-Value-01`, `password${code}=${code}tulip-Value-01`]) {
        expect(mayHoldSecret(line)).toBe(true);
        expect(redact(line)).not.toContain("tulip-Value-01");
      }
    },
  );

  it.each(innocentLines)("is innocent: %s", (line) => {
    expect(redact(line)).toBe(line);
  });
});

describe("what spans lines", () => {
  it("masks the lines of a YAML block and goes on after it", () => {
    const text = "db:\n  password: |\n    hunter2\n    hunter3\n  host: db\ntoken: >-\n  lilac4\nmode: live\n";
    expect(redact(text)).toBe(`db:\n  password: ${mask}\n  host: db\ntoken: ${mask}\nmode: live\n`);
  });

  it("reads a file of UTF-16 that was taken for UTF-8", () => {
    const text = new TextDecoder().decode(Buffer.from("\uFEFFINFO password=hunter2-Tulip\r\n", "utf16le"));
    expect(redact(text)).toContain(`INFO password=${mask}`);
  });

  it.each(["\n", "\r\n", "\\n", "\n    "])(
    "masks a private key whose first line was cut off: lines end with %j",
    (end) => {
      const key = ["q2Tulip".repeat(9), "Zx9/Lilac+".repeat(6), "dGFpbA=="];
      const text = ["INFO the key ends so", ...key, "-----END RSA PRIVATE KEY-----", "INFO goes on"].join(end);
      expect(mayHoldSecret(text)).toBe(true);
      const shown = redact(text);
      expect(key.filter((line) => shown.includes(line.slice(0, 20)))).toEqual([]);
      expect(shown).toContain("INFO the key ends");
      expect(shown).toContain("INFO goes on");
      expect(redact(shown)).toBe(shown);
    },
  );

  it("shows a certificate and the words before the end of a key", () => {
    const text = `-----BEGIN CERTIFICATE-----\n${"MIIB".repeat(16)}\n-----END CERTIFICATE-----\nno -----END PRIVATE KEY-----`;
    expect(redact(text)).toBe(text);
  });

  it("shows what is encoded as it is where no secret is in it", () => {
    expect(redact("GET /a%20b?q=%3D")).toBe("GET /a%20b?q=%3D");
  });

  it("masks the items of a list below a secret name, and shows which secrets a service has", () => {
    expect(redact("password:\n  - hunter2\n  - hunter3\nmode: live\n")).toBe(`password: ${mask}\nmode: live\n`);
    expect(redact("secrets:\n  - db_login\n")).toBe("secrets:\n  - db_login\n");
  });

  it.each(["pax\bssword=hunter2-Tulip", "pass\bword=hunter2-Tulip", "pass\u009d8;;x\u009cword=hunter2-Tulip"])(
    "reads what a terminal would show: %j",
    (text) => {
      expect(mayHoldSecret(text)).toBe(true);
      expect(redact(text)).toBe(`password=${mask}`);
    },
  );

  it("undoes titles and links of a terminal too", () => {
    expect(redact(`${escape}]8;;https://u:hunter2hunter2@h/\u0007link${escape}]8;;\u0007 ok`)).toBe("link ok");
  });
});

function linesOf(name: string): string[] {
  return readFileSync(new URL(`corpus/${name}`, import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

function plain(marked: string): string {
  return marked.replaceAll(/[⟦⟧]/g, "");
}

function secretsOf(marked: string): string[] {
  return [...marked.matchAll(/⟦([^⟧]*)⟧/g)].map((found) => found[1] ?? "");
}
