package wasm

// operands counts the values on the operand stack of a function: numbers only,
// not their types. Code that validation knows is not reached counts nothing.
// In a module that does not validate the numbers mean nothing, but stay within
// what its operations can push.
type operands struct{ height, most int }

func (o *operands) push(n int) {
	o.height += n
	o.most = max(o.most, o.height)
}

func (o *operands) pop(n int) { o.height = max(0, o.height-n) }

// operate counts for an operation that is read, before control follows it.
func (b *body) operate(op *Operation) {
	top := b.top()
	switch op.Opcode { // what goes on whether or not it is reached
	case OpElse:
		b.part(top, len(top.Block.Params))
		return
	case OpCatch:
		b.part(top, len(b.m.Types[b.m.Tags[op.Index]].Params))
		return
	case OpCatchAll:
		b.part(top, 0)
		return
	case OpEnd, OpDelegate:
		b.height = top.base
		b.push(len(top.Block.Results))
		return
	}
	if top.dead {
		return
	}
	switch op.Opcode {
	case OpIf:
		b.pop(1)
		fallthrough
	case OpBlock, OpLoop, OpTry, OpTryTable:
		b.pop(len(op.Block.Params)) // open pushes them again
	case OpBrIf:
		b.pop(1)
	case OpCall:
		b.call(b.m.Types[b.m.Functions[op.Index]])
	case OpCallIndirect:
		b.pop(1)
		b.call(b.m.Types[op.Index])
	case OpUnreachable, OpBr, OpBrTable, OpReturn, OpReturnCall, OpReturnCallIndirect, OpThrow, OpRethrow, OpThrowRef:
		top.dead = true
		b.height = top.base
	default:
		a := op.Opcode.arity()
		b.pop(int(a.takes))
		b.push(int(a.leaves))
	}
}

func (b *body) call(t FuncType) {
	b.pop(len(t.Params))
	b.push(len(t.Results))
}

// part begins another part of a frame, with n values.
func (b *body) part(f *Frame, n int) {
	f.dead = f.unopened
	b.height = f.base
	if !f.dead {
		b.push(n)
	}
}
