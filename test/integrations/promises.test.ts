import { describe, expect, it } from "vitest";
import { BackendError } from "../../src/domain/failure.ts";
import type { QueryTable } from "../../src/domain/systems/queries.ts";
import { createPromises } from "../../src/integrations/promises.ts";
import { systemWith } from "./systems.ts";

const hour = 3_600_000;
const noon = Date.UTC(2026, 10, 29, 12);

/** A system whose answer is what `made` says, asked at a time that a test sets. */
function watching(newest: object) {
  const at = { now: noon, asked: 0, made: ["2026-11-29T02:00:00Z"], isDown: false };
  const system = systemWith({
    queries: [
      {
        id: "backups",
        title: "Backups",
        short: true,
        newest,
        json: { url: "http://127.0.0.1:9/b", columns: { made: "/made" } },
      },
      { id: "others", title: "Others", json: { url: "http://127.0.0.1:9/o", columns: { made: "/made" } } },
    ],
  });
  const queries = {
    read: async (_: unknown, { id }: { readonly id: string }): Promise<{ value: QueryTable; at: number }> => {
      expect(id).toBe("backups");
      at.asked += 1;
      if (at.isDown) throw new BackendError("backups", { fault: "unreachable", detail: "the script is gone" });
      const table = { columns: [{ name: "made" }], rows: at.made.map((made) => [made]), more: false };
      return { value: table, at: at.now };
    },
  };
  const promises = createPromises(queries, () => at.now);
  return { at, look: () => promises.watched(system) };
}

const daily = { time: "made", within: "25h", promised: "daily", alert: "warning" } as const;

describe("what is promised of the newest backup", () => {
  it("fires once it is older, says since when, and ends with the next one", async () => {
    const { at, look } = watching(daily);
    expect(await look()).toMatchObject([{ source: "promise backups-daily", reading: { ok: true, value: [] } }]);
    at.now = noon + 20 * hour;
    const [missed] = await look();
    expect(missed?.reading).toMatchObject({
      ok: true,
      value: [
        {
          id: "backups-daily",
          system: "trader",
          severity: "warning",
          summary: "Backups: the newest is 30 h old; at most 25 h is promised (daily)",
          since: Date.UTC(2026, 10, 30, 3),
        },
      ],
    });
    at.made = ["2026-11-30T07:00:00Z"];
    at.now += 61_000;
    expect(await look()).toMatchObject([{ reading: { ok: true, value: [] } }]);
  });

  it("fires where there is none, and is unknown where nobody can tell or the list cannot be read", async () => {
    const { at, look } = watching(daily);
    at.made = [];
    expect(await look()).toMatchObject([{ reading: { ok: true, value: [{ id: "backups-daily" }] } }]);
    at.made = ["some day"];
    at.now += 61_000;
    expect(await look()).toMatchObject([{ reading: { ok: false, detail: expect.stringContaining("cannot be told") } }]);
    at.isDown = true;
    at.now += 61_000;
    expect(await look()).toMatchObject([
      { reading: { ok: false, detail: expect.stringContaining("the script is gone") } },
    ]);
    // What could not be read is asked for again at once.
    at.isDown = false;
    at.made = ["2026-11-29T02:00:00Z"];
    expect(await look()).toMatchObject([{ reading: { ok: true, value: [] } }]);
  });

  it("is asked for once a minute, however many ask, and each promise is told by itself", async () => {
    const { at, look } = watching([daily, { ...daily, within: "1h", promised: "RPO", alert: "critical" }]);
    const [, other] = await Promise.all([look(), look()]);
    expect(at.asked).toBe(1);
    expect(
      other.map(({ source, reading }) => [source, reading.ok && reading.value.map(({ severity }) => severity)]),
    ).toEqual([
      ["promise backups-daily", []],
      ["promise backups-rpo", ["critical"]],
    ]);
    at.now += 59_000;
    await look();
    expect(at.asked).toBe(1);
  });

  it("is no alert while what it waits for may have come since the list was read: it is read again then", async () => {
    const { at, look } = watching({ ...daily, within: "1h", promised: "RPO" });
    at.now = Date.UTC(2026, 10, 29, 2, 59, 40);
    expect(await look()).toMatchObject([{ reading: { ok: true, value: [] } }]);
    at.now = Date.UTC(2026, 10, 29, 3, 0, 1);
    at.made = ["2026-11-29T03:00:00Z", "2026-11-29T02:00:00Z"];
    const looks = await Promise.all([look(), look()]);
    expect(looks).toMatchObject([[{ reading: { ok: true, value: [] } }], [{ reading: { ok: true, value: [] } }]]);
    expect(at.asked).toBe(2);
    // What was not made fires, and is not asked for more often by that.
    at.now = Date.UTC(2026, 10, 29, 4, 0, 1);
    expect(await look()).toMatchObject([{ reading: { ok: true, value: [{ id: "backups-rpo" }] } }]);
    at.now += 10_000;
    await look();
    expect(at.asked).toBe(3);
  });

  it("without `alert` is told in the list alone, which nobody asks for", async () => {
    const { at, look } = watching({ time: "made", within: "25h" });
    expect(await look()).toEqual([]);
    expect(at.asked).toBe(0);
  });
});
