/** So many calls in so many ms, and not one more. */
interface Window {
  readonly most: number;
  readonly ms: number;
}

const minute = 60_000;
/** Slack's tiers, by what its reference says of each method. It takes "at least" so many, and here hardly any more. */
const tiers: Readonly<Record<number, Window>> = {
  2: { most: 22, ms: minute },
  3: { most: 55, ms: minute },
  4: { most: 110, ms: minute },
};
const tierOf: Readonly<Record<string, 2 | 3 | 4>> = {
  "chat.update": 3,
  "chat.delete": 3,
  "chat.postEphemeral": 4,
  "conversations.history": 3,
  "conversations.replies": 3,
  "conversations.info": 3,
  "conversations.join": 3,
  "conversations.open": 3,
  "conversations.create": 2,
  "conversations.invite": 3,
  "conversations.list": 2,
  "conversations.setTopic": 2,
  "pins.add": 2,
  "bookmarks.add": 2,
  "bookmarks.list": 3,
  "files.getUploadURLExternal": 4,
  "files.completeUploadExternal": 4,
  "users.info": 4,
  "usergroups.list": 2,
  "usergroups.users.list": 2,
  "views.open": 4,
  "views.update": 4,
  "views.publish": 4,
};
/**
 * "One message a second in a channel, short bursts tolerated": a burst, and a minute's worth. A machine that stands still for a moment
 * brings together what was sent apart, which is not refused.
 */
const inChannel: readonly Window[] = [
  { most: 15, ms: 5_000 },
  { most: 72, ms: minute },
];
/** "Several hundred a minute" over all channels. */
const inWorkspace: Window = { most: 700, ms: minute };

/** What Slack takes of each method, and of each channel's posts, in how long. */
export class SlackPace {
  readonly #taken = new Map<string, number[]>();

  /** Undefined where the call is taken; else how long to wait, s, as Retry-After has it. */
  take(method: string, channel: string, nowMs: number): number | undefined {
    const windows = windowsOf(method, channel);
    const waitMs = Math.max(0, ...windows.map(([key, window]) => this.#waitMs(key, window, nowMs)));
    if (waitMs > 0) return Math.ceil(waitMs / 1_000);
    for (const key of new Set(windows.map(([each]) => each))) this.#of(key, nowMs).push(nowMs);
    return undefined;
  }

  #waitMs(key: string, { most, ms }: Window, nowMs: number): number {
    const within = this.#of(key, nowMs).filter((at) => at > nowMs - ms);
    const oldest = within[within.length - most];
    return oldest === undefined ? 0 : oldest + ms - nowMs;
  }

  #of(key: string, nowMs: number): number[] {
    const kept = (this.#taken.get(key) ?? []).filter((at) => at > nowMs - minute);
    this.#taken.set(key, kept);
    return kept;
  }
}

function windowsOf(method: string, channel: string): readonly (readonly [string, Window])[] {
  if (method === "chat.postMessage")
    return [...inChannel.map((window) => [`${method} ${channel}`, window] as const), [method, inWorkspace] as const];
  const tier = tiers[tierOf[method] ?? 0];
  return tier ? [[method, tier]] : [];
}
