/** One of few things that only so many processes may hold at a time: a socket's place, the gateway. */
export interface Lease {
  readonly name: string;
  /** True while it is still ours; it then lasts as long again. False when another has it: stop at once. */
  renew(): Promise<boolean>;
  /** Hands it back. Never rejects. */
  release(): Promise<void>;
}

export interface Leases {
  /** Takes the first of these names that nobody holds, for so many ms; undefined when all are held. */
  take(names: readonly string[], forMs: number): Promise<Lease | undefined>;
  /** How many of these names somebody holds now. */
  held(names: readonly string[]): Promise<number>;
}
