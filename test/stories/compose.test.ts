import { rmSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import { withConnections } from "../../src/domain/systems/connections.ts";
import { SystemFile } from "../fakes/backends.ts";
import { type ComposeStack, standIn, startStack } from "../fakes/compose-stack.ts";
import { countsOf } from "../integrations/compose/asking.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

/** The demo's people, who may also do on this stack what they may do elsewhere. */
function withLogos({ connection }: ComposeStack): (config: Config) => Config {
  const stack = { backend: "stack" };
  const counts = { compose: { ...stack, counts: {} } };
  const logos = SystemFile.parse({
    id: "logos",
    title: "LOGOS",
    backends: { stack: { compose: connection } },
    identity: { compose: stack },
    health: [{ id: "gateway", title: "Gateway", compose: { ...stack, service: "gateway" } }],
    lists: { services: { title: "Services", compose: { ...stack, list: "services" } } },
    operations: {
      scale: {
        short: true,
        summary: "Change how many containers of a service run",
        arguments: {
          service: { type: "text", title: "Service", from: "services" },
          n: { type: "integer", title: "Containers", min: 0, max: 20 },
        },
        read: { now: counts, most: { compose: { ...stack, most: {} } } },
        risk: { default: "change", destructive: "n == 0 || n * 2 < now[service] || n > 5" },
        precondition: {
          unchanged: ["now"],
          holds: [
            { when: "!(service in most) || n <= most[service]", else: "{service} has a fixed port, so {n} cannot run" },
          ],
        },
        effect: "{service}: {now[service]} to {n} containers",
        inverse: { operation: "scale", arguments: { service: "{service}", n: "{now[service]}" } },
        steps: [{ id: "scale", title: "Scale it", compose: { ...stack, scale: { all: "{now}", "{service}": "{n}" } } }],
        verify: [{ id: "running", title: "They run", watch: { ...counts, is: "value[service] == n", every: "1s" } }],
      },
    },
  });
  return (config) => ({
    ...config,
    systems: [...config.systems, withConnections(logos)],
    policy: {
      ...config.policy,
      people: config.policy.people.map((person) => ({
        ...person,
        grants: person.grants.map((grant) => ({ ...grant, systems: "*" as const })),
      })),
    },
  });
}

async function openStack(): Promise<{ readonly room: Room; readonly stack: ComposeStack }> {
  const { engine, folder } = standIn();
  const stack = startStack(engine);
  onTestFinished(() => {
    stack.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  return { room: await openRoom({ change: withLogos(stack) }), stack };
}

it("scale logos overlay-chrono 3 leaves every other service as it was, and is undone by a press", async () => {
  const { room, stack } = await openStack();
  expect(JSON.stringify(cardOf(await room.says("ana", "status logos")))).toContain("1 container running");
  stack.byHand("up", "-d", "--no-deps", "--no-recreate", "--scale", "gateway=2", "gateway");
  const asked = cardOf(await room.says("ana", 'scale logos overlay-chrono 3 reason:"the queue grows"'));
  expect(JSON.stringify(asked)).toContain("overlay-chrono: 2 to 3 containers");
  await room.settled(codeOf(asked), "done");
  expect(await countsOf(stack)).toEqual({ gateway: 2, "overlay-chrono": 3, gui: 1 });
  const [done] = room.copies(codeOf(asked));
  expect(JSON.stringify(done)).toContain("every other service has as many as it had");
}, 60_000);

it("more than its fixed port allows, and a service that is not there, are refused before anything is asked for", async () => {
  const { room, stack } = await openStack();
  expect(JSON.stringify(cardOf(await room.says("ana", 'scale logos gui 2 reason:"the queue grows"')))).toContain(
    "gui has a fixed port, so 2 cannot run",
  );
  expect(
    JSON.stringify(cardOf(await room.says("ana", 'scale logos overlay-chrno 2 reason:"the queue grows"'))),
  ).toContain("Did you mean overlay-chrono?");
  expect(await countsOf(stack)).toEqual({ gateway: 1, "overlay-chrono": 2, gui: 1 });
}, 60_000);

it("scaling to none waits for a second person, and none to three does not", async () => {
  const { room, stack } = await openStack();
  const asked = cardOf(await room.says("ana", 'scale logos overlay-chrono 0 reason:"maintenance"'));
  const code = codeOf(asked);
  expect(asked.title).toContain("waiting for approval");
  expect(await countsOf(stack)).toMatchObject({ "overlay-chrono": 2 });
  const [card] = room.copies(code);
  if (!card) throw new Error("the request stands nowhere");
  await room.press("boris", card, "Approve");
  await room.settled(code, "done");
  expect(await countsOf(stack)).toEqual({ gateway: 1, "overlay-chrono": 0, gui: 1 });
  const back = cardOf(await room.says("ana", 'scale logos overlay-chrono 3 reason:"the queue grows"'));
  await room.settled(codeOf(back), "done");
  expect(await countsOf(stack)).toEqual({ gateway: 1, "overlay-chrono": 3, gui: 1 });
}, 60_000);
