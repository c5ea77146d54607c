import { isObject, isSameData } from "../same-data.ts";
import { inert } from "../text/inert.ts";
import { redact } from "../text/redact.ts";
import { needWords } from "./need-words.ts";
import { type Policy, Tier, type TierRule } from "./policy.ts";

/** What decides most comes first: of a long list a card shows the beginning. */
const firstTold: readonly string[] = ["rules", "tiers", "roles"];

/**
 * In what one policy differs from another, a line each, in the words of its files; none when they say the same. Whatever a
 * policy holds is compared, so nothing that it comes to hold one day is left out. Of rules the first that matches decides, so
 * that all of them are told in their order as soon as anything about them differs.
 */
export function policyChanges(before: Policy, after: Policy): string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = [...new Set([...firstTold, ...old.keys(), ...now.keys()])].filter((name) => name !== "revision");
  return names.flatMap((name) =>
    name === "rules" ? ruleChanges(before.rules, after.rules) : partChanges(name, old.get(name), now.get(name)),
  );
}

function partChanges(name: string, before: unknown, after: unknown): string[] {
  const [old, now] = [named(before), named(after)];
  return old && now ? listChanges(name, old, now) : valueChanges(name, before, after);
}

/** Every rule that there is now with its place, and where it stood; then what is gone. */
function ruleChanges(before: Policy["rules"], after: Policy["rules"]): string[] {
  if (isSameData(before, after)) return [];
  const [was, is] = [before.map(ruleWords), after.map(ruleWords)];
  const stood = is.map((rule, index) => placeOf(rule, was, earlier(rule, is, index)));
  const left = was.flatMap((rule, index) =>
    stood.includes(index + 1) ? [] : [`rules: no longer, was ${index + 1}: ${rule}`],
  );
  return [
    `rules: the first that matches counts, and they are now${is.length === 0 ? " none" : ""}:`,
    ...is.map((rule, index) => `rules: ${index + 1}, ${stoodWords(stood[index], index + 1)}: ${rule}`),
    ...left,
  ];
}

/** How many of the same stand before it. */
function earlier(rule: string, rules: readonly string[], index: number): number {
  return rules.slice(0, index).filter((each) => each === rule).length;
}

/** The place, counted from 1, of the rule that has so many of the same before it; undefined where there is none. */
function placeOf(rule: string, rules: readonly string[], before: number): number | undefined {
  const place = rules.findIndex((each, index) => each === rule && earlier(rule, rules, index) === before);
  return place === -1 ? undefined : place + 1;
}

function stoodWords(stood: number | undefined, now: number): string {
  if (stood === undefined) return "new";
  return stood === now ? "as before" : `was ${stood}`;
}

/** Its conditions always in the same order, so that the same rule is told in the same words. */
function ruleWords({ tier, risk, direction, system, operation, ...others }: TierRule): string {
  const asked = words({ risk, direction, system, operation, ...others });
  return `${asked === "" ? "everything" : asked}, tier ${tier}`;
}

/** Things that have an id, by it; undefined for anything else. */
function named(value: unknown): Map<string, object> | undefined {
  if (!Array.isArray(value)) return undefined;
  const things = value.flatMap((each: unknown): [string, object][] =>
    isObject(each) && "id" in each && typeof each.id === "string" ? [[each.id, each]] : [],
  );
  return things.length === value.length ? new Map(things) : undefined;
}

function listChanges(name: string, old: Map<string, object>, now: Map<string, object>): string[] {
  const ids = [...new Set([...old.keys(), ...now.keys()])];
  return ids.flatMap((id) => {
    const [before, after] = [old.get(id), now.get(id)];
    if (!before) return [`${name}: ${id} is new: ${words(after)}`];
    if (!after) return [`${name}: ${id} is gone: ${words(before)}`];
    return fieldChanges(`${name}: ${id}`, before, after);
  });
}

