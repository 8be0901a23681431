package function

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// Alias is an alias of a function as AWS describes it.
type Alias struct {
	Name        string
	ARN         string
	Version     string // "$LATEST", "3"
	Description string
	// Weights says which part of the events, from 0 to 1, another version gets; nil
	// if Version gets all.
	Weights    map[string]float64
	RevisionID string
}

// aliasRecord is an alias as the store keeps it: JSON in the Configuration of its
// row. For changing it goes what is said of record.
type aliasRecord struct {
	Description string
	Weight      float64 // of the row's Additional
}

func decodeAlias(row store.Alias) (aliasRecord, error) {
	var a aliasRecord
	if err := json.Unmarshal(row.Configuration, &a); err != nil {
		return a, &fault.Error{Code: fault.Service, Message: "The configuration of alias " + row.Alias + " of function " + row.Name + " cannot be read.", Err: err}
	}
	return a, nil
}

// describeAlias makes an Alias of its row.
func (s *Service) describeAlias(row store.Alias) (Alias, error) {
	r, err := decodeAlias(row)
	if err != nil {
		return Alias{}, err
	}
	a := Alias{
		Name: row.Alias, ARN: s.ARN(Ref{Name: row.Name, Qualifier: row.Alias}), Version: versionName(row.Version),
		Description: r.Description, RevisionID: row.Revision,
	}
	if row.Additional != 0 {
		a.Weights = map[string]float64{versionName(row.Additional): r.Weight}
	}
	return a, nil
}

// row makes a row of an alias whose versions are known to be such.
func (a *Alias) row(key store.FunctionKey) (store.Alias, error) {
	row := store.Alias{FunctionKey: key, Alias: a.Name, Revision: a.RevisionID}
	row.Version, _ = parseVersion(a.Version) // $LATEST is 0
	r := aliasRecord{Description: a.Description}
	for version, weight := range a.Weights { // one at most
		row.Additional, _ = parseVersion(version)
		r.Weight = weight
	}
	var err error
	row.Configuration, err = json.Marshal(r)
	return row, err
}

// routable refuses an alias whose versions do not go together.
func (a *Alias) routable() error {
	switch {
	case len(a.Weights) > 1:
		return invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
	case len(a.Weights) == 1 && a.Version == Latest:
		return &fault.Error{Code: fault.InvalidParameterValue, Untyped: true, Message: "$LATEST is not supported for an alias pointing to more than 1 version"}
	}
	if _, same := a.Weights[a.Version]; same {
		return invalid("Invalid function version %s. Function version %s is already included in routing configuration.", a.Version, a.Version)
	}
	return nil
}

// versionsThere refuses an alias that names a version which the function lacks.
func (s *Service) versionsThere(tx store.FunctionTx, function string, a *Alias) error {
	if _, err := tx.Function(); err != nil {
		return s.failureOf(Ref{Name: function, Qualifier: a.Version}, err)
	}
	for _, version := range append([]string{a.Version}, slices.Sorted(maps.Keys(a.Weights))...) {
		if version == Latest {
			continue
		}
		number, ok := parseVersion(version)
		err := store.ErrNoVersion
		if ok {
			_, err = tx.Version(number)
		}
		if err != nil {
			return s.failureOf(Ref{Name: function, Qualifier: version}, err)
		}
	}
	return nil
}

// failureOf has what is not there have its own name in the error.
func (s *Service) failureOf(ref Ref, err error) error {
	if isAbsent(err) {
		return s.notFound(ref)
	}
	return err
}

const (
	maxQualifier     = 128
	maxVersionText   = 1024
	aliasNameText    = `(?!^[0-9]+$)([a-zA-Z0-9-_]+)`
	aliasVersionText = `(\$LATEST(\.PUBLISHED)?|[0-9]+)`
)

var aliasVersionPattern = regexp.MustCompile(`^(\$LATEST(\.PUBLISHED)?|[0-9]+)$`)

func (c *constraints) aliasName(name *string) {
	c.length(name, "name", 1, maxQualifier)
	if name != nil && !isAlias(*name) {
		c.refuse(*name, "name", "Member must satisfy regular expression pattern: %s", aliasNameText)
	}
}

func (c *constraints) functionVersion(version *string) {
	c.length(version, "functionVersion", 1, maxVersionText)
	c.pattern(version, "functionVersion", aliasVersionPattern, aliasVersionText)
}

// weights wants the keys to be versions, and the values to be from 0 to 1.
func (c *constraints) weights(weights map[string]float64) {
	keys, values := true, true
	for version, weight := range weights {
		keys = keys && isNumber(version) && len(version) <= maxVersionText
		values = values && weight >= 0 && weight <= 1
	}
	const field = "routingConfig.additionalVersionWeights"
	if !keys {
		c.refuse(weightsText(weights), field, "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, "+
			"Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]")
	}
	if !values {
		c.refuse(weightsText(weights), field, "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, "+
			"Member must have value greater than or equal to 0.0, Member must not be null]")
	}
}

// weightsText writes weights as AWS does: {2=0.5}.
func weightsText(weights map[string]float64) string {
	var pairs []string
	for _, version := range slices.Sorted(maps.Keys(weights)) {
		number := strconv.FormatFloat(weights[version], 'f', -1, 64)
		if !strings.Contains(number, ".") {
			number += ".0"
		}
		pairs = append(pairs, fmt.Sprintf("%.1030s=%.40s", version, number))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}
