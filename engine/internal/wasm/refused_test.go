package wasm

import (
	"errors"
	"strings"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// withFunction makes the world with one more function, of one parameter.
func withFunction(code ...[]byte) []byte {
	b := world()
	b.Func(b.Type(wb.Types{wb.I32}, nil), nil, code...)
	return b.Bytes()
}

// with makes the world and lets change add what is wrong with it.
func with(change func(b *wb.Builder)) []byte {
	b := world()
	change(b)
	return b.Bytes()
}

func TestRefused(t *testing.T) {
	types := wb.Section(1, wb.Vec(wb.Raw(0x60, 0, 0)))
	for name, c := range map[string]struct {
		module []byte
		err    error
		part   string // of the message
	}{
		// Header and sections.
		"nothing":               {nil, ErrMalformed, "no magic number"},
		"text":                  {[]byte("(module)"), ErrMalformed, "no magic number"},
		"magic only":            {[]byte("\x00asm"), ErrMalformed, "unexpected end"},
		"version 2":             {[]byte("\x00asm\x02\x00\x00\x00"), ErrMalformed, "binary version 0x2"},
		"component":             {[]byte("\x00asm\x0d\x00\x01\x00"), ErrUnsupported, "a WebAssembly component at 0x4: core modules are supported"},
		"section 14":            {wb.Module(wb.Section(14)), ErrMalformed, "section number 14 at 0x8: sections are numbered 0 to 13"},
		"section twice":         {wb.Module(types, types), ErrMalformed, "the type section after the type section"},
		"section out of order":  {wb.Module(wb.Section(3, wb.Vec()), types), ErrMalformed, "the type section after the function section"},
		"tag after global":      {wb.Module(wb.Section(6, wb.Vec()), wb.Section(13, wb.Vec())), ErrMalformed, "the tag section after the global section"},
		"data count after code": {wb.Module(wb.Section(10, wb.Vec()), wb.Section(12, wb.Uint(0))), ErrMalformed, "the data count section after the code section"},
		"section too long":      {wb.Module([]byte{1, 9, 0}), ErrMalformed, "a type section of 9 bytes at 0x9: the module has 1 more bytes"},
		"bytes left in section": {wb.Module(wb.Section(1, wb.Vec(), wb.Raw(0))), ErrMalformed, "type section: 1 bytes too many"},
		"custom without name":   {wb.Module(wb.Section(0)), ErrMalformed, "custom section: unexpected end"},
		"name not UTF-8":        {wb.Module(wb.Section(0, wb.Raw(2, 0xc0, 0x80))), ErrMalformed, "a name that is not UTF-8"},
		"surrogate in name":     {wb.Module(wb.Section(0, wb.Raw(3, 0xed, 0xa0, 0x80))), ErrMalformed, "a name that is not UTF-8"},
		"functions, no code":    {wb.Module(types, wb.Section(3, wb.Vec(wb.Raw(0)))), ErrMalformed, "0 function bodies at 0x12: the function section declares 1"},
		"code, no functions":    {wb.Module(wb.Section(10, wb.Vec(wb.Raw(2, 0, 0x0b)))), ErrMalformed, "1 function bodies"},
		"data count wrong":      {wb.Module(wb.Section(12, wb.Uint(3))), ErrMalformed, "0 data segments at 0xb: the data count section declares 3"},

		// Integers.
		"u32 of six bytes":   {wb.Module(wb.Section(1, wb.PaddedUint(0, 6))), ErrMalformed, "an integer of more than 5 bytes"},
		"u32 of 33 bits":     {wb.Module(wb.Section(1, wb.Raw(0xff, 0xff, 0xff, 0xff, 0x1f))), ErrMalformed, "an integer too large"},
		"i32 of six bytes":   {withFunction(wb.Raw(0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0)), ErrMalformed, "an integer of more than 5 bytes"},
		"i32 of 33 bits":     {withFunction(wb.Raw(0x41, 0x80, 0x80, 0x80, 0x80, 0x08)), ErrMalformed, "32 bits in at most 5 bytes"},
		"i32 with odd sign":  {withFunction(wb.Raw(0x41, 0xff, 0xff, 0xff, 0xff, 0x4f)), ErrMalformed, "an integer too large"},
		"i64 of eleven":      {withFunction(wb.Cat(wb.Raw(0x42), wb.PaddedUint(0, 11))), ErrMalformed, "an integer of more than 10 bytes"},
		"i64 with odd sign":  {withFunction(wb.Raw(0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01)), ErrMalformed, "64 bits in at most 10 bytes"},
		"block type 33 bits": {withFunction(wb.Raw(0x02, 0x80, 0x80, 0x80, 0x80, 0x20)), ErrMalformed, "33 bits in at most 5 bytes"},

		// Types.
		"type form":            {wb.Module(wb.Section(1, wb.Vec(wb.Raw(0x40)))), ErrMalformed, "type 0: type form 0x40"},
		"struct type":          {wb.Module(wb.Section(1, wb.Vec(wb.Raw(0x5f)))), ErrUnsupported, "type 0: type form 0x5f"},
		"value type":           {wb.Module(wb.Section(1, wb.Vec(wb.Raw(0x60, 1, 0x40, 0)))), ErrMalformed, "type 0x40"},
		"typed reference":      {wb.Module(wb.Section(1, wb.Vec(wb.Raw(0x60, 1, 0x64, 0)))), ErrUnsupported, "typed references"},
		"table of numbers":     {with(func(b *wb.Builder) { b.Table(wb.I32, 0, 0) }), ErrMalformed, "a reference type is needed"},
		"table min over max":   {with(func(b *wb.Builder) { b.Table(wb.FuncRef, 2, 1) }), ErrInvalid, "table 1: a maximum of 1"},
		"table of 64 bits":     {wb.Module(wb.Section(4, wb.Vec(wb.Raw(wb.FuncRef, 4, 0)))), ErrUnsupported, "64-bit tables"},
		"table flags":          {wb.Module(wb.Section(4, wb.Vec(wb.Raw(wb.FuncRef, 8, 0)))), ErrMalformed, "table flags 0x08"},
		"table with a value":   {wb.Module(wb.Section(4, wb.Vec(wb.Raw(0x40, 0)))), ErrUnsupported, "a table with an initial value"},
		"memory shared":        {wb.Module(wb.Section(5, wb.Vec(wb.Raw(3, 1, 1)))), ErrUnsupported, "a shared memory"},
		"memory of 64 bits":    {wb.Module(wb.Section(5, wb.Vec(wb.Raw(4, 1)))), ErrUnsupported, "a 64-bit memory"},
		"memory flags":         {wb.Module(wb.Section(5, wb.Vec(wb.Raw(8, 1)))), ErrMalformed, "memory flags 0x08"},
		"memory min over max":  {wb.Module(wb.Section(5, wb.Vec(wb.Limits(2, 1)))), ErrInvalid, "a maximum of 1"},
		"memory too large":     {wb.Module(wb.Section(5, wb.Vec(wb.Limits(65537, wb.NoMax)))), ErrInvalid, "65537 pages"},
		"memory max too large": {wb.Module(wb.Section(5, wb.Vec(wb.Limits(0, 65537)))), ErrInvalid, "at most 65536 pages"},
		"two memories":         {with(func(b *wb.Builder) { b.Memory(1, 1) }), ErrUnsupported, "memory 1: a second memory"},
		"mutability":           {wb.Module(wb.Section(6, wb.Vec(wb.Cat(wb.Raw(wb.I32, 2), wb.I32Const(0), wb.End)))), ErrMalformed, "mutability 0x02"},
		"tag attribute":        {wb.Module(types, wb.Section(13, wb.Vec(wb.Raw(1, 0)))), ErrMalformed, "tag attribute 0x01"},
		"tag with a result":    {with(func(b *wb.Builder) { b.Tag(b.Type(nil, wb.Types{wb.I32})) }), ErrInvalid, "a tag has none"},

		// Names and kinds.
		"import kind":          {with(func(b *wb.Builder) { b.Import("a", "b", 5, nil) }), ErrMalformed, "import 0: kind 5"},
		"import of type":       {wb.Module(wb.Section(2, wb.Vec(wb.Raw(0, 0, 0, 0)))), ErrInvalid, "type index 0 at 0xe: the module has 0 types"},
		"import reserved":      {wb.Module(types, wb.Section(2, wb.Vec(wb.Cat(wb.Name("__meter"), wb.Name("refill"), wb.Raw(0, 0))))), ErrUnsupported, `"__meter"."refill"`},
		"import prefix":        {wb.Module(types, wb.Section(2, wb.Vec(wb.Cat(wb.Name("__lambent_x"), wb.Name(""), wb.Raw(0, 0))))), ErrUnsupported, "reserved"},
		"import name prefix":   {wb.Module(types, wb.Section(2, wb.Vec(wb.Cat(wb.Name("env"), wb.Name("__lambent"), wb.Raw(0, 0))))), ErrUnsupported, "reserved"},
		"export prefix":        {with(func(b *wb.Builder) { b.ExportFunc("__lambent_fuel", 0) }), ErrUnsupported, `"__lambent_fuel"`},
		"export twice":         {with(func(b *wb.Builder) { b.ExportFunc("x", 0); b.Export("x", wb.KindMemory, 0) }), ErrInvalid, `export 1: "x" twice`},
		"export kind":          {with(func(b *wb.Builder) { b.Export("x", 5, 0) }), ErrMalformed, "kind 5"},
		"export of function":   {with(func(b *wb.Builder) { b.ExportFunc("x", 1) }), ErrInvalid, "function index 1"},
		"export of table":      {with(func(b *wb.Builder) { b.Export("x", wb.KindTable, 1) }), ErrInvalid, "the module has 1 tables"},
		"export of memory":     {with(func(b *wb.Builder) { b.Export("x", wb.KindMemory, 1) }), ErrInvalid, "the module has 1 memories"},
		"export of global":     {with(func(b *wb.Builder) { b.Export("x", wb.KindGlobal, 1) }), ErrInvalid, "the module has 1 globals"},
		"export of tag":        {with(func(b *wb.Builder) { b.Export("x", wb.KindTag, 1) }), ErrInvalid, "the module has 1 tags"},
		"start index":          {with(func(b *wb.Builder) { b.Start(1) }), ErrInvalid, "start section: function index 1"},
		"start with parameter": {with(func(b *wb.Builder) { b.Start(b.Func(b.Type(wb.Types{wb.I32}, nil), nil)) }), ErrInvalid, "a start function has none"},
		"type of function":     {wb.Module(types, wb.Section(3, wb.Vec(wb.Raw(1)))), ErrInvalid, "function 0: type index 1"},

		// Constant expressions and segments.
		"constant: operation":      {with(func(b *wb.Builder) { b.Global(wb.I32, false, wb.Nop) }), ErrInvalid, "global 1: operation 0x01"},
		"constant: division":       {with(func(b *wb.Builder) { b.Global(wb.I32, false, wb.I32Const(1), wb.I32Const(1), wb.I32DivU) }), ErrInvalid, "operation 0x6e"},
		"constant: empty":          {with(func(b *wb.Builder) { b.Global(wb.I32, false) }), ErrInvalid, "one value of type 0x7f"},
		"constant: two values":     {with(func(b *wb.Builder) { b.Global(wb.I32, false, wb.I32Const(1), wb.I32Const(1)) }), ErrInvalid, "types 7f7f"},
		"constant: type":           {with(func(b *wb.Builder) { b.Global(wb.I64, false, wb.I32Const(1)) }), ErrInvalid, "one value of type 0x7e"},
		"constant: operand":        {with(func(b *wb.Builder) { b.Global(wb.I32, false, wb.I32Const(1), wb.I32Add) }), ErrInvalid, "two of type 0x7f"},
		"constant: mutable global": {with(func(b *wb.Builder) { b.Global(wb.I32, false, wb.GlobalGet(0)) }), ErrInvalid, "mutable global 0"},
		"constant: itself":         {with(func(b *wb.Builder) { b.Global(wb.I32, false, wb.GlobalGet(1)) }), ErrInvalid, "global index 1"},
		"constant: function":       {with(func(b *wb.Builder) { b.Global(wb.FuncRef, false, wb.RefFunc(1)) }), ErrInvalid, "function index 1"},
		"element flags":            {with(func(b *wb.Builder) { b.RawElem(wb.Raw(8)) }), ErrMalformed, "flags 8"},
		"element kind":             {with(func(b *wb.Builder) { b.RawElem(wb.Raw(1, 1, 0)) }), ErrMalformed, "element kind 0x01"},
		"element table":            {with(func(b *wb.Builder) { b.RawElem(wb.Cat(wb.Raw(2, 1), wb.I32Const(0), wb.End, wb.Raw(0, 0))) }), ErrInvalid, "table index 1"},
		"element function":         {with(func(b *wb.Builder) { b.Elem(0, 0, 1) }), ErrInvalid, "element segment 1: function index 1"},
		"element type":             {with(func(b *wb.Builder) { b.RawElem(wb.Cat(wb.Raw(6, 0), wb.I32Const(0), wb.End, wb.Raw(wb.ExternRef, 0))) }), ErrInvalid, "table 0 holds type 0x70"},
		"data flags":               {with(func(b *wb.Builder) { b.RawData(wb.Raw(3)) }), ErrMalformed, "data segment 1: flags 3"},
		"data memory":              {with(func(b *wb.Builder) { b.RawData(wb.Cat(wb.Raw(2, 1), wb.I32Const(0), wb.End, wb.Raw(0))) }), ErrInvalid, "memory index 1"},
		"data cut":                 {with(func(b *wb.Builder) { b.RawData(wb.Raw(1, 5, 'x')) }), ErrMalformed, "4 more bytes are needed"},

		// Indices in code: each one past the end.
		"call":             {withFunction(wb.Call(2)), ErrInvalid, "function 1: function index 2"},
		"return_call":      {withFunction(wb.ReturnCall(2)), ErrInvalid, "the module has 2 functions"},
		"ref.func":         {withFunction(wb.RefFunc(2)), ErrInvalid, "function index 2"},
		"indirect type":    {withFunction(wb.CallIndirect(2, 0)), ErrInvalid, "the module has 2 types"},
		"indirect table":   {withFunction(wb.CallIndirect(0, 1)), ErrInvalid, "the module has 1 tables"},
		"tail indirect":    {withFunction(wb.Raw(0x13, 0, 1)), ErrInvalid, "table index 1"},
		"local":            {withFunction(wb.LocalGet(1)), ErrInvalid, "the function has 1 locals"},
		"local.tee":        {withFunction(wb.LocalTee(1 << 31)), ErrInvalid, "local index 2147483648"},
		"global":           {withFunction(wb.GlobalSet(1)), ErrInvalid, "the module has 1 globals"},
		"table.get":        {withFunction(wb.Raw(0x25, 1)), ErrInvalid, "table index 1"},
		"table.copy":       {withFunction(wb.Raw(0xfc, 0x0e, 0, 1)), ErrInvalid, "table index 1"},
		"table.init":       {withFunction(wb.Raw(0xfc, 0x0c, 1, 0)), ErrInvalid, "element segment index 1"},
		"elem.drop":        {withFunction(wb.Raw(0xfc, 0x0d, 1)), ErrInvalid, "the module has 1 element segments"},
		"memory.init":      {withFunction(wb.MemoryInit(1)), ErrInvalid, "the module has 1 data segments"},
		"data.drop":        {withFunction(wb.Raw(0xfc, 0x09, 1)), ErrInvalid, "data segment index 1"},
		"throw":            {withFunction(wb.Throw(1)), ErrInvalid, "the module has 1 tags"},
		"catch":            {withFunction(wb.Raw(0x06, wb.Empty, 0x07, 1), wb.End), ErrInvalid, "tag index 1"},
		"catch clause":     {withFunction(wb.Raw(0x1f, wb.Empty, 1, 0, 1, 0), wb.End), ErrInvalid, "tag index 1"},
		"catch label":      {withFunction(wb.Raw(0x1f, wb.Empty, 1, 2, 1), wb.End), ErrInvalid, "label index 1"},
		"catch kind":       {withFunction(wb.Raw(0x1f, wb.Empty, 1, 4, 0), wb.End), ErrMalformed, "catch clause of kind 4"},
		"block type":       {withFunction(wb.Block(2), wb.End), ErrInvalid, "type index 2"},
		"block type < 0":   {withFunction(wb.Raw(0x02, 0xff, 0x7f), wb.End), ErrMalformed, "block type -1"},
		"br":               {withFunction(wb.Br(1)), ErrInvalid, "label index 1"},
		"br_if in block":   {withFunction(wb.Block(wb.Empty), wb.BrIf(2), wb.End), ErrInvalid, "label index 2"},
		"br_table":         {withFunction(wb.BrTable(0, 0, 1)), ErrInvalid, "label index 1"},
		"br_table default": {withFunction(wb.BrTable(1)), ErrInvalid, "label index 1"},
		"br_table cut":     {withFunction(wb.Raw(0x0e, 9, 0)), ErrMalformed, "9 targets"},
		"delegate label":   {withFunction(wb.Raw(0x06, wb.Empty, 0x18, 1)), ErrInvalid, "label index 1"},
		"rethrow label":    {withFunction(wb.Raw(0x06, wb.Empty, 0x07, 0, 0x09, 1), wb.End), ErrInvalid, "rethrow with label 1"},
		"load, no memory":  {wb.Module(types, wb.Section(3, wb.Vec(wb.Raw(0))), wb.Section(10, wb.Vec(wb.Raw(5, 0, 0x28, 2, 0, 0x0b)))), ErrInvalid, "the module has 0 memories"},
		"no data count":    {wb.Module(types, wb.Section(3, wb.Vec(wb.Raw(0))), wb.Section(10, wb.Vec(wb.Raw(5, 0, 0xfc, 9, 0, 0x0b))), wb.Section(11, wb.Vec(wb.Raw(1, 0)))), ErrMalformed, "a data count section is needed"},

		// Structure of code.
		"else outside if":    {withFunction(wb.Else), ErrMalformed, "else at"},
		"else twice":         {withFunction(wb.I32Const(0), wb.If(wb.Empty), wb.Else, wb.Else, wb.End), ErrMalformed, "it may only follow the code of if"},
		"catch outside try":  {withFunction(wb.Raw(0x07, 0)), ErrMalformed, "catch at"},
		"catch after all":    {withFunction(wb.Raw(0x06, wb.Empty, 0x19, 0x07, 0), wb.End), ErrMalformed, "catch at"},
		"catch_all twice":    {withFunction(wb.Raw(0x06, wb.Empty, 0x19, 0x19), wb.End), ErrMalformed, "catch_all at"},
		"delegate in block":  {withFunction(wb.Block(wb.Empty), wb.Raw(0x18, 0)), ErrMalformed, "delegate at"},
		"delegate, function": {withFunction(wb.Raw(0x18, 0)), ErrMalformed, "delegate at"},
		"rethrow outside":    {withFunction(wb.Raw(0x09, 0)), ErrInvalid, "the label must be that of a catch"},
		"end too many":       {withFunction(wb.End), ErrMalformed, "1 bytes after the final end"},
		"end missing":        {withFunction(wb.Block(wb.Empty)), ErrMalformed, "unexpected end"},
		"body empty":         {with(func(b *wb.Builder) { b.RawFunc(0, nil) }), ErrMalformed, "unexpected end"},
		"body without code":  {with(func(b *wb.Builder) { b.RawFunc(0, wb.Raw(0)) }), ErrMalformed, "unexpected end"},
		"body too long":      {wb.Module(types, wb.Section(3, wb.Vec(wb.Raw(0))), wb.Section(10, wb.Vec(wb.Raw(9, 0, 0x0b)))), ErrMalformed, "a body of 9 bytes"},
		"fewer bodies":       {wb.Module(types, wb.Section(3, wb.Vec(wb.Raw(0), wb.Raw(0))), wb.Section(10, wb.Vec(wb.Raw(2, 0, 0x0b)))), ErrMalformed, "1 function bodies"},
		"local type":         {with(func(b *wb.Builder) { b.RawFunc(0, wb.Raw(1, 1, 0x40, 0x0b)) }), ErrMalformed, "type 0x40"},
		"select of two":      {withFunction(wb.Raw(0x1c, 2, wb.I32, wb.I32)), ErrInvalid, "a select of 2 types"},

		// Accesses and lanes.
		"alignment":           {withFunction(wb.Raw(0x28, 3, 0)), ErrInvalid, "alignment 2^3 at"},
		"alignment of 2^32":   {withFunction(wb.Raw(0x28, 32, 0)), ErrMalformed, "alignment 2^32"},
		"atomic alignment":    {withFunction(wb.Raw(0xfe, 0x10, 1, 0)), ErrInvalid, "natural alignment of 2^2"},
		"access to memory 1":  {withFunction(wb.Raw(0x28, 0x42, 1, 0)), ErrUnsupported, "a module has one memory"},
		"offset of 33 bits":   {withFunction(wb.Raw(0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x10)), ErrMalformed, "an integer too large"},
		"lane 16 of bytes":    {withFunction(wb.Raw(0xfd, 0x15, 16)), ErrInvalid, "there are 16 lanes"},
		"lane 2 of f64":       {withFunction(wb.Raw(0xfd, 0x21, 2)), ErrInvalid, "there are 2 lanes"},
		"lane of a load":      {withFunction(wb.Raw(0xfd, 0x57, 3, 0, 2)), ErrInvalid, "lane 2"},
		"shuffle lane 32":     {withFunction(wb.Cat(wb.Raw(0xfd, 0x0d), make([]byte, 15), wb.Raw(32))), ErrInvalid, "there are 32 lanes"},
		"memory index":        {withFunction(wb.Raw(0x3f, 1)), ErrMalformed, "memory index byte 0x01"},
		"fence byte":          {withFunction(wb.Raw(0xfe, 3, 1)), ErrMalformed, "byte 0x01"},
		"call_ref":            {withFunction(wb.Raw(0x14, 0)), ErrUnsupported, "typed function references"},
		"garbage collection":  {withFunction(wb.Raw(0xfb, 0)), ErrUnsupported, "garbage collection"},
		"relaxed SIMD":        {withFunction(wb.Raw(0xfd, 0x80, 0x02)), ErrUnsupported, "relaxed SIMD"},
		"unknown operation":   {withFunction(wb.Raw(0x27)), ErrMalformed, "operation 0x27"},
		"unknown bulk memory": {withFunction(wb.Raw(0xfc, 0x12)), ErrMalformed, "operation 0xfc 0x12"},
		"second number large": {withFunction(wb.Raw(0xfc, 0x80, 0x02)), ErrMalformed, "operation 0xfc 0x100"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(c.module, Limits{})
			if !errors.Is(err, c.err) || m != nil {
				t.Fatalf("it is %v, want %v", err, c.err)
			}
			var e *Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(c.module) {
				t.Errorf("offset of %v is outside the module", err)
			}
			if !strings.Contains(err.Error(), c.part) {
				t.Errorf("it reads %q, want a part %q", err, c.part)
			}
		})
	}
}
