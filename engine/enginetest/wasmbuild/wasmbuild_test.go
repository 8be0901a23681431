package wasmbuild

import (
	"bytes"
	"encoding/hex"
	"math"
	"testing"
)

func TestLEB128(t *testing.T) {
	for _, c := range []struct {
		got  []byte
		want string
	}{
		{Uint(0), "00"},
		{Uint(127), "7f"},
		{Uint(128), "8001"},
		{Uint(624485), "e58e26"},
		{Uint(math.MaxUint64), "ffffffffffffffffff01"},
		{Int(0), "00"},
		{Int(63), "3f"},
		{Int(64), "c000"},
		{Int(-1), "7f"},
		{Int(-64), "40"},
		{Int(-65), "bf7f"},
		{Int(-123456), "c0bb78"},
		{Int(math.MinInt64), "8080808080808080807f"},
		{PaddedUint(3, 5), "8380808000"},
	} {
		if got := hex.EncodeToString(c.got); got != c.want {
			t.Errorf("encoded %s, want %s", got, c.want)
		}
	}
}

// The bytes are those of the specification's binary format, written by hand.
func TestBytes(t *testing.T) {
	var empty Builder
	if got := empty.Bytes(); !bytes.Equal(got, []byte("\x00asm\x01\x00\x00\x00")) {
		t.Errorf("the empty module is %x", got)
	}

	var b Builder
	b.Trampolines(Trampoline{Module: "m", Name: "f", Params: Types{I32, I64}, Results: Types{I32}})
	b.Memory(1, 2)
	b.ExportMemory()
	b.Data(8, []byte("hi"))
	want := "0061736d01000000" +
		"0107" + "01" + "60027f7e017f" +
		"0207" + "01" + "016d" + "0166" + "0000" +
		"0302" + "01" + "00" +
		"0504" + "01" + "010102" +
		"070e" + "02" + "01660001" + "066d656d6f72790200" +
		"0a0a" + "01" + "08" + "00" + "20002001" + "1000" + "0b" +
		"0b08" + "01" + "00" + "41080b" + "026869"
	if got := hex.EncodeToString(b.Bytes()); got != want {
		t.Errorf("assembled\n%s, want\n%s", got, want)
	}
}

func TestImportAfterDefinitionPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it shifted indices silently")
		}
	}()
	var b Builder
	b.Memory(1, NoMax)
	b.ImportMemory("m", "memory", 1, NoMax)
}
