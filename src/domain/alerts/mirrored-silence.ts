import type { Reading } from "../systems/reading.ts";
import type { AlertLabels } from "./matcher.ts";
import type { AlertPeer } from "./reconcile.ts";

/** A silence as an Alertmanager has it, while it holds or is to hold. Times are in ms. */
export interface PeerSilence {
  readonly id: string;
  /** Its conditions, in the form that `readMatchers` reads. */
  readonly match: string;
  readonly from: number;
  readonly until: number;
  readonly by: string;
  readonly comment: string;
}

/** An alert that a silence hides in an Alertmanager. */
export interface HiddenAlert {
  readonly labels: AlertLabels;
  readonly summary: string;
}

/** One that somebody made there, and not the bot. */
export interface MirroredSilence extends PeerSilence {
  /** What it hides there, of the alerts that fire, while it ends soon: the first of them. */
  readonly hides?: readonly HiddenAlert[];
  /** Whoever asked the bot to end it, which is yet to be done. */
  readonly ending?: { readonly by: string; readonly at: number; readonly fault?: string | undefined } | undefined;
}

/** The silences of one sender's Alertmanager, as it was last read. */
export interface SilenceMirror {
  readonly sender: string;
  readonly system: string;
  readonly silences: readonly MirroredSilence[];
}

/** What the bot puts there. */
export interface SilenceToPut extends Omit<PeerSilence, "id"> {
  /** Stands in the comment, and nowhere else. */
  readonly mark: string;
}

/** Makes silences in Alertmanagers and ends them. None rejects. */
export interface SilencePeers {
  /** The id of the silence with this mark, which is made where there is none, and when that Alertmanager was started, in its words. */
  put(
    peer: AlertPeer,
    silence: SilenceToPut,
    look: PeerLook,
  ): Promise<Reading<{ readonly id: string; readonly startedAt: string }>>;
  /** Ends the silence with this id or mark; one that is over or was never there is over. */
  end(
    peer: AlertPeer,
    of: { readonly id?: string | undefined; readonly mark?: string },
    look: PeerLook,
  ): Promise<Reading<true>>;
}

export interface PeerLook {
  readonly system: string;
  readonly deadlineMs: number;
}

/** The mirror after a look: what somebody asked to end stays asked until it is over. */
export function mirrorAfter(before: SilenceMirror | undefined, found: SilenceMirror): SilenceMirror {
  const asked = new Map(before?.silences.map(({ id, ending }) => [id, ending]));
  return {
    ...found,
    silences: found.silences.map((each) => {
      const ending = asked.get(each.id);
      return ending ? { ...each, ending } : each;
    }),
  };
}
