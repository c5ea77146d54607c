/** Something that keeps the bot from doing its work and that its operator can mend. */
export interface Trouble {
  /** The same id is the same trouble: it is told once while it lasts. */
  readonly id: string;
  /** The surface that it is a trouble with; left out where it is one with Wardroom's own records. */
  readonly surface?: string;
  /** What is wrong, in one sentence without a secret. */
  readonly what: string;
  /** The exact next step. */
  readonly remedy: string;
  /** Nothing can be said on its surface while it lasts, so it is told elsewhere alone. */
  readonly silences?: boolean;
  /** Nobody is heard on its surface while it lasts, so it says already why the surface is deaf. */
  readonly deafens?: boolean;
}

/** That nobody is heard on a surface. */
export function deafTrouble(surface: string): string {
  return `deaf/${surface}`;
}

/** That what is said on a surface is late, or does not arrive. */
export function lateTrouble(surface: string): string {
  return `late/${surface}`;
}

/** A trouble that was told to the operators. */
export interface RaisedTrouble extends Pick<Trouble, "what" | "remedy"> {
  /** What people call the surface that it is a trouble with; `its records` for Wardroom's own. */
  readonly surfaceName: string;
  /** Store time in ms. The same trouble that comes back later is another one: it has messages of its own. */
  readonly since: number;
  /** Set once it is over. */
  readonly overAt?: number;
}

export interface Troubles {
  raise(trouble: Trouble): void;
  /** It is over. Nothing when it was not raised. */
  clear(id: string): void;
}

export interface ExplainingTroubles extends Troubles {
  /** It has been told already why nobody is heard on this surface. */
  explains(surface: string): boolean;
}
