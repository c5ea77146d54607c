import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { ListEntry, Lists } from "../../domain/systems/lists.ts";
import type { ListSource } from "../../domain/systems/system.ts";
import { addressOf } from "../wire/address.ts";
import type { Http } from "../wire/http.ts";
import { describe, readPointer } from "../wire/read-pointer.ts";
import { missing, take } from "../wire/reading.ts";

/** Somebody waits for it while typing. */
const deadlineMs = 1_500;
const Row = z.record(z.string(), z.unknown());

/** Reads the lists that a system's file names. Whatever is not a list of names is a failed reading, never an empty list. */
export function createLists(http: Http): Lists {
  return {
    read(system, list) {
      const source = system.lists[list];
      if (!source) return Promise.resolve(missing(`${system.title} has no list ${list}`));
      return take(async () => {
        const answer = await http.json({ backend: system.id, url: source.json.url, deadlineMs });
        return { value: entriesIn(answer.body, source), at: answer.at };
      });
    },
  };
}

function entriesIn(document: unknown, source: ListSource): ListEntry[] {
  const pointed = readPointer(document, source.json.path);
  if (!pointed.present || !Array.isArray(pointed.value))
    throw odd(source, `${source.json.path} is ${describe(pointed)}, not a list`);
  const rows: readonly unknown[] = pointed.value;
  return rows.map((row, at) => entryOf(row, at, source));
}

function entryOf(raw: unknown, at: number, source: ListSource): ListEntry {
  const row = Row.safeParse(raw).data;
  const value = textOf(source.value === undefined ? raw : row?.[source.value]);
  if (value === "")
    throw odd(source, `entry ${at + 1} of ${source.json.path} has no ${source.value ?? "text"} that names it`);
  return { value, label: source.label === undefined ? "" : textOf(row?.[source.label]) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
}

function odd(source: ListSource, said: string): BackendError {
  const { host, path } = addressOf(source.json.url);
  return new BackendError(host, { fault: "nonsense", detail: `GET ${path}: ${said}` });
}
