// Array.sort of 10,000 numbers with a comparison, as the standard library does
// it: calls of a closure, checks of bounds, the garbage collector's barriers.

const numbers = new Array<i32>(10000);

export function run(times: u32): u64 {
  let random: u32 = 1;
  let sum: u64 = 0;
  for (let t: u32 = 0; t < times; t++) {
    for (let i = 0; i < numbers.length; i++) {
      random = random * 1664525 + 1013904223;
      numbers[i] = i32(random >> 8);
    }
    numbers.sort((a, b) => a - b);
    for (let i = 0; i < numbers.length; i++) sum = sum * 31 + u64(numbers[i]);
  }
  return sum;
}
