import type { ErrorCode } from "yaml";
import type { Mistake } from "./problem.ts";

/**
 * A fault of YAML itself in our words. The parser's own messages quote the text around them, which may be a secret, so
 * they are not shown.
 */
export function explainYaml(code: ErrorCode): Mistake {
  return (
    explanations[code] ?? {
      message: "this is not YAML as it should be",
      remedy: "Compare the line with its neighbours: indentation, colons, quotes.",
    }
  );
}

const bracket: Mistake = {
  message: "a bracket, brace or indentation does not fit what stands around it",
  remedy: "Close what was opened above, and indent lines of one list or map alike.",
};

const explanations: Partial<Record<ErrorCode, Mistake>> = {
  DUPLICATE_KEY: {
    message: "this key stands twice in one map",
    remedy: "Keep one of the two; the other would be lost silently.",
  },
  TAB_AS_INDENT: { message: "a tab is used as indentation", remedy: "Indent with spaces." },
  BAD_INDENT: bracket,
  BLOCK_IN_FLOW: bracket,
  UNEXPECTED_TOKEN: {
    message: "this does not belong here",
    remedy: "Look at the line above as well: a list and a map may not be mixed at one indentation.",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: "a colon inside an unquoted text begins a second map on the line",
    remedy: 'Put the text in quotes: "like: this".',
  },
  BAD_SCALAR_START: {
    message: "an unquoted text may not begin with this character",
    remedy: "Put the text in quotes.",
  },
  BAD_DQ_ESCAPE: {
    message: "this backslash sequence does not exist in double quotes",
    remedy: "Use single quotes, in which a backslash is a backslash.",
  },
  MISSING_CHAR: {
    message: "a colon, quote or bracket is missing",
    remedy: "Write a key as `key: value`, and close quotes and brackets.",
  },
  MULTILINE_IMPLICIT_KEY: {
    message: "a key goes over more than one line",
    remedy: "Look for a missing colon or quote above.",
  },
  MULTIPLE_DOCS: { message: "a second document begins here (`---`)", remedy: "Keep one document a file." },
  TAG_RESOLVE_FAILED: {
    message: "YAML tags (`!…`) are not used here",
    remedy: "Remove the tag, or put the text in quotes.",
  },
  RESOURCE_EXHAUSTION: {
    message: "the file is nested too deeply",
    remedy: "Remove the brackets that open without an end.",
  },
  BAD_ALIAS: {
    message: "an alias or anchor has no name that may be used",
    remedy: "Put a text that begins with * or & in quotes.",
  },
  BAD_DIRECTIVE: { message: "this line is not a YAML directive", remedy: "Put a text that begins with % in quotes." },
  KEY_OVER_1024_CHARS: {
    message: "a key is longer than 1024 characters",
    remedy: "Look for a missing quote or line break.",
  },
};
