package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

const (
	// redrawn is the probability with which a number is drawn anew, in 1/2^32.
	redrawn = (1 << 32) / 5

	// Ids that are used up between two rounds, at least and in addition at most.
	// The incident's days use 5,900; a server that is busy while its log is off
	// uses more.
	skippedIDs, moreSkippedIDs = 25_000, 20_000

	// Rounds from one restart to the next, at least and in addition at most.
	runRounds, moreRunRounds = 5, 4

	flushSize = 1 << 18
)

// generator plays a capture. It is used once.
type generator struct {
	*capture
	numerals *rand.PCG // drawn from by number, in order
	schedule *rand.PCG // drawn from by round, so that numerals do not move it
	cipher   *cipher   // nil where strings stay as they are
	keys     *rand.PCG // of the cipher
	spread   *spread   // nil where connections are the capture's

	buf      []byte
	written  []bool // by slot: its label has been written in this round
	base     int64  // the id of slot 0; below the lowest after a restart
	epoch    int    // server run, from 1
	restarts int64  // the round in which the server restarts next
	left     int64  // entries to write
	clock    clock
}

func newGenerator(c *capture, seed uint64) *generator {
	return &generator{
		capture: c, numerals: rand.NewPCG(seed, 1), schedule: rand.NewPCG(seed, 2), keys: rand.NewPCG(seed, 3),
		written: make([]bool, len(c.classes)), base: c.lowest, epoch: 1,
	}
}

// write writes n entries to log and the labels of their connections to labels.
func (g *generator) write(log, labels io.Writer, n int64) error {
	l := bufio.NewWriter(labels)
	l.WriteString("id,class\n")
	g.buf = append(g.buf[:0], g.banner...)
	g.left = n
	for round := int64(0); g.left > 0; round++ {
		if round > 0 {
			g.nextDay()
		}
		if g.cipher != nil {
			g.cipher.rekey(g.keys)
		}
		if err := g.round(log, l, round); err != nil {
			return err
		}
	}
	if _, err := log.Write(g.buf); err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	if err := l.Flush(); err != nil {
		return fmt.Errorf("write labels: %w", err)
	}
	return nil
}

// nextDay uses up the ids between two rounds.
func (g *generator) nextDay() {
	skipped := skippedIDs + draw(g.schedule, moreSkippedIDs)
	g.base += int64(len(g.classes)) + skipped
	clear(g.written)
	if g.spread != nil {
		g.spread.next += skipped
		clear(g.spread.sessions)
	}
}

// restart begins a server run with the ids of one of the capture's.
func (g *generator) restart(run uint32) {
	g.base = g.lowest - g.runs[run]
	g.epoch++
	g.buf = append(g.buf, g.banner...)
	if g.spread != nil {
		g.spread.next = g.lowest
	}
}

// round writes the entries of one round.
func (g *generator) round(log io.Writer, labels *bufio.Writer, round int64) error {
	restarts := round == g.restarts
	if restarts {
		g.restarts += runRounds + draw(g.schedule, moreRunRounds)
	}
	shift := round * g.days * day
	before := entry{run: g.entries[0].run}
	for i := range g.entries {
		if g.left == 0 {
			return nil
		}
		e := &g.entries[i]
		if e.run != before.run && restarts {
			g.restart(e.run)
		}
		id := g.session(e, &before, shift)
		g.head(e.time+shift, id)
		g.body(e, &before)
		before = *e
		if class := g.classes[e.slot]; class != "" && !g.written[e.slot] {
			g.written[e.slot] = true
			fmt.Fprintf(labels, "%d@%d,%s\n", id, g.epoch, class)
		}
		if len(g.buf) >= flushSize {
			if _, err := log.Write(g.buf); err != nil {
				return fmt.Errorf("write log: %w", err)
			}
			g.buf = g.buf[:0]
		}
	}
	return nil
}

// session returns the id of an entry's connection. Where the session is cut, it
// writes the end of the one and the login of the other connection first.
func (g *generator) session(e, before *entry, shift int64) int64 {
	if g.spread == nil {
		return g.base + int64(e.slot)
	}
	if g.spread.cutsBefore(e) {
		part := &g.spread.sessions[e.slot]
		g.head(e.time+shift, part.id)
		g.buf = append(g.buf, "Quit\t\n"...)
		g.spread.cut(e.slot)
		g.head(e.time+shift, part.id)
		g.buf = append(g.buf, part.login...)
		g.written[e.slot] = false
	}
	return g.spread.observe(e, g.bodies[before.bodyEnd:e.bodyEnd])
}

// head writes what an entry begins with.
func (g *generator) head(time, id int64) {
	g.buf = g.clock.append(g.buf, time)
	g.buf = appendPadded(g.buf, id)
	g.buf = append(g.buf, ' ')
	g.left--
}

// body writes the rest, with new literals.
func (g *generator) body(e, before *entry) {
	at := len(g.buf)
	g.buf = append(g.buf, g.bodies[before.bodyEnd:e.bodyEnd]...)
	body := g.buf[at:]
	if g.cipher != nil {
		g.cipher.session = e.slot
		for _, l := range g.literals[before.literalsEnd:e.literalsEnd] {
			g.cipher.replace(body[l.start:l.end], l.number)
		}
	}
	for _, number := range g.numbers[before.numbersEnd:e.numbersEnd] {
		if r := g.numerals.Uint64(); uint32(r) < redrawn {
			setNumber(body[number.offset():][:number.digits()], r>>32)
		}
	}
}

// setNumber writes a number of len(digits) digits, chosen by 32 random bits,
// evenly from those that begin with 0 where digits did, else from those that
// do not. A single digit is any of ten.
func setNumber(digits []byte, random uint64) {
	low, count := uint64(0), uint64(10)
	for range digits[1:] {
		low, count = max(low, 1)*10, count*10
	}
	if low > 0 {
		count -= low
		if digits[0] == '0' {
			low, count = 0, low
		}
	}
	v := low + random*count>>32
	for i := len(digits) - 1; i >= 0; i-- {
		digits[i] = byte('0' + v%10)
		v /= 10
	}
}

// draw returns a number from 0 to most.
func draw(from *rand.PCG, most uint64) int64 {
	return int64(from.Uint64() >> 32 * (most + 1) >> 32)
}

// appendPadded appends an id as the server prints it, "%5d".
func appendPadded(dst []byte, id int64) []byte {
	for width := int64(10_000); width > id && width > 1; width /= 10 {
		dst = append(dst, ' ')
	}
	return strconv.AppendInt(dst, id, 10)
}

// clock writes times. Most entries share their second with the one before,
// whose text it keeps.
type clock struct {
	second int64
	text   []byte // of the second, up to the point before the fraction
}

// append appends a time as MySQL 5.7 prints it, in UTC.
func (c *clock) append(dst []byte, micros int64) []byte {
	second, fraction := micros/1e6, micros%1e6
	if c.text == nil || second != c.second {
		c.second = second
		c.text = time.Unix(second, 0).UTC().AppendFormat(c.text[:0], "2006-01-02T15:04:05.")
	}
	dst = append(dst, c.text...)
	for width := int64(100_000); width > 0; width /= 10 {
		dst = append(dst, byte('0'+fraction/width%10))
	}
	return append(dst, 'Z')
}
