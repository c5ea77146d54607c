import { z } from "zod";
import type { Backend } from "../../domain/systems/backend.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { type OwnAct, type OwnActName, ownSystemId } from "../../domain/systems/own-system.ts";
import { argumentsIn, fillText } from "../../domain/systems/placeholders.ts";
import { closeStepKind, type StepEnd, type StepKindOf } from "../../domain/systems/steps.ts";

const ActStep = z.strictObject({ act: z.string(), given: z.record(z.string(), z.string()) });
type ActStep = z.output<typeof ActStep>;

/** What carries out the operations of Wardroom itself. It is no part of any system's file, so no file can ask for an act. */
export function ownBackend(acts: Readonly<Record<OwnActName, OwnAct>>): Backend {
  return { name: ownSystemId, steps: [closeStepKind(ownSystemId, actStep(new Map(Object.entries(acts))))] };
}

function actStep(acts: ReadonlyMap<string, OwnAct>): StepKindOf<ActStep> {
  const absent: StepEnd = { outcome: "refused", detail: "this release knows no such act" };
  return {
    kind: "act",
    key: "act",
    schema: ActStep,
    does: "changes",
    placeholders: ({ given }) =>
      Object.values(given).flatMap((value) => argumentsIn(value).map((name) => ({ name, inAddress: false }))),
    resolve: ({ act, given }, values) => ({
      act,
      given: Object.fromEntries(
        Object.entries(given).map(([name, value]) => [name, textOfDatum(fillText(value, values)) ?? ""]),
      ),
    }),
    describe: () => "",
    // A commit of our own store, before it a look at what is settled; the rest is room for what is slow.
    budgetMs: () => 30_000,
    run: async ({ act, given }, { key }) => acts.get(act)?.run(given, key) ?? absent,
    probe: async ({ act, given }, key) => acts.get(act)?.probe(given, key) ?? absent,
  };
}
