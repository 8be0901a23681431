// Stdio: the handler of greet.ts as a program. An event that is not one of
// greet's ends in the error object on stdout and exit 1.

import { greet, BAD_EVENT } from "./greet";
import { STDIN, STDOUT, STDERR, exit, readAll, writeAll } from "./wasi";

function main(): void {
  const event = readAll(STDIN);
  writeAll(STDERR, String.UTF8.encode(`event of ${event.byteLength} bytes\n`));
  const response = greet(event);
  if (response === null) {
    writeAll(STDOUT, String.UTF8.encode(BAD_EVENT));
    exit(1);
  } else writeAll(STDOUT, response);
}

main();
