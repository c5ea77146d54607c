import { z } from "zod";
import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import { type Shift, takenOver } from "../../domain/oncall/shift.ts";
import type { Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { owedNotice } from "../../records/notice.ts";
import { putShift, readShift, shiftKey } from "../../records/shift.ts";
import { transact } from "../transact.ts";

const Answered = z.object({ code: z.string() });

/** Puts on record how everything stood when somebody went. Once for each delivery. */
export async function handOverShift(
  store: Store,
  left: Pick<Shift, "calls" | "place" | "stood" | "note">,
  { invocation, ...by }: DoneBy,
): Promise<Shift> {
  const outcome = await transact(store, async (now) => {
    const code = newId().slice(0, 6).toUpperCase();
    const shift: Shift = { ...left, code, by: { person: by.person, name: by.name }, at: now };
    return {
      result: shift,
      commit: {
        once: { key: `shift:${invocation}`, answer: { code } },
        expect: { [shiftKey(code)]: null },
        put: [putShift(shift)],
        journal: [{ kind: "shift.left" as const, at: now, who: by, shift: code }],
      },
    };
  });
  return outcome.repeated ? shiftNamed(store, Answered.parse(outcome.answer).code) : outcome.result;
}

/** Somebody has it from now on: that is on record, and its message says so. */
export async function takeOverShift(store: Store, code: string, { invocation, ...by }: DoneBy): Promise<Shift> {
  const outcome = await transact(store, async (now) => {
    const read = await readShift(store, code);
    if (!read) throw noShift(code);
    const { shift: before, revision } = read;
    const shift = takenOver(before, { person: by.person, name: by.name, at: now });
    if (shift === before) return { result: shift };
    const { place } = shift;
    return {
      result: shift,
      commit: {
        once: { key: `shift:${invocation}`, answer: { code } },
        expect: { [shiftKey(code)]: revision },
        put: [putShift(shift)],
        journal: [{ kind: "shift.taken" as const, at: now, who: by, shift: code, from: shift.by.person }],
        notices: place.passing ? [] : [owedNotice({ subject: { kind: "shift", shift: code }, place }, now)],
      },
    };
  });
  return outcome.repeated ? shiftNamed(store, code) : outcome.result;
}

async function shiftNamed(store: Store, code: string): Promise<Shift> {
  const read = await readShift(store, code);
  if (!read) throw noShift(code);
  return read.shift;
}

function noShift(code: string): UserError {
  return new UserError(`Nothing was handed over under ${code}.`, "The code stands on its message; handover makes one.");
}
