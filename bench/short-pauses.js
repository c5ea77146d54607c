// What `wardroom start` does once it has started (src/cli/settle.ts), for a process that is measured from its first command.
import v8 from "node:v8";

v8.setFlagsFromString("--semi-space-growth-factor=1");
