import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rememberSecret } from "../../src/domain/text/known-secrets.ts";
import { jsonLine, useLogFolder } from "./log-folder.ts";

const secret = "hunter2Hunter2Zq9";

describe("secrets in logs", () => {
  const folder = useLogFolder();
  const write = (name: string, text: string) => writeFile(join(folder.path, name), text);

  it.each([
    [
      "json",
      "time",
      jsonLine(0, { msg: "in", password: secret, ctx: { api_key: secret }, url: `http://u:${secret}@h/` }),
    ],
    ["plain", "iso", `2026-11-20T00:00:00Z login password=${secret} Authorization: Bearer ${secret}\n`],
    ["csv", "time", `time,msg,client_secret\n2026-11-20T00:00:00Z,token=${secret},${secret}\n`],
  ])("are masked in %s lines and fields", async (format, time, text) => {
    await write("s.log", text);
    const names = ["msg", "password", "ctx", "ctx.api_key", "url", "client_secret", "Authorization"];
    for (const fields of [undefined, names]) {
      const found = await folder.search({ file: "s.log", format, time }, fields ? { fields } : {});
      expect(found.matched).toBe(1);
      expect(JSON.stringify(found)).not.toContain("Zq9");
      expect(JSON.stringify(found)).toContain("[redacted]");
    }
  });

  it("are masked by their value too, also those that become known while the threads run", async () => {
    for (const known of ["plainorchidfirst", "plainorchidlater"]) {
      await write("k.log", jsonLine(0, { msg: `the target echoes ${known} back`, note: known }));
      rememberSecret(known);
      const found = await folder.search({ file: "k.log" }, { fields: ["msg", "note"] });
      expect(found.matched).toBe(1);
      expect(JSON.stringify(found)).not.toContain(known);
      expect((await folder.search({ file: "k.log" }, { match: known })).matched).toBe(0);
    }
  });

  it("cannot be found out by counting matches", async () => {
    await write("o.log", jsonLine(0, { msg: "in", password: secret, owner: "ana" }));
    const source = { file: "o.log", hide: ["owner"] };
    for (const match of [secret, "hunter", "/hunter2/", "/password.*Zq9/", '/(h.*Zq9|"msg")x/', "ana", "/owner.*ana/"])
      expect((await folder.search(source, { match })).matched).toBe(0);
    // Were the pattern tried on the line as it stands, the second half would answer only when the first was right.
    for (const guess of ["hunter2", "wrong"])
      expect((await folder.search(source, { match: String.raw`/password":"(${guess}|\[redac)/` })).matched).toBe(1);
    for (const field of ["password", "owner", "ctx.password"])
      await expect(folder.search(source, { where: [{ field, value: "x" }] })).rejects.toThrow("is hidden");
  });

  it.each([
    ["json", "time", jsonLine(0, { msg: "in", account: "ACC-1", deep: { account: "ACC-1" } })],
    ["plain", "iso", '2026-11-20T00:00:00Z in account=ACC-1 {"account": "ACC-1"}\n'],
    ["csv", "time", "time,msg,account\n2026-11-20T00:00:00Z,in,ACC-1\n"],
  ])("fields that the source hides are masked in %s", async (format, time, text) => {
    await write("h.log", text);
    const source = { file: "h.log", format, time, hide: ["account"] };
    const found = await folder.search(source, { fields: ["account", "deep"] });
    expect(found.matched).toBe(1);
    expect(JSON.stringify(found)).not.toContain("ACC-1");
    expect((await folder.search({ ...source, message: "account" })).lines[0]?.text).not.toContain("ACC-1");
  });

  it("stay hidden in lines that could not be read", async () => {
    await write("b.log", `time,msg,account\n2026-11-20T00:00:00Z,ACC-1\n`);
    const csv = await folder.search({ file: "b.log", format: "csv", time: "time", hide: ["account"] });
    expect(csv).toMatchObject({ malformed: 1 });
    expect(JSON.stringify(csv)).not.toContain("ACC-1");
    await write("c.log", `${jsonLine(0)}{"account":"ACC-1", torn\n`);
    expect(JSON.stringify(await folder.search({ file: "c.log", hide: ["account"] }))).not.toContain("ACC-1");
  });
});
