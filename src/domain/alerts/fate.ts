/**
 * What became of one event of an alert that told something new: exactly one of these. `shown`: on a message. `folded`: in the
 * summary of a storm. `snoozed`: brought up to date on its messages alone, because everybody there snoozed it. `silenced`,
 * `inhibited`, `muted`: kept from people, by a silence, behind another alert, by a route.
 * `dead`: it could be told nowhere.
 */
export const fates = ["shown", "folded", "snoozed", "silenced", "inhibited", "muted", "dead"] as const;
export type Fate = (typeof fates)[number];

export type FateCounts = Readonly<Record<Fate, number>>;

export const noFates: FateCounts = { shown: 0, folded: 0, snoozed: 0, silenced: 0, inhibited: 0, muted: 0, dead: 0 };

export function addFates(a: FateCounts, b: FateCounts): FateCounts {
  return {
    shown: a.shown + b.shown,
    folded: a.folded + b.folded,
    snoozed: a.snoozed + b.snoozed,
    silenced: a.silenced + b.silenced,
    inhibited: a.inhibited + b.inhibited,
    muted: a.muted + b.muted,
    dead: a.dead + b.dead,
  };
}

export function sumOfFates(counts: FateCounts): number {
  return fates.reduce((sum, fate) => sum + counts[fate], 0);
}

const words = {
  shown: "shown",
  folded: "folded into the summary of a storm",
  snoozed: "shown without a word, snoozed",
  silenced: "silenced",
  inhibited: "hidden behind another alert",
  muted: "muted",
  dead: "told nowhere",
} as const satisfies Record<Fate, string>;

export function fateWords(fate: Fate): string {
  return words[fate];
}

/** `3 shown, 2 muted`; empty where nothing has become of anything. */
export function fateCountWords(counts: FateCounts): string {
  return fates.flatMap((fate) => (counts[fate] > 0 ? [`${counts[fate]} ${words[fate]}`] : [])).join(", ");
}
