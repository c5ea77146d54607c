/** So many lines are read one by one; of more, those that read alike are told in one. */
const mostApart = 20;
/** As many as that read alike make one line. */
const fewestFolded = 5;

/** A text without what tells it from its like: every figure is `N`. `Lag of stream N is N s` */
export function unnumbered(text: string): string {
  return text.replace(/\d+(?:[.,]\d+)*/gu, "N");
}

/** An item, with those that are alike and told with it; itself among them. */
export interface Alike<Item> {
  readonly first: Item;
  readonly all: readonly Item[];
}

/** Each item apart, in any number. */
export function apart<Item>(items: readonly Item[]): readonly Alike<Item>[] {
  return items.map((first) => ({ first, all: [first] }));
}

/** The items in their order; where there are many, those that are alike by this key stand where the first of them does. */
export function foldAlike<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Alike<Item>[] {
  if (items.length <= mostApart) return apart(items);
  const folded = new Map(
    [...Map.groupBy(items, keyOf).values()]
      .filter((all) => all.length >= fewestFolded)
      .flatMap((all) => all.map((item) => [item, all])),
  );
  return apart(items).flatMap((each) => {
    const all = folded.get(each.first);
    if (!all) return [each];
    return all[0] === each.first ? [{ first: each.first, all }] : [];
  });
}

/** `30 alike: Lag of stream N is N s`, or the words themselves where it stands alone. */
export function alikeText(words: string, { all }: Alike<unknown>): string {
  return all.length === 1 ? words : `${all.length} alike: ${unnumbered(words)}`;
}
