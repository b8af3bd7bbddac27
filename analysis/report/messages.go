package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/analysis/visible"
	"sqleuth/analysis/wording"
)

// maxRefused bounds the accounts that the text names.
const maxRefused = 20

// writeMessages counts what the server wrote between the entries, and names the
// logins that it reports as refused.
func writeMessages(p *page, s *pipeline.Snapshot) error {
	c := &s.Coverage
	total := c.Messages.Total()
	if total == 0 {
		return nil
	}
	p.title("Messages of the server")
	p.wrap("", "They stand between the entries, are none, and count for nothing in the figures of this report.")
	t := newTable(2, "kind", "messages")
	for k, n := range c.Messages {
		if n > 0 {
			t.add(genlog.MessageKind(k).String(), strconv.Itoa(n))
		}
	}
	p.table("  ", t)
	if c.Doubtful > 0 {
		p.wrap("  ", wording.Counted(c.Doubtful, "is", "are")+" doubtful: a client may have written it into the entry before. Nothing is concluded from these.")
	}
	if more := total - len(s.Messages); more > 0 {
		p.wrap("  ", fmt.Sprintf("Only the first %d were looked at; %d more are counted.", len(s.Messages), more))
	}
	if first, last := span(s.Messages); first != nil {
		p.wrap("  ", fmt.Sprintf("The first is of %s, the last of %s.", exactly(first), exactly(last)))
	}
	writeRefusals(p, s)
	return nil
}

// span returns the first and the last message in the log that have a time.
func span(list []loaded.Message) (first, last *loaded.Message) {
	for i := range list {
		if m := &list[i]; m.Time != store.NoTime {
			if first == nil {
				first = m
			}
			last = m
		}
	}
	return first, last
}

// exactly writes the time of a message.
func exactly(m *loaded.Message) string { return clock{unzoned: m.Local}.exact(time.UnixMicro(m.Time)) }

// refusal is what messages report of logins of one account.
type refusal struct {
	User  string  `json:"user"`
	Host  string  `json:"host"`
	Count int     `json:"count"`
	First *string `json:"first"`
	Last  *string `json:"last"`
}

// refusals groups the refused logins that messages name, the most frequent first,
// then in order of the log.
func refusals(s *pipeline.Snapshot) []refusal {
	type account struct{ user, host string }
	at := map[account]int{}
	var list []refusal
	for i := range s.Messages {
		m := &s.Messages[i]
		user, host, ok := m.Refusal()
		if !ok {
			continue
		}
		k, known := at[account{user, host}]
		if !known {
			k = len(list)
			at[account{user, host}] = k
			list = append(list, refusal{User: user, Host: host})
		}
		r := &list[k]
		r.Count++
		if m.Time != store.NoTime {
			text := exactly(m)
			if r.Last = &text; r.First == nil {
				r.First = &text
			}
		}
	}
	slices.SortStableFunc(list, func(a, b refusal) int { return cmp.Compare(b.Count, a.Count) })
	return list
}

func writeRefusals(p *page, s *pipeline.Snapshot) {
	list := refusals(s)
	if len(list) == 0 {
		return
	}
	p.heading("Refused logins that messages name")
	t := newTable(2, "account", "messages", "first", "last")
	for _, r := range list[:min(len(list), maxRefused)] {
		cells := []string{"-", "-"}
		if r.First != nil {
			cells = []string{*r.First, *r.Last}
		}
		t.add(name(r.User)+"@"+name(r.Host), strconv.Itoa(r.Count), cells[0], cells[1])
	}
	p.table("  ", t)
	p.more("  ", len(list)-maxRefused)
}

// serverMessage is the JSON form of a message.
type serverMessage struct {
	Kind      string  `json:"kind"`
	Time      *string `json:"time"`
	Level     string  `json:"level"`
	ID        *uint64 `json:"id"`
	Text      string  `json:"text"`
	Offset    int64   `json:"offset"`
	Bytes     int64   `json:"bytes"`
	NextEntry *int    `json:"next_entry"` // its number, null behind the last one
	Doubtful  bool    `json:"doubtful"`
	User      string  `json:"refused_user,omitempty"`
	Host      string  `json:"refused_host,omitempty"`
}

func (d *document) addMessages(s *pipeline.Snapshot) {
	d.Messages = each(s.Messages[:min(len(s.Messages), maxNames)], func(m loaded.Message) serverMessage {
		out := serverMessage{Kind: m.Kind.String(), Level: visible.JSON(m.Level), Text: visible.JSON(m.Text), Offset: m.Offset, Bytes: m.Bytes, Doubtful: m.Doubtful}
		if m.Time != store.NoTime {
			text := exactly(&m)
			out.Time = &text
		}
		if m.ID > 0 {
			out.ID = &m.ID
		}
		if n := m.Entry + 1; n <= s.Len() {
			out.NextEntry = &n
		}
		user, host, _ := m.Refusal()
		out.User, out.Host = visible.JSON(user), visible.JSON(host)
		return out
	})
	d.MessagesTotal = s.Coverage.Messages.Total()
	list := refusals(s)
	d.Refusals = each(list[:min(len(list), maxNames)], func(r refusal) refusal {
		r.User, r.Host = visible.JSON(r.User), visible.JSON(r.Host)
		return r
	})
}
