//go:build wasmtime && linux && amd64

#define _GNU_SOURCE
#include "guest.h"

#include <sys/mman.h>
#include "switch.h"

// What a function has to preserve, by the System V ABI, is on the stack; the
// control words of the floating point units are never changed.
__asm__(
	".text\n"
	".globl lambent_switch\n"
	".hidden lambent_switch\n"
	".type lambent_switch, @function\n"
	"lambent_switch:\n"
	"	pushq %rbp\n"
	"	pushq %rbx\n"
	"	pushq %r12\n"
	"	pushq %r13\n"
	"	pushq %r14\n"
	"	pushq %r15\n"
	"	movq %rsp, (%rdi)\n"
	"	movq %rsi, %rsp\n"
	"	popq %r15\n"
	"	popq %r14\n"
	"	popq %r13\n"
	"	popq %r12\n"
	"	popq %rbx\n"
	"	popq %rbp\n"
	"	ret\n"
	".size lambent_switch, . - lambent_switch\n"

	// Nothing is above: whoever walks the stack ends here.
	".type lambent_begin, @function\n"
	"lambent_begin:\n"
	"	.cfi_startproc\n"
	"	.cfi_undefined rip\n"
	"	movq %rbx, %rdi\n"
	"	call lambent_run\n"
	"	ud2\n"
	"	.cfi_endproc\n"
	".size lambent_begin, . - lambent_begin\n"
	".section .note.GNU-stack, \"\", @progbits\n"
	".text\n");

void lambent_begin(void);

void *lambent_stack_begin(void *argument) {
	void **stack = argument;
	*--stack = (void *)lambent_begin; // leaves the stack a multiple of 16, as a call wants it
	*--stack = NULL;                  // rbp
	*--stack = argument;              // rbx
	for (int i = 0; i < 4; i++)
		*--stack = NULL;
	return stack;
}

// guard is what cannot be touched of a stack, in bytes: more than what code
// touches at a time.
static const size_t guard = 64 << 10;

void *lambent_stack_new(size_t size) {
	char *stack = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stack == MAP_FAILED)
		return NULL;
	// A guest that touches a byte should not take 2 MiB; if that cannot be had, it does.
	madvise(stack, size, MADV_NOHUGEPAGE);
	if (mprotect(stack + guard, size - guard, PROT_READ | PROT_WRITE) != 0) {
		munmap(stack, size);
		return NULL;
	}
	return stack + size;
}

void lambent_stack_delete(void *end, size_t size) { munmap((char *)end - size, size); }

void lambent_stack_trim(void *end, size_t size, size_t keep) {
	madvise((char *)end - size + guard, size - guard - keep, MADV_DONTNEED);
}
