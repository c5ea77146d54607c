import { posix } from "node:path";
import { argumentsIn } from "../../domain/systems/placeholders.ts";

/*
 * What a person typed is never what is run. A file's own words are trusted; an argument may stand only where the program that is
 * known to run or to read code does not look for it, and of programs that are known to take code anywhere, nowhere. Of the
 * machine's own programs only those take one that are known to take nothing but data: there are too many that run something.
 */

/** They run the file that they are given, and program text where an option brings it. */
const interpreter =
  /^(?:(?:r?ba|da|r?z|[lmor]?k|pdk|t?c|fi|ya|po|sa|xon|elvi|o|y|pw|a)?sh|python|pypy|perl|ruby|jruby|node|nodejs|deno|bun|php|php-cgi|lua|luajit|tcl|tclsh|wish|expect|eval|osascript|java|jshell|Rscript|julia|groovy|guile|racket|sbcl|clisp|ocaml|escript|elixir|erl|ghci|runghc|octave|qjs|tsx|ts-node)$/i;
/** `-c`, `-lc`, `-e`, `--eval`, `--command=…`, `eval`: what follows is program text. */
const programText = /^(?:-[A-Za-z]*[cerp][A-Za-z]*|--(?:eval|print|command|execute|run)(?:=.*)?|eval)$/;
/** They run, here or elsewhere, what any of their words may name, or read code, queries or settings that run something. */
const takesCode =
  /^(?:ssh|su|runuser|pkexec|watch|parallel|xargs|script|flock|find|fd|chroot|unshare|nsenter|systemd-run|start-stop-daemon|at|batch|crontab|screen|tmux|strace|ltrace|gdb|perf|entr|make|gmake|git|sed|gsed|[gmno]?awk|ed|ex|vi|vim|nvim|emacs|jq|yq|bc|dc|m4|psql|mysql|mariadb|sqlite|mongo|mongosh|redis-cli|valkey-cli|sqlplus|cqlsh|clickhouse|duckdb|(?:g|bsd)?tar|cpio|rsync|scp|sftp|zip|curl|wget|nc|ncat|socat|openssl|split|sort|setpriv|capsh|gosu|su-exec|docker|docker-compose|podman|nerdctl|kubectl|oc|helm|npm|npx|pnpm|yarn|pip|pipx|uv|uvx|go|cargo|ansible|ansible-playbook|terraform|tofu|ld|ld-linux.*)$/;
/** They run the words behind them, as they are. */
const launcher = /^(?:env|sudo|doas|nice|ionice|nohup|setsid|stdbuf|timeout|time|chrt|taskset|choom|prlimit)$/;
/** Of these the first word behind `--` is theirs. */
const ownOperand = /^(?:timeout|chrt|taskset)$/;
/** One file that is many programs: the word behind it says which. */
const manyInOne = /^(?:busybox|toybox|coreutils)$/;

/** Where the machine's own programs lie. What lies elsewhere is somebody's own, and trusted as a script of theirs is. */
const machines = /^\/(?:usr\/)?s?bin\/|^\/(?:usr\/)?lib(?:exec|\d+)?\/|^\/snap\/bin\/|^\/nix\/store\//;
/** Of those, what takes files, names, numbers and texts, and runs nothing that they name. */
const takesData =
  /^(?:cat|head|tail|ls|stat|du|df|wc|cksum|b2sum|md5sum|sha\d+sum|date|touch|mkdir|rmdir|rm|cp|mv|ln|echo|printf|test|true|false|sleep|basename|dirname|readlink|realpath|truncate|cut|tr|uniq|comm|paste|seq|grep|id|getent|hostname|uname|kill|logger|gzip|gunzip|xz|unxz|zstd|unzstd|pg_dump|pg_dumpall|pg_isready|createdb|dropdb)$/;

/** Why a command may not stand in a file; undefined where nothing that a person types can become a program, an option or code. */
export function launchFault(words: readonly string[]): string | undefined {
  const [program = "", applet = "", ...rest] = words;
  const name = nameOf(program);
  if (manyInOne.test(name)) return appletFault(name, applet) ?? launchFault([`/bin/${applet}`, ...rest]);
  const named = words.map((_, at) => textFault(words, at)).find((each) => each !== undefined);
  return named ?? programFault(words);
}

/** The name of a program without its version: `bash5`, `python3.12` and `lua5.4-static` are those that they are named after. */
function nameOf(word: string): string {
  const name = posix.basename(word).replace(/\.exe$/i, "");
  return name.replace(/[-_.]?\d[\d.]*(?:-\w+)?$/, "") || name;
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
  if (interpreter.test(name)) {
    if (rest.some((each) => programText.test(each))) return `no program text for ${shown} here: put it into a script`;
    return isFilled(rest) ? scriptFault(shown, rest) : undefined;
  }
  if (!isProgram(words, at) || !isFilled(rest)) return undefined;
  if (takesCode.test(name))
    return `${shown} takes programs, code or settings that run some as arguments: no argument may stand in them; put the call into a script`;
  if (!machines.test(word) || launcher.test(name) || takesData.test(shown)) return undefined;
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
function programFault([program = "", ...rest]: readonly string[]): string | undefined {
  const name = nameOf(program);
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
