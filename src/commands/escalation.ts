import { z } from "zod";
import { escalationCard, noEscalationCard } from "../cards/escalation.ts";
import { defineCommand } from "../domain/commands/command.ts";
import { personName } from "../domain/people/person.ts";
import { escalationState } from "../reads/escalation.ts";
import { peopleCalled } from "../reads/on-call.ts";
import { system, systemNamed } from "./fields.ts";

/** Whom a system's alerts call while nobody has them, who that is now, and what is under way. */
export const escalation = defineCommand({
  name: "escalation",
  summary: "Who is called when nobody has an alert of a system, and what is under way",
  permission: "read",
  systemField: "system",
  examples: ["escalation {system}"],
  input: z.object({ system }),
  async run(input, context) {
    const { now } = context.invocation;
    const found = systemNamed(context, input.system);
    const policy = context.people.policy();
    const { escalations, book, onCall, direct } = context.routing;
    const matrix = escalations.get(found.id);
    if (!matrix) {
      const called = await peopleCalled(context.store, { book, ids: onCall.get(found.id) ?? [] }, now);
      const names = called.map((id) => personName(id, policy.people));
      return { card: noEscalationCard(found.title, names) };
    }
    // Its alerts are told where the system may be seen, as far as can be said without one of them.
    const told = policy.channels
      .filter(({ systems }) => systems === "*" || systems.includes(found.id))
      .map(({ surface, channel }) => ({ surface, channel }));
    const state = await escalationState(context.store, matrix, { policy, book, system: found.id, direct, now, told });
    return {
      card: escalationCard({ ...state, title: found.title }, now),
      alerts: state.underWay.map(({ code }) => code),
    };
  },
});
