import { codeIn, type Tree } from "../../scripts/source.ts";

/** One rule over every line of some files. `forbidden` is what a line may not hold. */
interface TextRule {
  readonly name: string;
  readonly forbidden: RegExp;
  readonly applies: (path: string) => boolean;
}

const isCode = (path: string): boolean => /\.(ts|js)$/.test(path);
const isSource = (path: string): boolean => path.startsWith("src/") && isCode(path);
const isConfig = (path: string): boolean => path.endsWith(".config.ts");
/** The rules' own tests have to write down what they look for. */
const isGate = (path: string): boolean => path.startsWith("test/gates/") || path === "test/architecture.test.ts";

export const textRules: readonly TextRule[] = [
  {
    name: "no default export",
    forbidden: /^\s*export\s+default\b|^\s*export\s*\{[^}]*\bas\s+default\b/,
    applies: (path) => isCode(path) && !isConfig(path) && !isGate(path),
  },
  {
    name: "no barrel",
    forbidden: /^\s*export\s+\*/,
    applies: (path) => isCode(path) && !isGate(path),
  },
  {
    name: "the environment is read in one place",
    forbidden: /\bprocess\s*(\.|\[["'])env\b|\bimport\s*\{[^}]*\benv\b[^}]*\}\s*from\s*["']node:process/,
    applies: (path) => (isSource(path) || path.startsWith("bin/")) && path !== "src/config/environment.ts",
  },
  {
    name: "no checker is switched off without a reason",
    forbidden: /@ts-(ignore|nocheck)|(oxlint|eslint)-disable(?!.*\s--\s)|@ts-expect-error\s*$|biome-ignore(?!.*:\s*\S)/,
    applies: (path) => isCode(path) && !isGate(path),
  },
  {
    name: "no rule is switched off where the clock and the world are out of reach",
    forbidden: /(oxlint|eslint)-disable/,
    applies: (path) => /^src\/(domain|acts|commands)\//.test(path),
  },
  {
    name: "no unfinished work",
    forbidden: /\b(TODO|FIXME|XXX|HACK)\b/,
    applies: (path) => !isGate(path) && path !== "package-lock.json",
  },
  {
    name: "no path of a machine",
    forbidden: /(?<![\w.<>$}])\/(work|root|home\/[a-z]\w+|Users\/\w+)\//,
    applies: (path) => !isGate(path),
  },
  {
    name: "no package registry is named",
    forbidden:
      /registry\.(npmjs|yarnpkg)\.|"resolved":\s*"(?:https?|git|file)|\bnpm\.pkg\.github\.com|\b(artifactory|verdaccio)\b/i,
    applies: (path) => !isGate(path),
  },
  {
    name: "no number of an issue tracker",
    forbidden:
      /\b((issues?|tickets?|pull requests?|closes|fixes|refs)\s*#?|(PR|MR)(\s+#?|#))\d+\b|\bgithub\.com\/[^/\s]+\/[^/\s]+\/(issues|pull)\/\d+/i,
    applies: (path) => !isGate(path) && path !== "package-lock.json",
  },
];

/** Every line that breaks a rule, as `file:line: text`. */
export function linesAgainst(rule: TextRule, tree: Tree): string[] {
  return [...tree]
    .filter(([path]) => rule.applies(path))
    .flatMap(([path, text]) =>
      text
        .split("\n")
        .flatMap((line, index) =>
          rule.forbidden.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 160)}`] : [],
        ),
    );
}

const vagueNames = ["utils", "util", "helpers", "helper", "common", "shared", "managers", "manager", "misc", "types"];

/** Files and folders of the code whose name says nothing, is not kebab-case, or is an index. */
export function badNames(tree: Tree): string[] {
  return codeIn(tree, "src", "demo", "test", "scripts", "bench")
    .map(([path]) => path)
    .filter((path) => path.split("/").some((part) => isVague(part.replace(/\..*$/, ""))) || isBadFile(path));
}

function isVague(name: string): boolean {
  return vagueNames.some((vague) => name === vague || name.endsWith(`-${vague}`));
}

function isBadFile(path: string): boolean {
  const file = path.slice(path.lastIndexOf("/") + 1);
  const isIndex = /^index\.(ts|js)$/.test(file) && path !== "src/commands/index.ts";
  return isIndex || !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.(ts|js)$/.test(file);
}

/** A file that only hands on what other files of ours export; the one door to a library is none. */
export function barrels(tree: Tree): string[] {
  return codeIn(tree, "src", "demo")
    .filter(([path]) => path !== "src/commands/index.ts")
    .filter(([, text]) => {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "").trim();
      return code !== "" && code.replace(/export\s+(type\s+)?\{[^}]*\}\s*from\s*["']\.[^"']+["'];?/g, "").trim() === "";
    })
    .map(([path]) => path);
}
