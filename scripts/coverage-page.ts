import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { demoVariables } from "../demo/variables.ts";
import { parse } from "../src/bot/language/parse.ts";
import { configOrRefuse, demoPlace } from "../src/compose/config.ts";
import { commandsFor } from "../src/compose/configuration.ts";
import type { Command } from "../src/domain/commands/command.ts";
import { codeIn, type Tree } from "./source.ts";

const Row = z.strictObject({
  id: z.string().regex(/^(A|AP|LG|ML|PG|PR)\d+$/),
  /** What the manual has done, in its own words. */
  wants: z.string(),
  /** What is typed for it. */
  asks: z.array(z.string()).default([]),
  /** What of the row is not there although the rest is. */
  lacks: z.string().optional(),
});
type Row = z.output<typeof Row>;

const Rows = z.strictObject({ groups: z.array(z.strictObject({ title: z.string(), rows: z.array(Row).min(1) })) });

/** A test that names rows in its title. */
interface Proof {
  readonly rows: readonly string[];
  readonly file: string;
}

/** All that the page is written from. */
export interface Coverage {
  readonly groups: z.output<typeof Rows>["groups"];
  readonly commands: readonly Command[];
  readonly proofs: readonly Proof[];
}

/** Reads the rows, the commands that the shipped systems have, and what the titles of a tree's tests name. */
export async function coverageOf(tree: Tree): Promise<Coverage> {
  const { config } = await configOrRefuse(demoPlace, demoVariables);
  const { groups } = Rows.parse(parseYaml(tree.get("docs/coverage.yaml") ?? ""));
  return { groups, commands: commandsFor(config), proofs: proofsIn(tree) };
}

/** What is wrong with the sources of the page: what is asked is no command, a test names no row. */
export function coverageFaults({ groups, commands, proofs }: Coverage): string[] {
  const rows = groups.flatMap((group) => group.rows);
  return [...rowFaults(rows, commands), ...proofFaults(rows, proofs)];
}

/** The page on what of the manuals is served. Throws an Error that names what its sources have wrong. */
export function coveragePage(coverage: Coverage): string {
  const faults = coverageFaults(coverage);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const { groups, proofs } = coverage;
  const rows = groups.flatMap((group) => group.rows);
  const count = (how: Serves): number => rows.filter((row) => serves(row, proofs) === how).length;
  return [
    "# What the operations manuals ask for",
    "",
    "<!-- Written by `npm run coverage` from docs/coverage.yaml, the systems' files and the titles of the tests. -->",
    "",
    `Of ${rows.length} rows ${count("whole")} are served and ${count("partly")} in part, each with what is typed for it and the tests that prove it.`,
    ...groups.flatMap(({ title, rows: of }) => ["", `## ${title}`, "", ...tableOf(of, proofs)]),
    "",
  ].join("\n");
}

/** Rows named by the titles of tests: `it("rolls back by image (PR5, PR27)")`. */
function proofsIn(tree: Tree): Proof[] {
  const titles =
    /\b(?:it|test|story)(?:\.each\([\s\S]*?\))?\(\s*(["'`])((?:(?!\1).)*?\(((?:A|AP|LG|ML|PG|PR)\d+(?:, (?:A|AP|LG|ML|PG|PR)\d+)*)\)(?:(?!\1).)*)\1/g;
  return codeIn(tree, "test").flatMap(([file, text]) =>
    [...text.matchAll(titles)].map((match) => ({ rows: (match[3] ?? "").split(", "), file })),
  );
}

type Serves = "whole" | "partly" | "not";

function serves({ id, asks, lacks }: Row, proofs: readonly Proof[]): Serves {
  if (asks.length === 0 || !proofs.some(({ rows }) => rows.includes(id))) return "not";
  return lacks === undefined ? "whole" : "partly";
}

function rowFaults(rows: readonly Row[], commands: readonly Command[]): string[] {
  const twice = rows.filter(({ id }, at) => rows.findIndex((each) => each.id === id) !== at);
  const unread = rows.flatMap(({ id, asks }) =>
    asks.filter((ask) => parse(ask, commands).kind === "unreadable").map((ask) => `${id}: "${ask}" is no command`),
  );
  return [...twice.map(({ id }) => `${id} stands twice`), ...unread];
}

function proofFaults(rows: readonly Row[], proofs: readonly Proof[]): string[] {
  const known = new Set(rows.map(({ id }) => id));
  return proofs.flatMap(({ rows: named, file }) =>
    named.filter((id) => !known.has(id)).map((id) => `${file} names ${id}, which is no row`),
  );
}

function tableOf(rows: readonly Row[], proofs: readonly Proof[]): string[] {
  const lines = rows.map((row) => {
    const tests = [...new Set(proofs.filter((each) => each.rows.includes(row.id)).map(({ file }) => file))];
    return `| ${row.id} | ${row.wants.replaceAll("|", "\\|")} | ${served(row, proofs)} | ${tests.map((file) => `\`${file}\``).join(", ")} |`;
  });
  return ["| | In the manual | Asked with | Proven by |", "|---|---|---|---|", ...lines];
}

function served(row: Row, proofs: readonly Proof[]): string {
  if (serves(row, proofs) === "not") return "not there yet";
  const asked = row.asks.map((ask) => `\`${ask}\``).join(", ");
  return row.lacks === undefined ? asked : `${asked}; not there yet: ${row.lacks}`;
}
