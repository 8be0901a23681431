// The handler of ../c/json.h in AssemblyScript: the same events, the same
// answers. Memory is never freed: an instance sees one event.
//
//	{"name":"Ada","n":41}  →  {"message":"Hello, Ada!","n":42}

export const BAD_EVENT = '{"errorType":"BadEvent","errorMessage":"want {\\"name\\":string,\\"n\\":integer}"}';

// A reader of the event's bytes. Each take method returns whether what it
// wants was there, and then stands behind it.
class Reader {
  start: i32 = 0; // of the last string, without its quotes
  stop: i32 = 0;
  integer: i64 = 0; // the last integer
  private at: i32 = 0;

  constructor(private bytes: ArrayBuffer) {}

  private has(): bool {
    return this.at < this.bytes.byteLength;
  }

  private byte(): u8 {
    return load<u8>(changetype<usize>(this.bytes) + this.at);
  }

  private atSpace(): bool {
    const c = this.byte();
    return c == 0x20 || c == 0x09 || c == 0x0a || c == 0x0d;
  }

  // Skips white space; is there nothing behind it?
  atEnd(): bool {
    while (this.has() && this.atSpace()) this.at++;
    return !this.has();
  }

  takeByte(want: u8): bool {
    if (this.atEnd() || this.byte() != want) return false;
    this.at++;
    return true;
  }

  takeString(): bool {
    if (!this.takeByte(0x22)) return false;
    for (this.start = this.at; this.has() && this.byte() != 0x22; this.at++) {
      if (this.byte() < 0x20) return false;
      if (this.byte() == 0x5c && !this.takeEscape()) return false;
    }
    this.stop = this.at++;
    return this.stop < this.bytes.byteLength;
  }

  // From the backslash to the escape's last byte.
  private takeEscape(): bool {
    this.at++;
    if (!this.has() || !'"\\/bfnrtu'.includes(String.fromCharCode(this.byte()))) return false;
    const last = this.byte() == 0x75 ? this.at + 4 : this.at;
    while (this.at < last) {
      this.at++;
      if (!this.has() || !"0123456789abcdefABCDEF".includes(String.fromCharCode(this.byte()))) return false;
    }
    return true;
  }

  takeInteger(): bool {
    this.atEnd();
    const negative = this.has() && this.byte() == 0x2d;
    if (negative) this.at++;
    const first = this.at;
    let n: i64 = 0;
    for (; this.has() && this.byte() >= 0x30 && this.byte() <= 0x39; this.at++) {
      if (this.at - first == 15 || (this.at == first + 1 && n == 0)) return false;
      n = n * 10 + (this.byte() - 0x30);
    }
    this.integer = negative ? -n : n;
    return this.at > first;
  }

  text(): string {
    return String.UTF8.decodeUnsafe(changetype<usize>(this.bytes) + this.start, this.stop - this.start);
  }
}

// Answers the event, or returns null if it is not one of greet's.
export function greet(event: ArrayBuffer): ArrayBuffer | null {
  const reader = new Reader(event);
  let name: string | null = null;
  let n: i64 = i64.MIN_VALUE;
  let separator: u8 = 0x7b;
  while (reader.takeByte(separator)) {
    if (!reader.takeString()) return null;
    const key = reader.text();
    if (!reader.takeByte(0x3a)) return null;
    if (key == "name") {
      if (!reader.takeString()) return null;
      name = reader.text();
    } else if (key == "n") {
      if (!reader.takeInteger()) return null;
      n = reader.integer;
    } else return null;
    separator = 0x2c;
  }
  if (!reader.takeByte(0x7d) || !reader.atEnd() || name === null || n == i64.MIN_VALUE) return null;
  return String.UTF8.encode(`{"message":"Hello, ${name}!","n":${n + 1}}`);
}
