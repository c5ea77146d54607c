import { expect, it, vi } from "vitest";
import { imageOf } from "../../demo/kubernetes/registry.ts";
import type { Config } from "../../src/config/load-config.ts";
import type { Operation } from "../../src/domain/systems/operation.ts";
import { findRequest } from "../../src/records/request.ts";
import { kubectlWith } from "../demo/kubectl.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const patience = { timeout: 60_000, interval: 200 };

/** The same files with one operation of PRSM edited. */
function edited(config: Config, name: string, edit: (operation: Operation) => Operation): Config {
  const systems = config.systems.map((system) => {
    const operation = system.operations[name];
    if (system.id !== "prsm" || !operation) return system;
    return { ...system, operations: { ...system.operations, [name]: edit(operation) } };
  });
  return { ...config, systems };
}

const without = (config: Config, id: string): Config => ({
  ...config,
  systems: config.systems.filter((system) => system.id !== id),
});

async function asked(room: Room, text: string): Promise<string> {
  return codeOf(cardOf(await room.says("ana", `${text} reason:"the new release is slow"`)));
}

/** When what runs was looked at last. */
async function lookedAt(room: Room, code: string): Promise<number> {
  const read = await findRequest(room.bot().store, code, () => true);
  return read?.run?.steps.at(-1)?.lookedAt ?? 0;
}

const replicas = (room: Room): Promise<string> =>
  kubectlWith(room.demo.env["PRSM_KUBECONFIG"] ?? "")(
    "get",
    "deployment",
    "prsm-api",
    "-n",
    "prsm-production",
    "-o",
    "jsonpath={.spec.replicas}",
  );

it("what its file says otherwise since it was asked for does not run, and what runs goes on as it was agreed to", async () => {
  const room = await openRoom();
  const bot = room.bot();
  const twice = (operation: Operation): Operation => ({
    ...operation,
    steps: [...operation.steps, ...operation.steps],
  });
  const none = await asked(room, "scale prsm api 0");
  await bot.replace(edited(room.config, "scale", twice));
  await room.says("boris", `confirm approve ${none} name:prsm-api`);
  await room.settled(none, "no longer valid");
  expect(room.copies(none)[0]?.summary).toBe(
    "No longer what was approved: scale is configured otherwise than when it was asked for. Ask again.",
  );
  const gone = await asked(room, "scale prsm api 0");
  await bot.replace(without(room.config, "prsm"));
  await room.says("boris", `confirm approve ${gone} name:prsm-api`);
  await room.settled(gone, "failed, nothing changed");
  expect(room.copies(gone)[0]?.summary).toContain("prsm is no longer configured.");
  expect(await replicas(room)).toBe("3");

  // Its pods never become ready, so that it waits; what is agreed to by fewer steps would be done.
  await bot.replace(room.config);
  const deploy = await asked(room, `deploy prsm ${imageOf("v1.5.1").split("@")[1]}`);
  await room.says("boris", `confirm approve ${deploy}`);
  const waits = () =>
    vi.waitFor(async () => {
      const shown = JSON.stringify(cardOf(await room.says("ana", `confirm show ${deploy}`)));
      expect(shown).toMatch(/1 of 3 new, .*not yet/);
    }, patience);
  await waits();
  const looks = await lookedAt(room, deploy);
  await bot.replace(edited(room.config, "deploy", (operation) => ({ ...operation, verify: [] })));
  await vi.waitFor(async () => expect(await lookedAt(room, deploy)).toBeGreaterThan(looks), patience);
  await bot.replace(without(room.config, "prsm"));
  await waits();
  const aborted = await room.says("boris", `confirm abort ${deploy} reason:"it never becomes ready"`);
  expect(cardOf(aborted).title).toBe("Boris aborted deploy prsm");
});
