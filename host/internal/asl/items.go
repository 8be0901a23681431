package asl

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// delimiters are the values of CSVDelimiter.
var delimiters = map[string]rune{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// leastLacking is how many fields the rows of a CSV file may lack, besides four for each
// of its bytes: they become members of items, so that a short file could take all memory.
const leastLacking = 64 << 10

// Parse makes items of what the reader has read, as its ReaderConfig says: CSV,
// JSON (which is what an object is without InputType) or JSONL. It gives no more
// than MaxItems items if that is not 0. The error's text is the cause of
// States.ItemReaderFailed.
func (r *ItemReader) Parse(data []byte) ([]any, error) {
	option := func(name string) string {
		s, _ := r.Config[name].(string)
		return s
	}
	switch kind := option("InputType"); kind {
	case "CSV":
		return r.parseCSV(data, option("CSVHeaderLocation"), option("CSVDelimiter"))
	case "JSONL":
		return r.parseLines(data)
	case "JSON", "":
		return r.parseJSON(data, option("ItemsPointer"))
	default:
		return nil, fmt.Errorf("The InputType %s is not supported; CSV, JSON and JSONL are.", kind)
	}
}

// full reports whether there are as many items as are wanted.
func (r *ItemReader) full(items []any) bool { return r.MaxItems > 0 && len(items) >= r.MaxItems }

func (r *ItemReader) parseCSV(data []byte, location, delimiter string) ([]any, error) {
	comma, ok := delimiters[delimiter]
	if !ok {
		return nil, fmt.Errorf("The CSVDelimiter %s is not supported; COMMA, PIPE, SEMICOLON, SPACE and TAB are.", delimiter)
	}
	rows := csv.NewReader(bytes.NewReader(data))
	rows.Comma, rows.FieldsPerRecord, rows.LazyQuotes, rows.ReuseRecord = comma, -1, true, true
	var headers []string
	if location == "GIVEN" {
		given, _ := r.Config["CSVHeaders"].([]any)
		for _, v := range given {
			header, _ := v.(string)
			headers = append(headers, header)
		}
	} else {
		first, err := rows.Read()
		if err != nil {
			return nil, errors.New("The CSV file has no headers.")
		}
		headers = append(headers, first...)
	}
	seen := map[string]bool{}
	for _, header := range headers {
		if seen[header] {
			return nil, errors.New("CSV headers cannot contain duplicates.")
		}
		seen[header] = true
	}
	items, lacking := []any{}, 4*len(data)+leastLacking
	for !r.full(items) {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("The CSV file cannot be parsed: %s", err)
		}
		if lacking -= max(len(headers)-len(row), 0); lacking < 0 {
			return nil, fmt.Errorf("The CSV file lacks more than %d fields in rows that are shorter than its headers.", 4*len(data)+leastLacking)
		}
		item := jsonata.NewObject()
		for i, header := range headers {
			value := ""
			if i < len(row) {
				value = strings.ToValidUTF8(strings.Clone(row[i]), "\uFFFD")
			}
			item.Set(header, value)
		}
		items = append(items, item)
	}
	return items, nil
}

func (r *ItemReader) parseLines(data []byte) ([]any, error) {
	items := []any{}
	for n, line := range bytes.Split(data, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		v, err := payload.Decode(line)
		if err != nil {
			return nil, fmt.Errorf("Line %d is not valid JSON.", n+1)
		}
		if items = append(items, v); r.full(items) {
			break
		}
	}
	return items, nil
}

// parseJSON parses an array, which pointer, a JSON pointer, may lead to.
func (r *ItemReader) parseJSON(data []byte, pointer string) ([]any, error) {
	v, err := payload.Decode(data)
	if err != nil {
		return nil, errors.New("The object is not valid JSON.")
	}
	for _, name := range strings.Split(pointer, "/")[1:] {
		name = strings.ReplaceAll(strings.ReplaceAll(name, "~1", "/"), "~0", "~")
		o, ok := v.(*jsonata.Object)
		if ok {
			v, ok = o.Get(name)
		}
		if !ok {
			return nil, fmt.Errorf("The ItemsPointer %s leads to nothing.", pointer)
		}
	}
	items, ok := v.([]any)
	if !ok {
		return nil, errors.New("Attempting to map over non-iterable node.")
	}
	if r.full(items) {
		items = items[:r.MaxItems:r.MaxItems]
	}
	return items, nil
}
