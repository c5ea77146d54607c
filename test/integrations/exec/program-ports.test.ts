import { describe, expect, it } from "vitest";
import { createBackends } from "../../../src/compose/world.ts";
import { serving } from "../../../src/domain/systems/backend.ts";
import { createReads } from "../../../src/integrations/reads.ts";
import { take } from "../../../src/integrations/wire/reading.ts";
import { openHttp } from "../backend.ts";
import { scriptFolder } from "../process/scripts.ts";

type Port = "health" | "fact" | "metric" | "list" | "identity";

/** What a port gives for a program with this text: its value, or why there is none. */
async function told(port: Port, program: string, more: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
  const { cwd } = scriptFolder({ "ask.sh": program });
  return asked(port, { cwd, env: ["PATH"], command: ["./ask.sh"], ...more });
}

async function asked(port: Port, exec: Readonly<Record<string, unknown>>): Promise<unknown> {
  const look = { system: "prsm", deadlineMs: 20_000, round: {} };
  const served = serving(createBackends({ http: openHttp() }), "exec", port);
  const reading = await take<unknown>(async () => served.read({ exec }, look));
  return reading.ok ? reading.value : `${reading.fault}: ${reading.detail}`;
}

async function read(program: string, more: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { cwd } = scriptFolder({ "ask.sh": program });
  const reads = createReads(createBackends({ http: openHttp() }));
  const spec = { cwd, env: ["PATH"], command: ["./ask.sh"], set: {}, ...more };
  const reading = await reads.read("prsm", { kind: "exec", spec });
  return reading.ok ? reading.value : `${reading.fault}: ${reading.detail}`;
}

const json = `#!/bin/sh\necho '{ "version": "2.4.1", "mode": null, "id": 12345678901234567890, "all": [{ "id": "b1", "at": "03:00" }, { "id": "b2" }] }'\n`;

describe("a program as a source", () => {
  it("is well with exit code 0, and says what is not well", async () => {
    expect(await told("health", "#!/bin/sh\necho checking\necho all well\n")).toEqual({ detail: "all well" });
    expect(await told("health", "#!/bin/sh\n")).toEqual({ detail: "exit code 0" });
    expect(await told("health", "#!/bin/sh\necho disk full >&2\nexit 3\n")).toBe(
      "unwell: ask.sh: ended with exit code 3: disk full",
    );
    expect(await told("health", "#!/bin/sh\nsleep 600\n", { timeout: "300ms" })).toBe(
      "timeout: ask.sh: did not end within 300 ms",
    );
    expect(await told("health", "", {})).toMatch(/^missing: ask\.sh: .* is no program/);
  });

  it("tells a fact or a number, and nothing for what is none", async () => {
    expect(await told("fact", json, { json: "/version" })).toBe("2.4.1");
    expect(await told("fact", json, { json: "/id" })).toEqual({ exactly: "12345678901234567890" });
    expect(await told("fact", "#!/bin/sh\nprintf '\\033[32mpaper\\033[0m\\n'\n")).toBe("paper");
    expect(await told("fact", json, { json: "/mode" })).toBe("nonsense: ask.sh: wrote null, not one plain value");
    expect(await told("fact", json, { json: "/gone" })).toBe("nonsense: ask.sh: wrote nothing at /gone");
    expect(await told("fact", "#!/bin/sh\necho 'API_KEY=abc' | cut -c 1-8; exit 0\n", { json: "/a" })).toBe(
      "nonsense: ask.sh: wrote what is no JSON",
    );
    expect(await told("fact", "#!/bin/sh\n")).toMatch(/^nonsense: ask\.sh: wrote "", not one plain value/);
    expect(await told("metric", "#!/bin/sh\necho 4.5\n")).toBe(4.5);
    expect(await told("metric", "#!/bin/sh\necho none\n")).toBe('nonsense: ask.sh: wrote "none", not a number');
  });

  it("takes neither 10 MiB, nor bytes that are no text, nor half an answer", async () => {
    const much = "#!/bin/sh\n/usr/bin/head -c 10485760 /dev/zero | /usr/bin/tr '\\0' 1\n";
    expect(await told("metric", much)).toBe("nonsense: ask.sh: wrote more than 1 MiB");
    expect(await told("fact", "#!/bin/sh\nprintf 'a\\377b'\n")).toBe(
      "nonsense: ask.sh: wrote what is no text in UTF-8",
    );
    expect(await told("fact", "#!/bin/sh\necho '{ \"a\": 1'\nexit 1\n", { json: "/a" })).toMatch(/^unwell/);
  });

  it("lists what its lines or its JSON name", async () => {
    const lines = "#!/bin/sh\necho 'ID  SIZE  TAKEN'\necho\necho 'b-1  2G   yesterday 03:00'\necho 'b-2  3G   today'\n";
    expect(await told("list", lines, { lines: { skip: 1, label: 3 } })).toEqual([
      { value: "b-1", label: "yesterday 03:00" },
      { value: "b-2", label: "today" },
    ]);
    expect(await told("list", json, { json: "/all", value: "id", label: "at" })).toEqual([
      { value: "b1", label: "03:00" },
      { value: "b2", label: "" },
    ]);
    expect(await told("list", json, { json: "/all" })).toMatch(/wrote an entry 1 without a text/);
    expect(await told("list", json, { json: "/version" })).toBe("nonsense: ask.sh: wrote no list at /version");
    expect(await told("list", lines, { lines: { value: 9 } })).toMatch(/wrote a line without column 9/);
  });

  it("gives an empty list only where it says that there are none", async () => {
    const none = "#!/bin/sh\necho 'No backups found.'\n";
    expect(await told("list", none, { lines: { none: "No backups found." } })).toEqual([]);
    expect(await told("list", "#!/bin/sh\n", { lines: {} })).toMatch(/wrote nothing, which is no empty list/);
  });

  it("proves which system it is, by what it writes or by a file", async () => {
    const { cwd } = scriptFolder({ name: "prsm-production\n", empty: "" });
    const says = "#!/bin/sh\necho prsm-production\n";
    expect(await told("identity", says, { is: "prsm-production" })).toEqual({ is: "proven" });
    expect(await told("identity", says, { is: "prsm-staging" })).toEqual({
      is: "contradicted",
      why: './ask.sh says "prsm-production", not "prsm-staging"',
    });
    const file = async (name: string) => asked("identity", { cwd, file: name, is: "prsm-production" });
    expect(await file("name")).toEqual({ is: "proven" });
    expect(await file("empty")).toMatchObject({ is: "unread" });
    expect(await file("gone")).toMatch(/^missing: gone: .* cannot be read$/);
  });
});

