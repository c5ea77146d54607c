import { describe, expect, it } from "vitest";
import type { SystemPorts } from "../../src/domain/commands/command.ts";
import { UserError } from "../../src/domain/failure.ts";
import type { Reading } from "../../src/domain/systems/reading.ts";
import type { System } from "../../src/domain/systems/system.ts";

/** A failed reading says why, in words; one that is well says when it was true. */
function isWhole(reading: Reading<unknown>): boolean {
  return reading.latencyMs >= 0 && (reading.ok ? reading.at > 0 : /\S/.test(reading.detail));
}

/**
 * What whoever asks may count on, whatever the backends do: the ports of the integrations keep it, and the fakes that
 * commands are tested with. `full` has checks, metrics, logs and a portfolio; `bare` has one check and nothing else.
 */
export function systemPortsContract(
  name: string,
  open: () => {
    readonly ports: Omit<SystemPorts, "planner" | "rehearsals" | "stepReadings" | "certificates">;
    readonly full: System;
    readonly bare: System;
  },
): void {
  describe(`${name} keep the contract of a system's ports`, () => {
    it("every check has its reading, in the order of the file, under its title and weight", async () => {
      const { ports, full } = open();
      const { components, facts } = await ports.health.check(full);
      expect(components.map(({ id, title, weight }) => ({ id, title, weight }))).toEqual(
        full.health.map(({ id, title, weight }) => ({ id, title: title ?? id, weight })),
      );
      expect(facts.map(({ id }) => id)).toEqual(full.facts.map(({ id }) => id));
      expect([...components, ...facts].every(({ reading }) => isWhole(reading))).toBe(true);
    });

    it("a system that proves nothing about its address is taken for itself", async () => {
      const { ports, bare } = open();
      expect(await ports.health.identify(bare)).toEqual({ is: "proven" });
    });

    it("every metric has its reading, or those that are named, and one that there is not has none", async () => {
      const { ports, full, bare } = open();
      const ids = full.metrics.map(({ id }) => id);
      const all = await ports.metrics.read(full);
      expect(all.map(({ id }) => id)).toEqual(ids);
      expect(all.every(({ reading }) => isWhole(reading))).toBe(true);
      const named = await ports.metrics.read(full, [ids.at(-1) ?? "", "nothing"]);
      expect(named.map(({ id }) => id)).toEqual(ids.slice(-1));
      expect(await ports.metrics.read(bare)).toEqual([]);
    });

    it("a course is a reading, or nothing where none is kept", async () => {
      const { ports, full } = open();
      const course = await ports.metrics.course(full, full.metrics[0]?.id ?? "", 0);
      expect(course === undefined || isWhole(course)).toBe(true);
    });

    it("what a system does not have cannot be read: a list, a portfolio", async () => {
      const { ports, full, bare } = open();
      expect(await ports.lists.read(bare, "backups")).toMatchObject({ ok: false, fault: "missing" });
      expect(await ports.portfolios.read(bare)).toMatchObject({ ok: false, fault: "missing" });
      expect(isWhole(await ports.portfolios.read(full))).toBe(true);
    });

    it("a log that a system does not have is told to whoever asked for it", async () => {
      const { ports, full } = open();
      const query = { source: "nothing", from: 0, to: 1, limit: 10, deadlineMs: 1_000 };
      await expect(ports.logs.search(full, query)).rejects.toThrow(UserError);
    });
  });
}
