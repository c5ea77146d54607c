interface Waiting<Item> {
  readonly item: Item;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Has what comes while some is under way done together once that has ended. Where that fails each is done alone, so that none fails by
 * another.
 */
export function together<Item>(work: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let waiting: Waiting<Item>[] = [];
  let isUnderWay = false;
  const alone = async ({ item, done, failed }: Waiting<Item>): Promise<void> => {
    try {
      await work([item]);
      done();
    } catch (error) {
      failed(error);
    }
  };
  const all = async (some: readonly Waiting<Item>[]): Promise<void> => {
    try {
      await work(some.map(({ item }) => item));
      for (const { done } of some) done();
    } catch {
      for (const each of some) await alone(each);
    }
  };
  const goOn = async (): Promise<void> => {
    if (isUnderWay) return;
    isUnderWay = true;
    // Whoever is let go in the same turn comes along.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    while (waiting.length > 0) {
      const [first, ...more] = waiting;
      waiting = [];
      if (first && more.length === 0) await alone(first);
      else if (first) await all([first, ...more]);
    }
    isUnderWay = false;
  };
  return (item) =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed });
      void goOn();
    });
}