function fieldChanges(name: string, before: object, after: object): string[] {
  const [old, now] = [
    new Map<string, unknown>(Object.entries(before)),
    new Map<string, unknown>(Object.entries(after)),
  ];
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  return keys.flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    if (key === "alternatives" && !isSameData(was, is))
      return [`${name}: who has to agree: was ${fieldWords(key, was)}, is ${fieldWords(key, is)}`];
    if (!isProse(key, was) || !isProse(key, is)) return valueChanges(`${name}: ${key}`, was, is);
    return was === is ? [] : [`${name}: ${key}: was ${quoted(was)}, is ${quoted(is)}`];
  });
}

function valueChanges(name: string, before: unknown, after: unknown): string[] {
  if (isSameData(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return entryChanges(name, before, after);
  if (isObject(before) && isObject(after) && !Array.isArray(before) && !Array.isArray(after))
    return fieldChanges(name, before, after);
  return [`${name}: was ${words(before)}, is ${words(after)}`];
}

/** What is more and what is less, and in what a right differs that is in both; where it is the same in another order, that order. */
function entryChanges(name: string, before: readonly unknown[], after: readonly unknown[]): string[] {
  const [more, less] = [lacking(after, before), lacking(before, after)];
  if (more.length + less.length === 0) return [`${name}: in this order: ${after.map(words).join("; ")}`];
  const pairs = more.flatMap((is) => {
    const key = rightGiven(is);
    const [alike, were] = [more, less].map((these) => these.filter((each) => rightGiven(each) === key));
    const [was] = were ?? [];
    return key !== undefined && alike?.length === 1 && were?.length === 1 && isObject(was) && isObject(is)
      ? [{ key, was, is }]
      : [];
  });
  return [
    ...more.filter((each) => !pairs.some(({ is }) => is === each)).map((each) => `${name}: more: ${words(each)}`),
    ...less
      .filter((each) => !pairs.some(({ was }) => was === each))
      .map((each) => `${name}: no longer: ${words(each)}`),
    ...pairs.flatMap(({ key, was, is }) => fieldChanges(`${name}: ${key}`, was, is)),
  ];
}

function lacking(these: readonly unknown[], those: readonly unknown[]): unknown[] {
  return these.filter((each) => !those.some((one) => isSameData(one, each)));
}

/** What tells one right from another: its role, and the group whose members have it. Undefined for what is no right. */
function rightGiven(value: unknown): string | undefined {
  if (!isObject(value) || !("role" in value) || !("systems" in value)) return undefined;
  const { role } = value;
  const group = "group" in value && "surface" in value ? { surface: value.surface, group: value.group } : {};
  return words({ role, ...group });
}

/** For example `role approver, systems alphapulse and pulseguard`. What holds several things is told apart by brackets. */
function words(value: unknown): string {
  if (value === undefined || value === null) return "not said";
  if (Array.isArray(value)) return listWords(value);
  if (!isObject(value)) return typeof value === "string" ? plain(value) : JSON.stringify(value);
  const said = Object.entries(value).filter(([key, each]: [string, unknown]) => key !== "id" && each !== undefined);
  return said.map(([key, each]) => `${key} ${fieldWords(key, each)}`).join(", ");
}

function listWords(value: readonly unknown[]): string {
  if (value.length === 0) return "none";
  const apart = value.length > 1 && value.some(isObject);
  return value.map((each) => (apart ? `(${words(each)})` : words(each))).join(" and ");
}

/** Who has to agree is told as on the card of a request: either of two is not both. */
function fieldWords(key: string, value: unknown): string {
  if (isProse(key, value)) return quoted(value);
  const alternatives = key === "alternatives" ? Tier.shape.alternatives.safeParse(value) : undefined;
  if (!alternatives?.success) return words(value);
  return alternatives.data.length === 0 ? "nobody" : needWords(alternatives.data);
}

/** What somebody writes for people to read, and nothing is decided by. */
function isProse(key: string, value: unknown): value is string {
  return (key === "name" || key === "title") && typeof value === "string";
}

/** Ids, accounts and rights are told as they are, whatever they look like: people agree to them. */
function plain(text: string): string {
  return /^[\w.:*@#/+-]+$/.test(text) ? text : inert(JSON.stringify(text));
}

/** Masked by itself and in quotes, so that it can neither hide nor imitate what stands beside it. */
function quoted(text: string): string {
  return inert(JSON.stringify(redact(text)));
}
