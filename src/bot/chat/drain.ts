/** How long what a platform handed over may take to be answered after the bot was told to stop. */
const drainMs = 5_000;

/** Waits until all of it is over, or a few seconds have passed. */
export async function drain(underWay: Iterable<Promise<void>>): Promise<void> {
  const waited = new Promise((resolve) => setTimeout(resolve, drainMs).unref());
  await Promise.race([Promise.all(underWay), waited]);
}
