/** Anybody can post to an open port, as often as they like: one line a minute at most, with how many there were. */
const everyMs = 60_000;

/** Counts requests that were refused for want of a proof, and tells of them now and then. */
export function countedRefusals(tell: (count: number) => void): () => void {
  let count = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return () => {
    count += 1;
    const now = performance.now();
    if (now - toldAt < everyMs) return;
    tell(count);
    toldAt = now;
    count = 0;
  };
}
