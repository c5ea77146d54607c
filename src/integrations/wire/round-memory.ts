/** What is asked alike within one round is asked once. A round is forgotten with whoever looked. */
export class RoundMemory<Answer> {
  readonly #rounds = new WeakMap<object, Map<string, Promise<Answer>>>();

  /** The answer under this key in this round: the one that is at hand or under way, else what `ask` brings. */
  once(round: object, key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const known = this.#rounds.get(round) ?? new Map<string, Promise<Answer>>();
    this.#rounds.set(round, known);
    const asking = known.get(key) ?? ask();
    known.set(key, asking);
    return asking;
  }
}