describe("a program as a table", () => {
  const lines = "#!/bin/sh\necho 'ID  SIZE  TAKEN'\necho \"b-1  2G $1\"\necho 'b-2  3G  today'\n";
  const query = async (program: string, more: Readonly<Record<string, unknown>>, rows = 5) => {
    const { cwd } = scriptFolder({ "ask.sh": program });
    const served = serving(createBackends({ http: openHttp() }), "exec", "query");
    const exec = { cwd, env: ["PATH"], command: ["./ask.sh", "{day}"], ...more };
    const look = { system: "prsm", deadlineMs: 20_000, round: {}, rows, arguments: { day: "friday" } };
    const reading = await take(async () => served.read({ exec }, look));
    return reading.ok ? reading.value : `${reading.fault}: ${reading.detail}`;
  };

  it("gives the columns that are named, of as many lines as are wanted", async () => {
    expect(await query(lines, { lines: { skip: 1, columns: { Backup: 1, Taken: 3 } } })).toEqual({
      columns: [{ name: "Backup" }, { name: "Taken" }],
      rows: [
        ["b-1", "friday"],
        ["b-2", "today"],
      ],
      more: false,
    });
    expect(await query(lines, { lines: { skip: 1, columns: { Backup: 1 } } }, 1)).toMatchObject({
      rows: [["b-1"]],
      more: true,
    });
  });

  it("is no table where a line is too short, where nothing is written, or where it fails", async () => {
    expect(await query(lines, { lines: { columns: { Backup: 4 } } })).toMatch(/a line without column 4/);
    expect(await query("#!/bin/sh\n", { lines: { columns: { Backup: 1 } } })).toMatch(/which is no empty list/);
    expect(await query(`${lines}exit 1\n`, { lines: { columns: { Backup: 1 } } })).toMatch(/^unwell: .*exit code 1/);
    expect(await query("#!/bin/sh\necho none\n", { lines: { none: "none", columns: { Backup: 1 } } })).toMatchObject({
      rows: [],
    });
  });
});

describe("a program as data for plans and watches", () => {
  it("tells how it ended, where that is its answer", async () => {
    expect(await read("#!/bin/sh\necho '[FAIL] api'\nexit 1\n", { end: true })).toEqual({
      code: 1,
      lines: ["[FAIL] api"],
    });
    expect(await read("#!/bin/sh\nkill -9 $$\n", { end: true })).toMatch(/was ended by SIGKILL/);
  });

  it("gives its JSON, its lines or its text", async () => {
    expect(await read(json, { json: "/all/0" })).toEqual({ id: "b1", at: "03:00" });
    expect(await read("#!/bin/sh\nprintf 'a \\n\\nb\\r\\n'\n", { lines: true })).toEqual(["a", "b"]);
    expect(await read("#!/bin/sh\necho ' live '\n", {})).toBe("live");
  });

  it("is no ground for a plan where it holds a secret", async () => {
    expect(await read("#!/bin/sh\necho DB_PASSWORD=hunter2hunter2\n", {})).toMatch(/holds what looks like a secret/);
  });
});
