package wasm

// Module summarises a binary that Read accepted. Its byte slices are views of
// that binary.
type Module struct {
	Types     []FuncType
	Imports   []Import
	Functions []uint32 // type index of every function, imported ones first
	Tables    []Table
	Memories  []Memory // at most one
	Tags      []uint32 // type index of every tag
	Globals   []Global
	Exports   []Export

	// Start is the start function, if HasStart.
	Start    uint32
	HasStart bool

	// Imported counts the imports of each Kind: so many of the first
	// Functions, Tables and so on are imported.
	Imported [KindTag + 1]int

	// RefFunc: the code of a function makes references with ref.func.
	RefFunc bool

	// Catches: the code of a function handles exceptions, with try or try_table.
	Catches bool

	Elements int // element segments
	Data     int // data segments

	// DataSizes are the lengths of the data segments, in bytes.
	DataSizes []uint32

	// Sections are in the order of the binary.
	Sections []Section

	source []byte // what was read, and
	limits Limits // how, for Rewrite
}

// FuncType is a function type. Params and Results hold value types as the
// binary encodes them, one byte each.
type FuncType struct{ Params, Results []byte }

// Kind is what an import or export is, encoded as in the binary.
type Kind byte

// The kinds.
const (
	KindFunc Kind = iota
	KindTable
	KindMemory
	KindGlobal
	KindTag
)

// Import is one entry of the import section. Index counts within its kind.
type Import struct {
	Module, Name string
	Kind         Kind
	Index        uint32
}

// Export is one entry of the export section. Index counts within its kind.
type Export struct {
	Name  string
	Kind  Kind
	Index uint32
}

// Table is a table's type. Max means something only if HasMax.
type Table struct {
	Elem     byte // the reference type
	Min, Max uint32
	HasMax   bool
}

// MaxPages is the most pages a memory may have: 4 GiB.
const MaxPages = 65536

// Memory is a memory's type, in pages of 64 KiB. Max means something only if
// HasMax.
type Memory struct {
	Min, Max uint32
	HasMax   bool
}

// Global is a global's type.
type Global struct {
	Type    byte
	Mutable bool
}

// Section is one section: bytes [Start, End) are its content, without number
// and size.
type Section struct {
	ID         SectionID
	Start, End int
	Name       string // of a custom section
}

// SectionID is the number of a section.
type SectionID byte

// The sections. Their order in a module is that of sectionOrder.
const (
	SectionCustom SectionID = iota
	SectionType
	SectionImport
	SectionFunction
	SectionTable
	SectionMemory
	SectionGlobal
	SectionExport
	SectionStart
	SectionElement
	SectionCode
	SectionData
	SectionDataCount
	SectionTag
)

func (id SectionID) String() string {
	if int(id) >= len(sectionNames) {
		return "unknown"
	}
	return sectionNames[id]
}

var sectionNames = [...]string{
	"custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data",
	"data count", "tag",
}

// size returns how many things of a kind the module has.
func (m *Module) size(k Kind) int {
	return [...]int{len(m.Functions), len(m.Tables), len(m.Memories), len(m.Globals), len(m.Tags)}[k]
}

func (k Kind) singular() string {
	return [...]string{"function", "table", "memory", "global", "tag"}[k]
}

func (k Kind) plural() string {
	return [...]string{"functions", "tables", "memories", "globals", "tags"}[k]
}

// Content returns the content of a section.
func (m *Module) Content(s Section) []byte { return m.source[s.Start:s.End:s.End] }
