import { posix } from "node:path";
import { argumentsIn } from "../../domain/systems/placeholders.ts";

/*
 * What a person typed is never what is run. A file's own words are trusted; an argument may stand only where the program that is
 * known to run or to read code does not look for it, and of programs that are known to take code anywhere, nowhere.
 */

/** They run the file that they are given, and program text where an option brings it. */
const interpreter =
  /^(?:(?:ba|da|z|k|mk|c|tc|fi|a)?sh|busybox|python[\d.]*|perl[\d.]*|ruby[\d.]*|node|nodejs|deno|bun|php[\d.]*|lua[\d.]*|tclsh[\d.]*|wish|expect|eval|osascript|pwsh|java|Rscript|julia|groovy)$/;
/** `-c`, `-lc`, `-e`, `--eval`, `--command=…`: what follows is program text. */
const programText = /^(?:-[A-Za-z]*[cerp][A-Za-z]*|--(?:eval|print|command|execute)(?:=.*)?)$/;
/** They run, here or elsewhere, what any of their words may name, or read code, queries or settings that run something. */
const takesCode =
  /^(?:ssh|su|runuser|pkexec|watch|parallel|xargs|script|flock|find|fd|chroot|unshare|nsenter|systemd-run|start-stop-daemon|at|batch|crontab|screen|tmux|strace|ltrace|gdb|perf|entr|make|gmake|git|sed|gsed|[gmno]?awk|ed|ex|vi|vim|nvim|emacs|jq|yq|bc|dc|m4|psql|mysql|mariadb|sqlite3|mongo|mongosh|redis-cli|sqlplus|cqlsh|tar|rsync|scp|sftp|zip|curl|wget|nc|ncat|socat|openssl|docker|docker-compose|podman|kubectl|helm|npm|npx|pnpm|yarn|pip[\d.]*|uv|go|cargo|ansible|ansible-playbook|terraform)$/;
/** They run the words behind them, as they are. */
const launcher = /^(?:env|sudo|doas|nice|ionice|nohup|setsid|stdbuf|timeout|time|chrt|taskset|choom|prlimit)$/;
/** Of these the first word behind `--` is theirs. */
const ownOperand = /^(?:timeout|chrt|taskset)$/;

/** Why a command may not stand in a file; undefined where nothing that a person types can become a program, an option or code. */
export function launchFault(words: readonly string[]): string | undefined {
  const named = words.map((_, at) => textFault(words, at)).find((each) => each !== undefined);
  return named ?? programFault(words);
}

function isFilled(words: readonly string[]): boolean {
  return words.some((word) => argumentsIn(word).length > 0);
}

/** Wherever an interpreter is named, also behind a program that nobody knows, the next words are its. */
function textFault(words: readonly string[], at: number): string | undefined {
  const [word = "", ...rest] = words.slice(at);
  const name = posix.basename(word);
  if (interpreter.test(name)) {
    if (rest.some((each) => programText.test(each))) return `no program text for ${name} here: put it into a script`;
    return isFilled(rest) ? scriptFault(name, rest) : undefined;
  }
  // As the name of a program; a bare word may be what somebody's own script calls one of its own commands.
  const isProgram = at === 0 || word.includes("/");
  if (isProgram && takesCode.test(name) && isFilled(rest))
    return `${name} takes programs, code or settings that run some as arguments: no argument may stand in them; put the call into a script`;
  return undefined;
}

/** An option before the script may take the word behind it, so that the next one would be the script. */
function scriptFault(name: string, [script = ""]: readonly string[]): string | undefined {
  if (argumentsIn(script).length > 0) return `no argument may name what ${name} runs`;
  return script.startsWith("-")
    ? `where an argument is given, ${name} is told its script first and no option before it`
    : undefined;
}

/** What is run behind launchers such as `sudo` and `env` stands in the file as well, behind `--`, which ends their own options. */
function programFault([program = "", ...rest]: readonly string[]): string | undefined {
  const name = posix.basename(program);
  if (!launcher.test(name) || !isFilled(rest)) return undefined;
  const end = rest.indexOf("--");
  if (end === -1 || isFilled(rest.slice(0, end)))
    return `no argument may become an option of ${name} or the program that it runs: write -- before that program`;
  const behind = rest.slice(end + (ownOperand.test(name) ? 2 : 1));
  const at = behind.findIndex((word) => !/^\w+=/.test(word));
  const inner = behind.slice(Math.max(at, 0));
  if (isFilled(behind.slice(0, Math.max(at, 0) + 1))) return `no argument may name or change what ${name} runs`;
  if (inner[0]?.includes("/") !== true) return `write where the program is that ${name} runs, as /usr/bin/pg_dump`;
  return launchFault(inner);
}
