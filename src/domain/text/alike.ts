/** So many lines are read one by one; of more, those that read alike are told in one. */
const mostApart = 20;
/** As many as that read alike make one line. */
const fewestFolded = 5;

/** A text without what tells it from its like: every figure is `N`. `Lag of stream N is N s` */
export function unnumbered(text: string): string {
  return text.replace(/\d+(?:[.,]\d+)*/gu, "N");
}

/** The items in their order, where there are many with those that are alike by this key beside the first of them. */
export function foldAlike<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly (readonly Item[])[] {
  if (items.length <= mostApart) return items.map((item) => [item]);
  const groups = Map.groupBy(items, keyOf);
  const folded = (item: Item): readonly Item[] | undefined => {
    const group = groups.get(keyOf(item)) ?? [];
    if (group.length < fewestFolded) return [item];
    return group[0] === item ? group : undefined;
  };
  return items.flatMap((item) => {
    const group = folded(item);
    return group ? [group] : [];
  });
}
