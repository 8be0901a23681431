// The little of WASI preview 1 that a stdio guest needs. AssemblyScript knows
// nothing of WASI, so the three functions are declared here. A descriptor that
// fails, and whatever aborts, ends the program with exit 255.

@external("wasi_snapshot_preview1", "fd_read")
declare function fdRead(fd: i32, iovecs: usize, count: i32, got: usize): i32;
@external("wasi_snapshot_preview1", "fd_write")
declare function fdWrite(fd: i32, iovecs: usize, count: i32, put: usize): i32;
@external("wasi_snapshot_preview1", "proc_exit")
export declare function exit(code: i32): void;

export const STDIN = 0, STDOUT = 1, STDERR = 2;

// An iovec and, behind it, the count that fd_read and fd_write return:
//
//	0        4        8        12
//	| buffer | length | count  |
const iovec = memory.data(12, 4);

function transfer(write: bool, fd: i32, buffer: usize, len: i32): i32 {
  store<usize>(iovec, buffer);
  store<i32>(iovec, len, 4);
  const errno = write ? fdWrite(fd, iovec, 1, iovec + 8) : fdRead(fd, iovec, 1, iovec + 8);
  if (errno != 0) exit(255);
  return load<i32>(iovec, 8);
}

export function readAll(fd: i32): ArrayBuffer {
  let bytes = new ArrayBuffer(4096);
  let len = 0;
  for (let n = -1; n != 0; len += n) {
    if (len == bytes.byteLength) {
      const more = new ArrayBuffer(2 * len);
      memory.copy(changetype<usize>(more), changetype<usize>(bytes), len);
      bytes = more;
    }
    n = transfer(false, fd, changetype<usize>(bytes) + len, bytes.byteLength - len);
  }
  return bytes.slice(0, len);
}

export function writeAll(fd: i32, bytes: ArrayBuffer): void {
  for (let off = 0; off < bytes.byteLength;) off += transfer(true, fd, changetype<usize>(bytes) + off, bytes.byteLength - off);
}

// What the compiler calls where it would throw.
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  exit(255);
}
