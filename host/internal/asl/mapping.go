package asl

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// mapping builds a Map state.
func (f fields) mapping(s *State, depth int, options Options) {
	m := &mapFields{}
	s.mapping, f.isMap = m, true
	f.oneOf("ItemProcessor", "Iterator")
	f.oneOf("ItemSelector", "Parameters")
	f.processor(s, depth, options)

	m.itemsPath = f.reference("ItemsPath", true)
	if v, ok := f.object.Get("Items"); ok && f.language == JSONata {
		m.items = f.template("Items")
		switch v := v.(type) {
		case string:
			if !looksLikeExpression(v) {
				f.schema(f.at("Items"), "Expected value of type Array, Object or a JSONata expression")
			}
		case []any, *jsonata.Object:
		default:
			f.schema(f.at("Items"), "Expected value of type Array, Object or a JSONata expression")
		}
	}
	m.itemSelector = f.template("ItemSelector")
	if m.itemSelector == nil {
		// Parameters is ItemSelector's name of old.
		m.itemSelector = s.parameters
	}
	m.maxConcurrency = f.numberField("MaxConcurrency", bounds{0, math.MaxInt64, true})
	m.toleratedCount = f.numberField("ToleratedFailureCount", bounds{0, 1e9, true})
	m.toleratedPercentage = f.numberField("ToleratedFailurePercentage", bounds{0, 100, false})
	f.label(m)
	f.reader(m)
	f.writer(m)
	f.batcher(m)
}

func (f fields) processor(s *State, depth int, options Options) {
	field := "ItemProcessor"
	if !f.has(field) && f.has("Iterator") {
		field = "Iterator"
	}
	if !f.required(field) {
		return
	}
	p, ok := f.builder.object(mustGet(f.object, field), f.at(field), "")
	if !ok {
		return
	}
	p.only("Comment", "StartAt", "States", "ProcessorConfig")
	if p.has("ProcessorConfig") {
		if c, ok := f.builder.object(mustGet(p.object, "ProcessorConfig"), p.at("ProcessorConfig"), ""); ok {
			c.only("Mode", "ExecutionType")
			s.Distributed = c.choice("Mode", "INLINE", "DISTRIBUTED") == "DISTRIBUTED"
			s.mapping.expressChildren = c.choice("ExecutionType", "STANDARD", "EXPRESS") == "EXPRESS"
			if s.Distributed {
				c.required("ExecutionType")
			}
		}
	}
	if s.Distributed && options.Express {
		f.schema(f.at(field), "Express state machine does not support Map states in DISTRIBUTED mode")
	}
	options.Express = options.Express || s.mapping.expressChildren
	s.Processor = p.branch(p.location, depth+1, options)
}

// label builds Label: what the names of a map run's executions start with.
func (f fields) label(m *mapFields) {
	if !f.has("Label") {
		return
	}
	m.label = f.text("Label")
	location := f.at("Label")
	switch n := length(m.label); {
	case n == 0:
		f.find(Error, codeLabel, location, "Label cannot be empty")
	case n > 40:
		f.find(Error, codeLabel, location, "Label has %d characters, at most 40 are allowed", n)
	}
	if strings.ContainsFunc(m.label, forbiddenInName) {
		f.find(Error, codeLabel, location, "Label contains a character that is not allowed")
	}
	if f.labels[m.label] {
		f.find(Error, codeDuplicateLabel, location, "Duplicate label: %s", m.label)
	}
	f.labels[m.label] = true
}

// forbiddenInName reports whether a character may not stand in the name of a
// machine, an execution or a map run.
func forbiddenInName(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("?*<>{}[]:;,\\|^~$#%&`\"", r) || r == unicode.ReplacementChar ||
		r >= 0xd800 && r <= 0xdfff || r >= 0xfffe && r <= 0xffff
}

func (f fields) reader(m *mapFields) {
	if !f.has("ItemReader") {
		return
	}
	r, ok := f.within(mustGet(f.object, "ItemReader"), "ItemReader")
	if !ok {
		return
	}
	r.only("Resource", "ReaderConfig", "Parameters", "Arguments")
	r.required("Resource")
	m.reader = &readerFields{resource: r.itemResource("s3:getObject", "s3:listObjectsV2"), arguments: r.argumentsOr("Parameters")}
	if r.has("ReaderConfig") {
		c, ok := r.within(mustGet(r.object, "ReaderConfig"), "ReaderConfig")
		if !ok {
			return
		}
		c.only("InputType", "Transformation", "ManifestType", "ItemsPointer", "CSVDelimiter", "CSVHeaderLocation", "CSVHeaders", "MaxItems", "MaxItemsPath")
		c.headers(c.choice("InputType", "CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"))
		m.reader.maxItems = c.numberField("MaxItems", bounds{0, 100_000_000, true})
		m.reader.config = c.members()
	}
}

// headers checks where CSV has its headers.
func (f fields) headers(inputType string) {
	if inputType != "CSV" || !f.required("CSVHeaderLocation") {
		return
	}
	if f.choice("CSVHeaderLocation", "FIRST_ROW", "GIVEN") == "GIVEN" && f.required("CSVHeaders") {
		f.array("CSVHeaders")
	}
}

func (f fields) writer(m *mapFields) {
	if !f.has("ResultWriter") {
		return
	}
	w, ok := f.within(mustGet(f.object, "ResultWriter"), "ResultWriter")
	if !ok {
		return
	}
	w.only("Resource", "WriterConfig", "Parameters", "Arguments")
	w.oneNeeded("Resource", "WriterConfig")
	m.writer = &writerFields{resource: w.itemResource("s3:putObject"), arguments: w.argumentsOr("Parameters")}
	if w.has("WriterConfig") {
		if c, ok := w.within(mustGet(w.object, "WriterConfig"), "WriterConfig"); ok {
			c.only("Transformation", "OutputType")
			c.required("Transformation", "OutputType")
			c.choice("Transformation", "NONE", "COMPACT", "FLATTEN")
			c.choice("OutputType", "JSON", "JSONL")
			m.writer.config = c.members()
		}
	}
}

func (f fields) itemResource(known ...string) string {
	text := f.text("Resource")
	if short, ok := strings.CutPrefix(text, "arn:aws:states:::"); f.has("Resource") && ok && !slices.Contains(known, short) {
		f.schema(f.at("Resource"), "The resource provided %s is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.", text)
	}
	return text
}

func (f fields) argumentsOr(old string) *template {
	if f.language == JSONata {
		return f.template("Arguments")
	}
	return f.template(old)
}

func (f fields) members() map[string]any {
	all := make(map[string]any, f.object.Len())
	for name, v := range f.object.All() {
		all[name] = v
	}
	return all
}

func (f fields) batcher(m *mapFields) {
	if !f.has("ItemBatcher") {
		return
	}
	b, ok := f.within(mustGet(f.object, "ItemBatcher"), "ItemBatcher")
	if !ok {
		return
	}
	b.only("MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", "BatchInput")
	b.oneNeeded("MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath")
	m.batcher = &batcherFields{
		maxItems: b.numberField("MaxItemsPerBatch", bounds{1, 1e9, true}),
		maxBytes: b.numberField("MaxInputBytesPerBatch", bounds{1, 262_144, true}),
		input:    b.template("BatchInput"),
	}
}
