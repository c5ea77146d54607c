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
export type OwnActName = "settle" | "change-policy" | "silence" | "drop-letter";

/** Says how an operation ended whose outcome nobody could prove. */
export const settleOperation = ownOperation({
  name: "settle",
  summary: "Say how an operation ended that could not be settled by proof",
  title: "Write down how it ended, and free what it held",
  arguments: { request: "Request", code: "Code", outcome: "Outcome" },
  targets: ["request/{request}"],
});

/** The operation that puts other people and rules in force. */
export const changePolicyName = "change-policy";

/** Puts other people and rules in force. */
export const changePolicyOperation = ownOperation({
  name: changePolicyName,
  summary: "Put the people and rules of the files in force",
  title: "Put them in force, whole",
  arguments: { revision: "Revision", content: "SHA-256 of what is put in force" },
});

/** Keeps more from people than one person may keep from them alone. */
const silenceOperation = ownOperation({
  name: "silence",
  summary: "Keep alerts from people for a time, more than one person may keep from them alone",
  title: "Silence them",
  arguments: {
    match: "Alerts that meet",
    for: "For",
    worst: "What is never muted, too",
    alerts: "Alerts that it meets now",
    alertmanagers: "Made in the Alertmanagers of",
  },
});

/** Drops what was posted as an alert, could not be used and may have told of something critical. */
const dropLetterOperation = ownOperation({
  name: "drop-letter",
  summary: "Drop what was posted as an alert and could not be used: it may tell of something critical",
  title: "Drop it: nobody is told of what it says",
  arguments: { letter: "Dead letter", sender: "Posted by", fault: "Why it could not be used" },
});

/** By the act that each of them does. */
export const ownOperations: Readonly<Record<OwnActName, Operation>> = {
  settle: settleOperation,
  "change-policy": changePolicyOperation,
  silence: silenceOperation,
  "drop-letter": dropLetterOperation,
};

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
  queries: [],
  digests: [],
  operations: ownOperations,
};

/** An operation of one step, the act of the same name, which is given the operation's arguments. */
function ownOperation(written: {
  readonly name: OwnActName;
  readonly summary: string;
  readonly title: string;
  /** What each argument is called. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly targets?: readonly string[];
}): Operation {
  const { name, summary, title, targets = [] } = written;
  const names = Object.keys(written.arguments);
  const spec = { act: name, given: Object.fromEntries(names.map((each) => [each, `{${each}}`])) };
  return Operation.parse({
    summary,
    risk: "destructive",
    targets,
    arguments: Object.fromEntries(Object.entries(written.arguments).map(([id, called]) => [id, textArgument(called)])),
    steps: [{ id: name, title, kind: "act", backend: ownSystemId, spec }],
  });
}

function textArgument(title: string): object {
  return { type: "text", title };
}
