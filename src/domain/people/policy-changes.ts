import { isObject, isSameData } from "../same-data.ts";
import { inert } from "../text/inert.ts";
import { redact } from "../text/redact.ts";
import type { Policy } from "./policy.ts";

/**
 * In what one policy differs from another, a line each, in the words of its files; none when they say the same. Whatever a
 * policy holds is compared, so nothing that it comes to hold one day is left out.
 */
export function policyChanges(before: Policy, after: Policy): string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => name !== "revision");
  return names.flatMap((name) => partChanges(name, old.get(name), now.get(name)));
}

function partChanges(name: string, before: unknown, after: unknown): string[] {
  const [old, now] = [named(before), named(after)];
  return old && now ? listChanges(name, old, now) : valueChanges(name, before, after);
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

/** What is more and what is less; where it is the same in another order, that order. */
function entryChanges(name: string, before: readonly unknown[], after: readonly unknown[]): string[] {
  const lacking = (these: readonly unknown[], those: readonly unknown[]): string[] =>
    these.filter((each) => !those.some((one) => isSameData(one, each))).map(words);
  const more = lacking(after, before).map((each) => `${name}: more: ${each}`);
  const less = lacking(before, after).map((each) => `${name}: no longer: ${each}`);
  return more.length + less.length > 0
    ? [...more, ...less]
    : [`${name}: in this order: ${after.map(words).join("; ")}`];
}

/** For example `role approver, systems alphapulse and pulseguard`. */
function words(value: unknown): string {
  if (value === undefined || value === null) return "not said";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(words).join(" and ");
  if (!isObject(value)) return typeof value === "string" ? plain(value) : JSON.stringify(value);
  const said = Object.entries(value).filter(([key, each]: [string, unknown]) => key !== "id" && each !== undefined);
  return said.map(([key, each]) => `${key} ${isProse(key, each) ? quoted(each) : words(each)}`).join(", ");
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
