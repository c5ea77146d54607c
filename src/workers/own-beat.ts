import type { Beats, OwnBeat } from "../domain/alerts/own-beat.ts";
import type { Troubles } from "../domain/messages/trouble.ts";
import type { ScheduleSlot } from "./schedule.ts";

const deadlineMs = 5_000;
const shortestMs = 5_000;
/** How often a beat that is not configured asks whether it is, ms. */
const offMs = 60_000;
const troubleId = "own-heartbeat";

/**
 * Calls an address outside once over all replicas while the bot is well. That its store is well shows in that the round is had at
 * all. An address that does not answer is told, and called again at the next round.
 */
export function ownBeatSlot({
  beats,
  beat,
  isWell,
  troubles,
}: {
  readonly beats: Beats;
  readonly beat: () => OwnBeat | undefined;
  readonly isWell: () => Promise<boolean>;
  readonly troubles: Troubles;
}): ScheduleSlot {
  return {
    id: "own-beat",
    everyMs: () => Math.max(shortestMs, beat()?.every ?? offMs),
    async run() {
      const to = beat()?.to;
      if (to === undefined) troubles.clear(troubleId);
      else if (await isWell()) {
        const sent = await beats.send(to, deadlineMs);
        if (sent.ok) troubles.clear(troubleId);
        else
          troubles.raise({
            id: troubleId,
            what: `The address that waits for a sign of life does not take it: ${sent.detail}.`,
            remedy: "Look at `alerts: beat` in wardroom.yaml; who waits there takes the bot for dead.",
          });
      }
      return {};
    },
  };
}
