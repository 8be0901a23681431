package function

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// hot is the file Config.HotFile: the functions that were used last, for the next
// Service to load before anybody asks.
type hot struct {
	Account, Region string
	Functions       []string // the last used first
}

const (
	maxHot    = 64          // functions in the file
	maxHotLen = 64 << 10    // bytes of the file
	noteEvery = time.Minute // how old the file is if the process dies
	moment    = 5 * time.Millisecond
)

// note writes the file. Without it the next start is slower, no more.
func (s *Service) note() {
	if s.config.HotFile == "" {
		return
	}
	b, err := json.Marshal(hot{s.config.Account, s.config.Region, s.live.latest(maxHot)})
	if err == nil {
		err = replace(s.config.HotFile, b)
	}
	if err != nil {
		slog.Warn("lambent: which functions are hot could not be noted", "error", err)
	}
}

// replace writes a file whole, or leaves it.
func replace(name string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // unless it was renamed
	if _, err := f.Write(b); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// latest returns the functions that are ready, the last used first.
func (l *live) latest(most int) []string {
	l.mu.RLock()
	var all []*slot
	for _, s := range l.slots {
		if s.isReady() {
			all = append(all, s)
		}
	}
	l.mu.RUnlock()
	slices.SortFunc(all, func(a, b *slot) int { return int(b.used.Load() - a.used.Load()) })
	names := make([]string, 0, min(len(all), most))
	for _, s := range all[:cap(names)] {
		names = append(names, s.name)
	}
	return names
}

// preload loads the functions that were hot when the last Service ended, one
// after the other, and none while somebody waits for another.
func (s *Service) preload() {
	defer s.workers.Done()
	for i, name := range s.wereHot() {
		for len(s.loading) > 0 {
			select {
			case <-s.life.Done():
				return
			case <-time.After(moment):
			}
		}
		slot, mine := s.live.get(name)
		if slot == nil {
			return
		}
		if mine {
			slot.used.Store(-int64(i)) // as they were used, and before any use now
			s.make(slot)
		}
		s.live.release(slot)
	}
}

// wereHot reads the file: it may be missing, or be anything.
func (s *Service) wereHot() []string {
	if s.config.HotFile == "" {
		return nil
	}
	info, err := os.Stat(s.config.HotFile)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxHotLen {
		return nil
	}
	b, err := os.ReadFile(s.config.HotFile)
	if err != nil {
		return nil
	}
	var h hot
	if json.Unmarshal(b, &h) != nil || h.Account != s.config.Account || h.Region != s.config.Region {
		return nil
	}
	h.Functions = slices.DeleteFunc(h.Functions, func(name string) bool { return !namePattern.MatchString(name) })
	return h.Functions[:min(len(h.Functions), maxHot, s.config.Sandboxes)]
}
