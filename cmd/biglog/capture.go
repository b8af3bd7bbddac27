package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/klauspost/compress/gzip"

	"sqleuth/analysis/genlog"
)

// capture is a recorded log, taken apart into what a round repeats and what it
// writes anew.
type capture struct {
	banner   []byte
	bodies   []byte // of all entries: command, argument, line end
	entries  []entry
	numbers  []number  // of all entries, in order
	literals []literal // of all entries, in order
	classes  []string  // of the connection in each slot; "" for normal
	runs     []int64   // by server run, the slot of the lowest id
	lowest   int64     // the id that a server's first connection gets
	days     int64     // from the start of a round to that of the next
}

// entry is one entry of the capture. Its body, its numbers and its literals
// begin where those of the entry before end.
type entry struct {
	time        int64  // microseconds since 1970
	bodyEnd     uint32 // in capture.bodies
	numbersEnd  uint32 // in capture.numbers
	literalsEnd uint32 // in capture.literals
	run         uint32 // server run, from 0
	kind        kind
	// slot numbers the ids of the capture through all its server runs, from 0,
	// so that a round can go on with one run where the capture began another.
	slot uint32
}

const day = 24 * int64(time.Hour/time.Microsecond)

// session names a connection of the capture.
type session struct {
	run int // server run, from 0
	id  int64
}

// readCapture takes a gzip-compressed general log apart. The log must begin
// with a banner and scan without rejects.
func readCapture(compressed []byte) (*capture, error) {
	z, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil, fmt.Errorf("open the capture: %w", err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("decompress the capture: %w", err)
	}
	if len(text) > math.MaxUint32 {
		return nil, fmt.Errorf("the capture has %d bytes; its offsets have 32 bits", len(text))
	}
	c := &capture{bodies: make([]byte, 0, len(text))}
	var (
		cov      genlog.Coverage
		sessions []session // of each entry
		verdicts = verdicts{}
		end      int64 // of the entry before
		run      = -1
		banner   bool
	)
	genlog.Scan(genlog.Chunk{Data: text, First: true, Last: true}, &cov, genlog.Handler{Banner: func() { banner = true }, Record: func(r *genlog.Record) {
		if banner {
			c.banner = text[end:r.Offset]
			run++
		}
		s := session{run, int64(r.ID)}
		sessions = append(sessions, s)
		verdicts.observe(s, r)
		body := r.Raw[r.Text-len("\t")-len(r.Command):]
		c.bodies = append(c.bodies, body...)
		if hasStatement(r.Command) {
			c.numbers = appendNumbers(c.numbers, body)
			c.literals = appendLiterals(c.literals, body, len(r.Command)+len("\t"))
		}
		c.entries = append(c.entries, entry{
			time: r.Time, bodyEnd: uint32(len(c.bodies)), numbersEnd: uint32(len(c.numbers)),
			literalsEnd: uint32(len(c.literals)), run: uint32(run), kind: kindOf(r),
		})
		banner = false
		end = r.Offset + int64(len(r.Raw))
	}})
	if cov.Rejects > 0 || len(sessions) == 0 || sessions[0].run != 0 {
		return nil, fmt.Errorf("the capture has %d entries and %d rejects; it must begin with a banner and have no rejects",
			len(sessions), cov.Rejects)
	}
	c.number(sessions, verdicts)
	first, last := c.entries[0].time, c.entries[len(c.entries)-1].time
	c.days = (last-first)/day + 1
	return c, nil
}

// number gives each id of each server run its slot.
func (c *capture) number(sessions []session, verdicts verdicts) {
	highest := make([]int64, sessions[len(sessions)-1].run+1)
	c.lowest = math.MaxInt64
	for _, s := range sessions {
		c.lowest = min(c.lowest, s.id)
		highest[s.run] = max(highest[s.run], s.id)
	}
	slots := int64(0)
	for _, id := range highest {
		c.runs = append(c.runs, slots)
		slots += id - c.lowest + 1
	}
	c.classes = make([]string, slots)
	for i, s := range sessions {
		slot := c.runs[s.run] + s.id - c.lowest
		c.entries[i].slot = uint32(slot)
		c.classes[slot] = verdicts[s]
	}
}
