import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../domain/failure.ts";
import type { ConfigProblem } from "./problem.ts";

/** The text of a file, or why there is none. */
export async function readFileText(
  file: string,
): Promise<{ readonly text: string } | { readonly problem: ConfigProblem }> {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file)) };
  } catch (error) {
    return { problem: unreadable(file, error) };
  }
}

/** The YAML files of a folder, sorted by name; hidden files and backups of editors are not among them. */
export async function yamlFilesIn(
  folder: string,
): Promise<{ readonly files: string[] } | { readonly problem: ConfigProblem }> {
  try {
    const names = (await readdir(folder)).filter((name) => /^[^.].*\.ya?ml$/.test(name)).toSorted();
    if (names.length > 0) return { files: names.map((name) => join(folder, name)) };
    return {
      problem: atTop(folder, "there is no system here", "Add a file for each system, named after it: <id>.yaml."),
    };
  } catch (error) {
    return { problem: unreadable(folder, error) };
  }
}

function unreadable(file: string, error: unknown): ConfigProblem {
  const code = errorCode(error) ?? "";
  switch (code) {
    case "ENOENT":
      return atTop(file, "this does not exist", "Create it, or set WARDROOM_CONFIG to the folder that holds it.");
    case "EACCES":
    case "EPERM":
      return atTop(file, "this may not be read", "Let the user the bot runs as read it.");
    case "EISDIR":
      return atTop(file, "this is a folder, not a file", "Put a file in its place.");
    case "ENOTDIR":
      return atTop(file, "this is a file, not a folder", "Set WARDROOM_CONFIG to a folder.");
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return atTop(file, "this is not UTF-8 text", "Save it as UTF-8.");
    default:
      return atTop(file, "this cannot be read", "Look at the file and the disk it is on.");
  }
}

function atTop(file: string, message: string, remedy: string): ConfigProblem {
  return { severity: "error", file, line: 1, column: 1, path: "", message, remedy };
}
