/** Lets a named trouble happen in the demo that runs, and undoes it: `npm run demo:trouble -- <name> [undo]`. */
import { tellTrouble } from "../demo/trouble.ts";

const { lines, ok } = await tellTrouble(process.argv.slice(2), process.env["WARDROOM_STATE"] ?? ".wardroom");
for (const line of lines) console.log(line);
process.exitCode = ok ? 0 : 1;
