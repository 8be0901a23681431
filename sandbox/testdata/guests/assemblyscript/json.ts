// Reactor: the handler of greet.ts. It imports lambent_v1 and nothing else;
// whatever would abort traps.

import { greet, BAD_EVENT } from "./greet";

@external("lambent_v1", "event_len")
declare function eventLen(): i32;
@external("lambent_v1", "event_read")
declare function eventRead(to: usize, cap: u32, off: u32): i32;
@external("lambent_v1", "response_write")
declare function responseWrite(from: usize, len: u32): i32;
@external("lambent_v1", "response_error")
declare function responseError(from: usize, len: u32): i32;

export function lambent_handle(): i32 {
  const event = new ArrayBuffer(eventLen());
  eventRead(changetype<usize>(event), event.byteLength, 0);
  const response = greet(event);
  if (response === null) {
    const error = String.UTF8.encode(BAD_EVENT);
    responseError(changetype<usize>(error), error.byteLength);
    return 1;
  }
  return i32(responseWrite(changetype<usize>(response), response.byteLength) < 0);
}
