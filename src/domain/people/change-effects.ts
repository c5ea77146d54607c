import { inert } from "../text/inert.ts";
import { stamp } from "../text/moment.ts";
import { wholeItems } from "../text/quantities.ts";
import { redact } from "../text/redact.ts";
import {
  type Entitlement,
  favouredBy,
  type GainedRight,
  gainInDecisions,
  hasMorePlaces,
  hasOtherAccount,
  type RightScope,
  rightsGained,
} from "./favoured.ts";
import { type FormerOwner, ownersBefore } from "./former-owners.ts";
import { type Person, permissions } from "./person.ts";
import type { Policy } from "./policy.ts";
import { takenAccounts } from "./same-humans.ts";

/** More names than this go on in a line of their own, so that no line is cut. */
const namesOnALine = 8;

/** What is told of systems and channels in one line, in characters; all of them are among the changes. */
const longestScopes = 200;

/**
 * Who may do what by one policy and not by another, and the other way round: a line for all of whom the same is true, none when
 * nobody gains or loses. What nobody's rights show, such as a time, is among the changes alone. `formerly`: whose accounts were
 * whose by people and rules before; of whoever gains that is told again, or a human who becomes two in two changes is two people.
 */
export function changeEffects(before: Policy, after: Policy, formerly: readonly FormerOwner[] = []): string[] {
  const lost = effectsOf(after, before, {
    ones: "Gone",
    all: "Less",
    perhaps: "Less, where an account is in a group",
    account: "an account less",
    fewer: "what they ask for or agree to takes more people or is refused",
    counts: "their yes counts in fewer decisions",
    places: "in fewer channels or conversations",
  });
  const gained = effectsOf(before, after, {
    ones: "New",
    all: "More",
    perhaps: "More, where an account is in a group",
    account: "another account",
    fewer: "what they ask for or agree to takes fewer people",
    counts: "their yes counts in more decisions",
    places: "in more channels or conversations",
  });
  const taken = takenAccounts(before, after).map(
    ({ person, was }) => `${namedPerson(person)} has an account that was ${was.map(namedPerson).join("'s and ")}'s`,
  );
  const gaining = favouredBy(before, after).flat();
  const known = takenAccounts(before, after).map(({ person }) => person.id);
  const earlier = after.people
    .filter(({ id }) => !known.includes(id))
    .flatMap((person) =>
      ownersBefore(person, formerly)
        .filter(({ id }) => gaining.includes(person.id) || gaining.includes(id))
        .map((was) => `${namedPerson(person)} has an account that was ${namedPerson(was)}'s until ${stamp(was.until)}`),
    );
  const lines = [...taken, ...earlier, ...grouped([...gained, ...lost])];
  if (lines.length > 0) return lines;
  return ["Nobody's rights, accounts or places become more or fewer; what differs is among the changes."];
}

/**
 * A person for whoever decides who that is: the name, with the id where they differ. In quotes where the name could be taken for
 * more than one.
 */
