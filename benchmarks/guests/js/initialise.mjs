// initialise.mjs IN OUT
//
// Runs the init phase of a guest and makes what it leaves, memory and globals,
// the beginning of a module that has no init phase: so a new instance of any
// engine finds the handler evaluated. Clock and randomness are constants, so that
// the same input gives the same output.

import binaryen from "binaryen";
import { readFileSync, writeFileSync } from "node:fs";

const [input, output] = process.argv.slice(2);
const state = ["handler", "undefined", "event", "cell"]; // see adapter.wat

const bytes = readFileSync(input);
const never = () => { throw new Error("the init phase called what it must not"); };
const { instance } = await WebAssembly.instantiate(bytes, {
	bench: { event_read: never, response_write: never },
	wasi_snapshot_preview1: {
		clock_time_get(clock, precision, to) {
			new DataView(exports.memory.buffer).setBigUint64(to, 1_767_225_600_000_000_000n, true);
			return 0;
		},
		random_get(to, length) {
			new Uint8Array(exports.memory.buffer, to, length).fill(4);
			return 0;
		},
		fd_write: never, fd_close: never, fd_fdstat_get: never, fd_seek: never,
	},
});
const { exports } = instance;
exports._initialize();
if (exports.lambent_init() !== 0) throw new Error("the init phase failed");
const memory = new Uint8Array(exports.memory.buffer);

const { BulkMemory, BulkMemoryOpt, MutableGlobals, SignExt, NontrappingFPToInt } = binaryen.Features;
const module = binaryen.readBinary(bytes);
module.setFeatures(BulkMemory | BulkMemoryOpt | MutableGlobals | SignExt | NontrappingFPToInt);
for (const name of state) {
	const internal = binaryen.getExportInfo(module.getExport(name)).value;
	module.removeExport(name);
	module.removeGlobal(internal);
	module.addGlobal(internal, binaryen.i32, true, module.i32.const(exports[name].value));
}
for (const name of ["_initialize", "lambent_init", "memory"]) module.removeExport(name);
// Without the init phase nobody needs its segments.
module.runPasses(["remove-unused-module-elements"]);
module.setMemory(memory.length / 65536, -1, "memory", segments(memory), false, false, "0");
if (!module.validate()) throw new Error("the module is not valid");
writeFileSync(output, module.emitBinary());

// What is not 0, in pieces between which 16 bytes at least are.
function segments(memory) {
	const found = [];
	for (let at = 0; at < memory.length; at++) {
		if (memory[at] === 0) continue;
		const begin = at;
		for (let zeros = 0; at < memory.length && zeros < 16; at++) zeros = memory[at] === 0 ? zeros + 1 : 0;
		found.push({ offset: module.i32.const(begin), data: memory.slice(begin, at), passive: false });
	}
	return found;
}
