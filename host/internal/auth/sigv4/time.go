package sigv4

import (
	"net/http"
	"strconv"
	"time"
)

// MaxSkew is how far the clock of who signed may be from ours.
const MaxSkew = 5 * time.Minute

// stampLayout is how the time of a signature is written.
const stampLayout = "20060102T150405Z"

// parseStamp is time.Parse of a stamp, which takes longer than what is around it.
func parseStamp(s string) (time.Time, error) {
	if len(s) != len(stampLayout) || s[8] != 'T' || s[15] != 'Z' {
		return time.Parse(stampLayout, s) // it says what is wrong
	}
	var parts [6]int // year, month, day, hour, minute, second
	for i := range len(s) - 1 {
		if i == 8 {
			continue
		}
		if s[i] < '0' || s[i] > '9' {
			return time.Parse(stampLayout, s)
		}
		part := &parts[stampPart[i]]
		*part = *part*10 + int(s[i]-'0')
	}
	at := time.Date(parts[0], time.Month(parts[1]), parts[2], parts[3], parts[4], parts[5], 0, time.UTC)
	if year, month, day := at.Date(); year != parts[0] || int(month) != parts[1] || day != parts[2] || parts[3] > 23 || parts[4] > 59 || parts[5] > 59 {
		return time.Parse(stampLayout, s) // there is no such day, or time
	}
	return at, nil
}

// stampPart is the part of a time that each character of a stamp belongs to.
var stampPart = [...]uint8{0, 0, 0, 0, 1, 1, 2, 2, 0, 3, 3, 4, 4, 5, 5}

// stampOf writes the time of a Date field as it is signed, "" if it is none.
func stampOf(date string) string {
	if date == "" {
		return ""
	}
	if _, err := time.Parse(stampLayout, date); err == nil {
		return date
	}
	at, err := http.ParseTime(date)
	if err != nil {
		return date // the check of its form says what is wrong with it
	}
	return at.UTC().Format(stampLayout)
}

// CheckTime checks that a request was signed now, give or take MaxSkew, or that
// its time is not over. Errors: Invalid.
func (s *Signature) CheckTime(now time.Time) error {
	lasts := MaxSkew
	if s.Presigned {
		lasts = s.Expires
	}
	if last := now.Add(-lasts); s.At.Before(last) {
		return refuse(Invalid, "Signature expired: %s is now earlier than %s (%s - %s.)", s.stamp, stamp(last), stamp(now), inMinutes(lasts))
	}
	if first := now.Add(MaxSkew); s.At.After(first) {
		return refuse(Invalid, "Signature not yet current: %s is still later than %s (%s + %s.)", s.stamp, stamp(first), stamp(now), inMinutes(MaxSkew))
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(stampLayout) }

func inMinutes(d time.Duration) string {
	if d%time.Minute != 0 {
		return strconv.Itoa(int(d/time.Second)) + " sec"
	}
	return strconv.Itoa(int(d/time.Minute)) + " min"
}

// CheckScope checks that a request was signed for this region and one of these
// services. Errors: Invalid.
func (s *Signature) CheckScope(region string, services ...string) error {
	if s.Scope.Region != region {
		return refuse(Invalid, "Credential should be scoped to a valid region, not '%s'. This host is in '%s'.", printable(s.Scope.Region), region)
	}
	for _, service := range services {
		if s.Scope.Service == service {
			return nil
		}
	}
	return refuse(Invalid, "Credential should be scoped to correct service: '%s'.", services[0])
}
