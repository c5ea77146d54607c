import { z } from "zod";
import { unreadableCard } from "../../cards/unreadable.ts";
import { BackendError, type BackendFault, UserError } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { Card } from "../../domain/messages/card.ts";
import type { Outcome } from "../../domain/messages/message.ts";
import { redact } from "../../domain/text/redact.ts";
import { UnreadableRecord } from "../../domain/unreadable.ts";
import { wordIssue } from "../language/word-issue.ts";

export interface Explained {
  readonly card: Card;
  /** `refused`: the person can mend it. `failed`: a backend or Wardroom itself. `unreadable`: the input. */
  readonly outcome: Exclude<Outcome, "answered">;
}

/**
 * The one place that words an error for a person. What nobody expected is logged whole and shown as a reference to it,
 * never as a stack.
 */
export function explainFailure(error: unknown, by: { readonly reference: string; readonly log: Log }): Explained {
  if (error instanceof UserError) {
    const summary = error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`;
    return { outcome: "refused", card: { tone: "warning", title: "That does not work", summary, blocks: [] } };
  }
  if (error instanceof BackendError) {
    by.log.warn("a backend failed a command", { backend: error.backend, fault: error.fault, status: error.status });
    return { outcome: "failed", card: backendCard(error) };
  }
  if (error instanceof z.ZodError) {
    by.log.warn("a command got input its schema refuses", { issues: error.issues.length, reference: by.reference });
    return { outcome: "unreadable", card: inputCard(error) };
  }
  if (error instanceof UnreadableRecord) {
    by.log.error("a record that a command needs cannot be read", { record: error.record, error });
    return { outcome: "failed", card: unreadableCard(error) };
  }
  by.log.error("a command broke", { error, reference: by.reference });
  return {
    outcome: "failed",
    card: {
      tone: "bad",
      title: "Something in Wardroom broke",
      summary:
        "Your command was not answered. Try it once more; if it breaks again, give the reference to whoever runs Wardroom.",
      blocks: [{ kind: "fields", fields: [{ name: "Reference", value: by.reference }] }],
    },
  };
}

function backendCard(error: BackendError): Card {
  return {
    tone: "unknown",
    title: `${cut(error.backend, 40)}: ${error.isUnstarted ? "not started" : faultTitle(error.fault)}`,
    summary: error.isUnstarted
      ? `${cut(redact(error.message), 400)}. Nothing was asked of it.`
      : `${cut(redact(error.message), 400)}. ${faultRemedy(error.fault)}`.replace(/\.\. /, ". "),
    blocks: [],
  };
}

function faultTitle(fault: BackendFault): string {
  switch (fault) {
    case "unreachable":
      return "not reachable";
    case "timeout":
      return "too slow";
    case "refused":
      return "refused";
    case "unauthorised":
      return "access denied";
    case "missing":
      return "not found";
    case "overloaded":
      return "overloaded";
    case "broken":
      return "broken";
    case "lost":
      return "no answer";
    case "nonsense":
      return "unexpected answer";
    case "unwell":
      return "not well";
  }
}

/** What to try, in one sentence. */
function faultRemedy(fault: BackendFault): string {
  switch (fault) {
    case "unreachable":
      return "Check that it runs and that its address in the system's YAML is right.";
    case "timeout":
      return "It may be overloaded: ask again, or ask for less.";
    case "refused":
      return "Nothing was changed. Its message says what it did not like.";
    case "unauthorised":
      return "Wardroom's credentials for it are wrong or have expired: an administrator can renew them.";
    case "missing":
      return "Check its address in the system's YAML.";
    case "overloaded":
      return "Ask again in a minute.";
    case "broken":
    case "unwell":
      return "Look at its own log; status shows what else is affected.";
    case "lost":
      return "It may or may not have acted: look at its state before asking again.";
    case "nonsense":
      return "Something else may be listening at that address: check it in the system's YAML.";
  }
}

function inputCard(error: z.ZodError): Card {
  const items = error.issues
    .slice(0, 10)
    .map((issue) => ({ text: `${issue.path.map(String).join(".") || "input"}: ${wordIssue(issue) ?? issue.message}` }));
  return {
    tone: "warning",
    title: "The input does not fit",
    summary: "Nothing was done. Correct what is listed and ask again.",
    blocks: [{ kind: "list", items }],
  };
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
