import { UserError } from "../domain/failure.ts";
import type { Store } from "../domain/store.ts";
import {
  letterName,
  parseQuarantined,
  placeNamed,
  type Quarantined,
  quarantinedSince,
  quarantineKey,
} from "../records/ledger.ts";

/** So many are looked through, and so many shown. */
const mostRead = 500;
const mostShown = 20;

/** Something in quarantine, with what people call it. */
export type NamedLetter = Quarantined & { readonly name: string };

/** What is in quarantine that somebody may see, the newest first. */
export async function quarantinedLetters(
  store: Pick<Store, "list">,
  isVisible: (letter: Quarantined) => boolean,
): Promise<{ readonly letters: readonly NamedLetter[]; readonly isMore: boolean }> {
  const visible = (await quarantinedSince(store, 0, mostRead)).filter(
    (letter) => letter.ended === undefined && isVisible(letter),
  );
  return { letters: visible.slice(0, mostShown).map(named), isMore: visible.length > mostShown };
}

/** What is called so in quarantine. Throws UserError where there is none that somebody may see. */
export async function letterNamed(
  store: Pick<Store, "read">,
  name: string,
  isVisible: (letter: Quarantined) => boolean,
): Promise<NamedLetter> {
  const place = placeNamed(name);
  const [document] = place ? await store.read([quarantineKey(place)]) : [];
  const letter = document && parseQuarantined(document);
  if (!letter || !isVisible(letter))
    throw new UserError(`Nothing called ${name} is in quarantine that you may see here.`, "alerts dead lists what is.");
  return named(letter);
}

function named(letter: Quarantined): NamedLetter {
  return { ...letter, name: letterName(letter) };
}