export function namedPerson({ id, name }: Pick<Person, "id" | "name">): string {
  const shown = redact(name);
  if (shown === id) return id;
  const plain = /^[\p{L}\p{M}\p{N}.'’ -]+$/u.test(shown);
  return `${inert(plain ? shown : JSON.stringify(shown))} (${id})`;
}

/** Names in a row, in characters: beyond them `confirm who` has everybody. */
const longestNames = 400;

/** People in a row, each by name, as many as are read. */
export function namedPeople(people: readonly Pick<Person, "id" | "name">[]): string {
  return wholeItems(people.map(namedPerson), longestNames);
}

/** How what one of two policies gives is told. */
interface Words {
  readonly ones: string;
  readonly all: string;
  readonly perhaps: string;
  readonly account: string;
  readonly fewer: string;
  readonly counts: string;
  readonly places: string;
}

interface Effect {
  readonly label: string;
  readonly who: string;
  readonly what: string;
}

/** What each of `after` may do by it and not by `before`. */
function effectsOf(before: Policy, after: Policy, words: Words): Effect[] {
  const inDecisions = gainInDecisions(before, after);
  return after.people.flatMap((person) => {
    const { id } = person;
    const who = namedPerson(person);
    const old = before.people.find((each) => each.id === id);
    const sure = rightsGained(id, { before, after, by: "grants" });
    const perhaps = rightsGained(id, { before, after, by: "groups" }).filter(
      (each) => !sure.some((one) => rightKey(one) === rightKey(each)),
    );
    const group = perhaps.length === 0 ? [] : [{ label: words.perhaps, who, what: rightsWords(perhaps) }];
    if (!old) return [{ label: words.ones, who, what: sure.length === 0 ? "no right" : rightsWords(sure) }, ...group];
    const { fewer, counts } = inDecisions(person);
    const what = [
      ...(sure.length > 0 ? [rightsWords(sure)] : []),
      ...(hasOtherAccount(person, old) ? [words.account] : []),
      ...(fewer ? [words.fewer] : []),
      // A right to approve in a tier says the same, and in which.
      ...(counts && sure.every(({ tier }) => tier === undefined) ? [words.counts] : []),
      ...(hasMorePlaces(id, before, after) ? [words.places] : []),
    ];
    return [...(what.length > 0 ? [{ label: words.all, who, what: what.join("; ") }] : []), ...group];
  });
}

function rightKey({ what, tier, system, channel }: Entitlement): string {
  return JSON.stringify([what, tier, system, channel]);
}

/** For example `read, ask on alphapulse, logos in ops; stop on every system except alphapulse`. */
function rightsWords(rights: readonly GainedRight[]): string {
  const byScope = Map.groupBy(rights, gainedScopeWords);
  const scopes = [...byScope].map(([scope, here]) => ({ scope, what: whatWords(here) }));
  return [...Map.groupBy(scopes, ({ what }) => what)]
    .map(
      ([what, there]) =>
        `${what} on ${wholeItems(
          there.map(({ scope }) => scope),
          longestScopes,
        )}`,
    )
    .join("; ");
}

/** Who may approve in a tier may approve: of the two the tier is said. */
function whatWords(rights: readonly GainedRight[]): string {
  const tiers = [...new Set(rights.flatMap(({ tier }) => tier ?? []))];
  const may = permissions.filter(
    (each) => rights.some(({ what }) => what === each) && !(each === "approve" && tiers.length > 0),
  );
  const among = tiers.length === 0 ? [] : [`approve in the tier ${tiers.join(" and ")}`];
  return [...may, ...among].join(", ");
}

function gainedScopeWords({ except, ...scope }: GainedRight): string {
  const kept = [...new Set(except.map((each) => exceptionWords(each, scope)))];
  return kept.length === 0 ? scopeWords(scope) : `${scopeWords(scope)} except ${wholeItems(kept, longestScopes)}`;
}

function exceptionWords(kept: RightScope, { system }: RightScope): string {
  return kept.system === system && kept.channel !== undefined ? `in ${kept.channel}` : scopeWords(kept);
}

function scopeWords({ system, channel }: RightScope): string {
  return `${system === "*" ? "every system" : system}${channel === undefined ? "" : ` in ${channel}`}`;
}

/** Of whom the same is true is said together, a few to a line. */
function grouped(effects: readonly Effect[]): string[] {
  return [...Map.groupBy(effects, ({ label, what }) => JSON.stringify([label, what])).values()].flatMap((same) => {
    const starts = [...same.keys()].filter((at) => at % namesOnALine === 0);
    return starts.flatMap((start) => {
      const few = same.slice(start, start + namesOnALine);
      const names = few.map(({ who }) => who).join(", ");
      return few.slice(0, 1).map(({ label, what }) => `${label}: ${names}: ${what}`);
    });
  });
}
