import type { z } from "zod";

/** What the schema finds wrong with a value, in one sentence. A message of the schema's own goes before this. */
export function wordIssue(issue: z.core.$ZodRawIssue | z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case "too_small":
      return issue.origin === "string"
        ? `It must have at least ${counted(issue.minimum, "character")}.`
        : `It must be at least ${String(issue.minimum)}.`;
    case "too_big":
      return issue.origin === "string"
        ? `It must have at most ${counted(issue.maximum, "character")}.`
        : `It must be at most ${String(issue.maximum)}.`;
    case "invalid_type":
      return "input" in issue && issue.input === undefined
        ? "It is missing."
        : `It must be ${typeWords(issue.expected)}.`;
    case "invalid_value":
      return `It must be one of ${issue.values.map(String).join(", ")}.`;
    case "not_multiple_of":
      return `It must be a multiple of ${String(issue.divisor)}.`;
    case "invalid_format":
    case "unrecognized_keys":
    case "invalid_union":
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return "It does not have the right format.";
    default:
      return undefined;
  }
}

function typeWords(expected: string): string {
  switch (expected) {
    case "int":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return "yes or no";
    default:
      return "text";
  }
}

function counted(count: number | bigint, noun: string): string {
  return `${count} ${noun}${Number(count) === 1 ? "" : "s"}`;
}
