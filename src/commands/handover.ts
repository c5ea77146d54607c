import { z } from "zod";
import { handOverShift, takeOverShift } from "../acts/oncall/hand-over-shift.ts";
import { shiftCard, tookOverCard } from "../cards/shift.ts";
import { defineCommand, doneBy } from "../domain/commands/command.ts";
import { callsOf } from "../domain/messages/calls.ts";
import { howItStands } from "../reads/shift.ts";
import { readableSystems } from "./fields.ts";
import { personNamed } from "./oncall.ts";

/** Of the systems that may be seen here. Nobody's rights change, and who is on call neither. */
export const handover = defineCommand({
  name: "handover",
  summary: "Leave how everything stands to whoever takes over: positions, alerts, requests, incidents",
  permission: "respond",
  examples: ["handover", 'handover to:boris note:"the replica is slow since noon"'],
  input: z.object({
    to: z.string().min(1).max(80).optional().meta({
      label: "To",
      help: "Who takes over, called by name; whoever comes when left out",
      suggest: "people",
    }),
    note: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .meta({ label: "Note", help: "What they should know besides", multiline: true, prose: true }),
  }),
  async run({ to, note }, context) {
    const { store, invocation, people } = context;
    const policy = people.policy();
    const calls = to === undefined ? [] : callsOf(policy, [personNamed(context, to).id]);
    const stood = await howItStands({ ...context, policy }, readableSystems(context));
    const left = { calls, stood, place: invocation.place, ...(note !== undefined && { note }) };
    const shift = await handOverShift(store, left, doneBy(invocation));
    return { card: shiftCard(shift), subject: { kind: "shift", shift: shift.code }, calls };
  },
});

/** By name, and once: it is on record who has seen what was left. */
export const handoverTake = defineCommand({
  name: "handover take",
  summary: "Take over from whoever handed over",
  permission: "respond",
  examples: ["handover take 4F2A09"],
  input: z.object({
    shift: z.string().min(1).max(40).meta({ label: "Handover", help: "The code on its message", positional: true }),
  }),
  async run({ shift: code }, context) {
    const shift = await takeOverShift(context.store, code.toUpperCase(), doneBy(context.invocation));
    return { card: tookOverCard(shift), private: true };
  },
});
