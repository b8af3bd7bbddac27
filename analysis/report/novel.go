package report

import (
	"fmt"
	"strings"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/visible"
	"sqleuth/analysis/wording"
)

// maxNovel is how many new things of each kind the text lists.
const maxNovel = 12

// novel is what is new in a log, in JSON.
type novel struct {
	Against    string    `json:"against"` // what it was compared with
	Total      int       `json:"total"`   // List has the first of them, principal.MaxNovel at most
	OnlyUsers  int       `json:"users_turned_away"`
	OnlyHosts  int       `json:"hosts_turned_away"`
	Incomplete []string  `json:"more_than_kept"`
	List       []novelty `json:"list"`
}

type novelty struct {
	Kind        string  `json:"kind"`
	Name        string  `json:"name"`
	User        string  `json:"user"`
	Host        string  `json:"host"`
	Digest      string  `json:"digest_sha256"`
	Entry       int     `json:"first_entry"` // from 1
	First       *string `json:"first"`
	Entries     int     `json:"entries"`
	Connections int     `json:"connections"`
	HalfHours   int     `json:"half_hours"`
	Of          int     `json:"of_half_hours"`
	Whole       bool    `json:"account_is_new"`
	Reason      string  `json:"reason"`
}

func newNovel(s *pipeline.Snapshot, t clock) novel {
	out := novel{List: []novelty{}, Incomplete: []string{}}
	if s.Novel == nil {
		return out
	}
	out.Against, out.Total, out.OnlyUsers, out.OnlyHosts = s.History.Against(), s.Novel.Total, s.Novel.Users, s.Novel.Hosts
	out.Incomplete = append(out.Incomplete, s.History.Full...)
	for k := range s.Novel.List {
		n := &s.Novel.List[k]
		out.List = append(out.List, novelty{
			n.Kind.String(), visible.JSON(n.Name[:min(len(n.Name), maxTemplateJSON)]), visible.JSON(n.User), visible.JSON(n.Host), n.Hash, n.First + 1, t.json(n.FirstTime),
			n.Entries, n.Connections, n.HalfHours, n.Of, n.Whole, visible.JSON(n.Reason()),
		})
	}
	return out
}

// writeNovel writes what is new, kind by kind. Tables and digests of accounts that are
// new themselves are counted.
func writeNovel(p *page, s *pipeline.Snapshot) error {
	if s.Novel == nil {
		return nil
	}
	p.title("What is new")
	p.wrap("", "Compared with "+s.History.Against()+".")
	whole := 0
	byKind := map[principal.Kind][]*principal.Novelty{}
	for k := range s.Novel.List {
		n := &s.Novel.List[k]
		if n.Whole {
			whole++
			continue
		}
		byKind[n.Kind] = append(byKind[n.Kind], n)
	}
	for kind := principal.User; kind <= principal.Digest; kind++ {
		list := byKind[kind]
		if len(list) == 0 {
			continue
		}
		p.heading("New: %s", wording.Counted(len(list), kind.String(), kind.String()+"s"))
		for _, n := range list[:min(len(list), maxNovel)] {
			text := fmt.Sprintf("%s (%s in %s)", n.Reason(), wording.Counted(n.Entries, "entry", "entries"), wording.Counted(n.Connections, "connection", "connections"))
			if kind == principal.Digest {
				text += ": " + shortened(n.Name, maxNovelDigest)
			}
			p.paragraph("  ", "    ", shown(text))
		}
		p.more("  ", len(list)-maxNovel)
	}
	if s.Novel.Total == 0 {
		p.line("Nothing is new.")
	}
	for _, text := range novelNotes(s, whole) {
		p.wrap("", text)
	}
	return nil
}

// maxNovelDigest is how many bytes of a digest the text shows.
const maxNovelDigest = 160

// novelNotes are what the lists do not hold.
func novelNotes(s *pipeline.Snapshot, whole int) (notes []string) {
	if whole > 0 {
		notes = append(notes, fmt.Sprintf("%s of accounts that are new themselves.", wording.Counted(whole, "table or digest", "tables and digests")))
	}
	if n := s.Novel; n.Users+n.Hosts > 0 {
		notes = append(notes, fmt.Sprintf("Turned away at each login and in no list: %s, %s.", wording.Counted(n.Users, "user", "users"), wording.Counted(n.Hosts, "host", "hosts")))
	}
	if more := s.Novel.Total - len(s.Novel.List); more > 0 {
		notes = append(notes, fmt.Sprintf("Of all that is new, %d later ones are not kept.", more))
	}
	if len(s.History.Full) > 0 {
		notes = append(notes, "The log has more "+strings.Join(s.History.Full, ", ")+" than are kept; of the rest nothing is known.")
	}
	return notes
}

// BaselineNotices are the lines about the logs of a baseline that could not be read
// whole.
func BaselineNotices(s *pipeline.Snapshot) (list []string) {
	if s.History == nil || s.History.Baseline == nil {
		return nil
	}
	b := s.History.Baseline
	for k := range b.Files {
		for _, text := range []string{b.Files[k].Damaged(), b.Files[k].Empty} {
			if text != "" {
				list = append(list, fmt.Sprintf("baseline log %q: %s", b.Files[k].Name, text))
			}
		}
	}
	if len(b.Full) > 0 {
		list = append(list, "the baseline has more "+strings.Join(b.Full, ", ")+" than are kept: what is not in it may not be new")
	}
	if b.To != 0 && !s.History.BaselineSeen() {
		list = append(list, "--baseline: no entry of the log is in this period, so that all is new")
	}
	return list
}
