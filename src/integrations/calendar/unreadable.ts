/** A calendar that is not as it has to be, in words for whoever keeps it. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}
