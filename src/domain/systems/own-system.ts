import { Operation } from "./operation.ts";
import type { StepEnd } from "./steps.ts";
import type { System } from "./system.ts";

/** The id of Wardroom as a system of its own: grants, channels and rules name it as they name any other. */
export const ownSystemId = "wardroom";

/**
 * Something that a step of Wardroom's own operations does to what is stored. `key` is the idempotency key of the step: twice
 * under one key is once. `probe` tells whether it was done under that key, and changes nothing.
 */
export interface OwnAct {
  run(given: Readonly<Record<string, string>>, key: string): Promise<StepEnd>;
  probe(given: Readonly<Record<string, string>>, key: string): Promise<StepEnd>;
}

/** The names of the acts that Wardroom's own operations have as steps. */
export type OwnActName = "settle";

/** Says how an operation ended whose outcome nobody could prove. */
export const settleOperation = ownOperation({
  name: "settle",
  summary: "Say how an operation ended that could not be settled by proof",
  title: "Write down how it ended, and free what it held",
  arguments: { request: "Request", code: "Code", outcome: "Outcome" },
});

/**
 * Wardroom itself as a system. What needs two people and is no operation of an operated system is one of its operations,
 * whose steps are acts; so one machine asks, decides and carries out. It is in no list of systems, and nobody asks for its
 * operations by `run`: each has a command or an event that opens it.
 */
export const ownSystem: System = {
  id: ownSystemId,
  title: "Wardroom",
  aliases: [],
  links: {},
  health: [],
  facts: [],
  metrics: [],
  logs: [],
  alerts: [],
  rules: [],
  lists: {},
  operations: { settle: settleOperation },
};

/** An operation of one step, the act of the same name, which is given the operation's arguments. */
function ownOperation(written: {
  readonly name: OwnActName;
  readonly summary: string;
  readonly title: string;
  /** What each argument is called. */
  readonly arguments: Readonly<Record<string, string>>;
}): Operation {
  const { name, summary, title } = written;
  const names = Object.keys(written.arguments);
  const spec = { act: name, given: Object.fromEntries(names.map((each) => [each, `{${each}}`])) };
  return Operation.parse({
    summary,
    risk: "destructive",
    arguments: Object.fromEntries(Object.entries(written.arguments).map(([id, called]) => [id, textArgument(called)])),
    steps: [{ id: name, title, kind: "act", backend: ownSystemId, spec }],
  });
}

function textArgument(title: string): object {
  return { type: "text", title };
}
