import type { SenderLook } from "./reconcile.ts";
import type { Silence, SilenceThere } from "./silence.ts";

/**
 * What stands of the bot's silence in a sender's Alertmanagers after a look at them; undefined where that is nothing new. None of them
 * has it, nor knows that it ended, and each was started since it was last seen there: it was lost with what they kept, and is to be
 * made again. What somebody ended is known to have ended for as long as they keep what they know.
 */
export function thereAfterLook(silence: Silence, look: SenderLook): SilenceThere | undefined {
  const there = silence.there?.find(({ sender }) => sender === look.sender.id);
  if (there?.id === undefined || there.over || Math.max(silence.from, there.lost?.at ?? 0) > look.at) return undefined;
  const states = look.peers.flatMap((reading) => (reading.ok && !reading.value.isSettling ? [reading.value] : []));
  if (states.length === 0 || states.length < look.peers.length) return undefined;
  const isThere = (those: readonly { readonly id: string }[]): boolean => those.some(({ id }) => id === there.id);
  if (states.some(({ ended }) => isThere(ended))) return undefined;
  const starts = states.map(({ startedAt }) => startedAt);
  if (states.some(({ silences }) => isThere(silences)))
    return starts.join() === there.starts?.join() ? undefined : { ...there, starts };
  if (!there.starts || there.starts.some((each) => starts.includes(each))) return undefined;
  const { sender, match, lost } = there;
  return { sender, match, lost: { times: (lost?.times ?? 0) + 1, at: look.at } };
}
