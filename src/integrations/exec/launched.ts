import { posix } from "node:path";
import { argumentsIn } from "../../domain/systems/placeholders.ts";
import {
  connecting,
  interpreters,
  launchers,
  machines,
  manyInOne,
  shellOptions,
  takersOfCode,
  takersOfData,
  takersOfOperand,
} from "./known-programs.ts";

/*
 * What a person typed is never what is run. A file's own words are trusted; an argument may stand only where the program that is
 * known to run or to read code does not look for it, and of programs that are known to take code anywhere, nowhere. Of the
 * machine's own programs only those take one that are known to take nothing but data: there are too many that run something.
 */

/** `-c`, `-lc`, `-e`, `--eval`, `--command=…`, `eval`: what follows is program text. */
const programText = /^(?:-[A-Za-z]*[cerp][A-Za-z]*|--(?:eval|print|command|execute|run)(?:=.*)?|eval)$/;
/** What tells builds of one program apart, and its version with whatever is behind that. */
const build =
  /(?:[-_.](?:real|static|orig|distrib|diverted|wrapped|unwrapped|bin|dbg|debug|x86_64|amd64|aarch64|arm64|linux|gnu|musl|moreutils))+$/;
const version = /[-_.]?\d[\d.]*w?(?:[-_][\w-]*)?$/;

/** Why a command may not stand in a file; undefined where nothing that a person types can become a program, an option or code. */
export function launchFault(words: readonly string[]): string | undefined {
  const [program = "", applet = "", ...rest] = words;
  const name = nameOf(program);
  if (manyInOne.has(name)) return appletFault(name, applet) ?? launchFault([`/bin/${applet}`, ...rest]);
  return words.map((_, at) => textFault(words, at)).find((each) => each !== undefined);
}

/**
 * What a program is known by: `bash5`, `python3.12`, `lua5.4-static` and `perl.real` are those that they are named after, and so
 * is `gtimeout`, as GNU's programs are called beside others.
 */
function nameOf(word: string): string {
  const name = posix
    .basename(word)
    .replace(/\.exe$/i, "")
    .toLowerCase();
  const bare = name.replace(build, "").replace(version, "") || name;
  const known = [interpreters, takersOfCode, connecting, launchers, manyInOne];
  const names = [name, bare, ...(bare.startsWith("g") ? [bare.slice(1)] : [])];
  return names.find((each) => known.some((list) => list.has(each))) ?? bare;
}

function isFilled(words: readonly string[]): boolean {
  return words.some((word) => argumentsIn(word).length > 0);
}

function appletFault(name: string, applet: string): string | undefined {
  if (/^[a-z][\w-]*$/.test(applet)) return undefined;
  return `the word behind ${name} says which of its programs is run: write it there, and no option before it`;
}

/** Wherever an interpreter is named, also behind a program that nobody knows, the next words are its. */
function textFault(words: readonly string[], at: number): string | undefined {
  const [word = "", ...rest] = words.slice(at);
  const [name, shown] = [nameOf(word), posix.basename(word)];
  if (interpreters.has(name)) {
    if (rest.some((each) => programText.test(each))) return `no program text for ${shown} here: put it into a script`;
    return isFilled(rest) ? scriptFault(shown, rest) : undefined;
  }
  if (!isProgram(words, at) || !isFilled(rest)) return undefined;
  if (launchers.has(name)) return behindFault(name, rest);
  return programFault(shown, word);
}

function programFault(shown: string, word: string): string | undefined {
  const name = nameOf(word);
  if (takersOfCode.has(name) || name.startsWith("ld-"))
    return `${shown} takes programs, code or settings that run some as arguments: no argument may stand in them; put the call into a script`;
  if (connecting.has(name))
    return `${shown} may be told where it connects to, and sends its credentials there: no argument may stand behind it; put the call into a script that checks what it is given`;
  if (!machines.test(posix.normalize(word)) || takersOfData.has(shown)) return undefined;
  return `${shown} is not known to take nothing but data, so no argument may stand behind it: put the call into a script of your own`;
}

/** As the name of a program; a bare word may be what somebody's own script calls one of its own commands. */
function isProgram(words: readonly string[], at: number): boolean {
  const [first = ""] = words;
  return at === 0 || words[at]?.includes("/") === true || first.startsWith("/");
}

/** An option before the script may take the word behind it, so that the next one would be the script; so may a word of its own. */
function scriptFault(name: string, [script = ""]: readonly string[]): string | undefined {
  if (argumentsIn(script).length > 0) return `no argument may name what ${name} runs`;
  return script.includes("/") && !script.startsWith("-")
    ? undefined
    : `where an argument is given, ${name} is told its script first, by its path as ./do.py, and no option or word before it`;
}

/** What is run behind launchers such as `sudo` and `env` stands in the file as well, behind `--`, which ends their own options. */
function behindFault(name: string, rest: readonly string[]): string | undefined {
  const end = rest.indexOf("--");
  if (end === -1 || isFilled(rest.slice(0, end)))
    return `no argument may become an option of ${name} or the program that it runs: write -- before that program`;
  const shell = rest.slice(0, end).find((word) => shellOptions.get(name)?.test(word));
  if (shell !== undefined)
    return `${name} ${shell} hands its words to a shell or an editor, or splits them: no argument may stand behind it`;
  const behind = rest.slice(end + (takersOfOperand.has(name) ? 2 : 1));
  const at = behind.findIndex((word) => !/^\w+=/.test(word));
  const inner = behind.slice(Math.max(at, 0));
  if (isFilled(behind.slice(0, Math.max(at, 0) + 1))) return `no argument may name or change what ${name} runs`;
  if (inner[0]?.includes("/") !== true) return `write where the program is that ${name} runs, as /usr/bin/sha256sum`;
  return launchFault(inner);
}
