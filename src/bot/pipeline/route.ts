import type { z } from "zod";
import type { Command } from "../../domain/commands/command.ts";
import type { DeliveryContent, FieldValues } from "../../domain/commands/delivery-content.ts";
import type { Card } from "../../domain/messages/card.ts";
import type { MessageRef } from "../../domain/messages/message.ts";
import { cutText } from "../../domain/text/cut-text.ts";
import { oneLine } from "../../domain/text/quantities.ts";
import type { StoredButton } from "../../records/button.ts";
import { checkValues } from "../language/check-values.ts";
import { problemCard } from "../language/explain-problem.ts";
import { fieldsOf } from "../language/fields.ts";
import type { Form } from "../language/form.ts";
import { type FormParts, formOf, type Lack } from "../language/form.ts";
import type { InputProblem, WhatWasMeant } from "../language/input-problem.ts";
import { parse } from "../language/parse.ts";

/** Which command was asked with what, or what is wrong with the asking. */
export type Routed =
  | {
      readonly kind: "ready";
      readonly command: Command;
      readonly values: FieldValues;
      readonly input: z.output<z.ZodObject>;
    }
  /** A form can ask for the rest. */
  | {
      readonly kind: "incomplete";
      readonly command: Command;
      readonly values: FieldValues;
      readonly form: Form;
    }
  | {
      readonly kind: "unreadable";
      readonly card: Card;
      /** Why a typed line is none. */
      readonly problem?: InputProblem;
      /** What was meant, as far as whoever asks may know of it. */
      readonly meant?: readonly WhatWasMeant[];
    };

export interface Routes {
  readonly commands: readonly Command[];
  /** What a button does, as stored; undefined when it is gone. */
  readonly button: (id: string) => Promise<StoredButton | undefined>;
  /** The request that a message shows; undefined for any other message. */
  readonly requestAt: (message: MessageRef) => Promise<string | undefined>;
  /** Codes of the alerts that a message shows; none for any other message. */
  readonly alertsAt: (message: MessageRef) => Promise<readonly string[]>;
}

/** Reads an asking of any kind. It does nothing and decides nothing. */
export async function route(content: DeliveryContent, routes: Routes): Promise<Routed> {
  switch (content.kind) {
    case "text": {
      const parsed = parse(content.text, routes.commands);
      if (parsed.kind === "unreadable") return unreadable(parsed.problem);
      return parsed.kind === "ready" ? parsed : incomplete(parsed.command, parsed);
    }
    case "form":
      return routeValues(routes, content);
    case "message":
      return routeMessage(routes, content);
    case "press": {
      const button = await routes.button(content.action);
      if (!button) return gone();
      const { command, args: values, ask } = button;
      return routeValues(routes, { command, values, ask, carried: Object.keys(values) });
    }
  }
}

function unreadable(problem: InputProblem): Routed {
  const meant = problem.code === "unknown-command" ? problem.meant : undefined;
  return { kind: "unreadable", card: problemCard(problem), problem, ...(meant && { meant }) };
}

/** A command asked of a message. What could be meant in more than one way is asked with a form, filled in. */
async function routeMessage(routes: Routes, content: Extract<DeliveryContent, { kind: "message" }>): Promise<Routed> {
  const command = routes.commands.find((each) => each.name === content.command);
  if (!command?.shortcut) return gone();
  const { field } = command.shortcut;
  const fields = fieldsOf(command.input);
  const most = fields.find((each) => each.name === field)?.max ?? Number.POSITIVE_INFINITY;
  const formWith = (value: string, also: readonly string[]): Routed =>
    incomplete(command, { values: value === "" ? {} : { [field]: value }, errors: {} }, { also });
  switch (command.shortcut.of) {
    case "request": {
      const request = await routes.requestAt(content.message);
      if (request === undefined) return { kind: "unreadable", card: notAbout("request", "the card of a request") };
      return routeValues(routes, { command: content.command, values: { [field]: request } });
    }
    case "alerts": {
      const [first, ...more] = await routes.alertsAt(content.message);
      if (first === undefined)
        return {
          kind: "unreadable",
          card: notAbout("alert", "a message about alerts, and an answer of the last day that lists some,"),
        };
      // The worst come first; a code that is cut off would be none.
      const all = wholeWords([first, ...more].join(" "), most);
      if (content.reaction) return routeValues(routes, { command: content.command, values: { [field]: all } });
      if (more.length > 0) return formWith(all, []);
      return routeValues(routes, { command: content.command, values: { [field]: first } });
    }
    case "text": {
      const every = fields.map((each) => each.name);
      return formWith(cutText(oneLine(content.text), most), every);
    }
  }
}

interface AskedValues extends Pick<FormParts, "ask" | "carried"> {
  readonly command: string;
  readonly values: FieldValues;
}

function routeValues(routes: Routes, { command: name, values, ...parts }: AskedValues): Routed {
  const command = routes.commands.find((each) => each.name === name);
  if (!command) return gone();
  const checked = checkValues(command, values);
  if (!checked.ok) return incomplete(command, checked, parts);
  const open = (parts.ask ?? []).filter((each) => checked.values[each] === undefined);
  if (open.length > 0) return incomplete(command, { values: checked.values, errors: {} }, parts);
  return { kind: "ready", command, values: checked.values, input: checked.input };
}

function incomplete(command: Command, lack: Lack, parts?: FormParts): Routed {
  return { kind: "incomplete", command, values: lack.values, form: formOf(command, lack, parts) };
}

function wholeWords(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, text.lastIndexOf(" ", most));
}

function notAbout(what: string, where: string): Card {
  return {
    tone: "warning",
    title: `That message shows no ${what}`,
    summary: `Nothing was done. It works on ${where} in a channel.`,
    blocks: [],
  };
}

function gone(): Routed {
  return {
    kind: "unreadable",
    card: {
      tone: "warning",
      title: "That button no longer works",
      summary: "Nothing was done. Type the command instead; help lists what there is.",
      blocks: [],
    },
  };
}
