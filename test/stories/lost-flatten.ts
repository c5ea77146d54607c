import { Step } from "../../src/domain/systems/steps.ts";
import { HttpStep } from "../../src/integrations/http/http-step.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

export const ask = 'flatten alphapulse reason:"the exchange is halting"';
export const evidence = 'evidence:"the exchange lists no open position"';

/** A flatten that the trader took and never answered, and that it cannot be asked about. */
export async function unknown(): Promise<Room & { readonly code: string }> {
  const room = await openRoom({ change: withoutProof });
  const card = cardOf(await room.says("ana", ask));
  const code = codeOf(card);
  await room.demo.alphapulse.trading.fail({ kind: "hang", only: "changes" });
  await room.press("boris", card, "Approve");
  await room.settled(code, "outcome unknown");
  return { ...room, code };
}

function withoutProof(config: Room["config"]): Room["config"] {
  const blind = (step: Step): Step => {
    if (step.kind !== "http") return step;
    const { probe: _, ...spec } = HttpStep.parse(step.spec);
    return Step.parse({ ...step, spec: { ...spec, timeoutMs: 500 } });
  };
  return {
    ...config,
    systems: config.systems.map((system) => ({
      ...system,
      operations: Object.fromEntries(
        Object.entries(system.operations).map(([id, operation]) => [
          id,
          { ...operation, steps: operation.steps.map(blind) },
        ]),
      ),
    })),
  };
}

/** Past the moment until which somebody might still be acting. */
export function nobodyActs(room: Room): void {
  room.clock.aheadMs += 3_600_000;
}
