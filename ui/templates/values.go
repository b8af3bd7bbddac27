package templates

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/screen"
)

const (
	maxRead  = 2000 // entries whose values are looked at: the first ones
	maxValue = 200  // bytes that are kept of a value
	maxFirst = 12   // values shown in order of the log
)

// values is what is in the wildcards of a template.
type values struct {
	entries   int // that were read
	all       int // that the template has
	unmatched int // of those read, the ones that do not follow the template word by word
	slots     []slot
	err       error
}

// slot is one wildcard.
type slot struct {
	values  []value // each once, most first, then in order of first appearance
	first   []string
	numbers bool // every value is a whole number, perhaps in quotation marks
	low     int64
	high    int64
}

// value is what was in a slot, cut after maxValue bytes, and how often.
type value struct {
	text  string
	count int
}

// readValues reads the first entries of a template. It ends early with the error
// of ctx.
func readValues(ctx context.Context, s *pipeline.Snapshot, template int, log screen.Log) values {
	t := &s.Templates[template]
	out := values{all: t.Count}
	extract := drain.NewExtractor(t.Text)
	var slots []*slotReader
	var found []string
	for i := t.First; i <= t.Last && out.entries < maxRead; i++ {
		if i%checkEvery == 0 && ctx.Err() != nil {
			out.err = ctx.Err()
			return out
		}
		if s.Template(i) != template {
			continue
		}
		if out.err = ctx.Err(); out.err != nil {
			return out
		}
		r, err := log.Record(&s.Log, i)
		if err != nil {
			out.err = err
			break
		}
		out.entries++
		if found = extract.Append(found[:0], r.Text); len(found) == 0 {
			out.unmatched++
			continue
		}
		for len(slots) < len(found) {
			slots = append(slots, &slotReader{at: map[string]int{}})
		}
		for k, text := range found {
			slots[k].add(text)
		}
	}
	for _, r := range slots {
		out.slots = append(out.slots, r.slot())
	}
	return out
}

// slotReader counts the values of one wildcard.
type slotReader struct {
	values []value
	at     map[string]int // of values
	first  []string
	other  bool // not only whole numbers
	low    int64
	high   int64
	seen   int
}

func (r *slotReader) add(text string) {
	if len(text) > maxValue {
		text = strings.ToValidUTF8(text[:maxValue], "")
	}
	if len(r.first) < maxFirst {
		r.first = append(r.first, text)
	}
	if n, err := strconv.ParseInt(strings.Trim(text, `'"`), 10, 64); err != nil {
		r.other = true
	} else {
		if r.seen == 0 || n < r.low {
			r.low = n
		}
		if r.seen == 0 || n > r.high {
			r.high = n
		}
		r.seen++
	}
	k, ok := r.at[text]
	if !ok {
		k = len(r.values)
		r.at[strings.Clone(text)] = k
		r.values = append(r.values, value{text: strings.Clone(text)})
	}
	r.values[k].count++
}

func (r *slotReader) slot() slot {
	slices.SortStableFunc(r.values, func(a, b value) int { return cmp.Compare(b.count, a.count) })
	return slot{values: r.values, first: r.first, numbers: !r.other, low: r.low, high: r.high}
}
