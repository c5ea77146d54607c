/** Does it again and again, never twice at a time, until it is ended. One that fails is told to `failed` and done again. */
export function repeatUntilEnded(
  work: () => Promise<void>,
  when: { readonly firstMs: number; readonly everyMs: number; readonly failed: (error: unknown) => void },
): { end(): Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  const tick = (): void => {
    last = last.then(work).catch(when.failed);
    timer = setTimeout(tick, when.everyMs);
  };
  let timer = setTimeout(tick, when.firstMs);
  return {
    async end() {
      clearTimeout(timer);
      await last;
    },
  };
}
