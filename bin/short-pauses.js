// V8 lets its young generation grow to 32 MB under load and then empties it in one go: pauses of 10 to 20 ms, in which no
// command is acknowledged. Kept at the size it starts with it is emptied every few commands, in half a millisecond.
// Imported before everything else, because what has grown stays.
import v8 from "node:v8";

v8.setFlagsFromString("--semi-space-growth-factor=1");
