package report

import (
	"context"
	"fmt"
	"io"
	"math"

	"sqleuth/analysis/count"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/export"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/analysis/visible"
)

// document is the JSON form of a report. Where something is null because it could
// not be made, Why has the reason under the same name.
type document struct {
	Version       string                 `json:"version"`
	Reading       reading.Reading        `json:"reading"`
	Libraries     string                 `json:"figures_of,omitempty"`
	Files         []export.Input         `json:"files"`
	Servers       []serverJSON           `json:"servers,omitempty"` // where they were named, in the order of files
	Damage        []damage               `json:"damage"`
	Notices       []string               `json:"notices"`
	Entries       int                    `json:"entries"`
	Connections   int                    `json:"connections"`
	Runs          uint32                 `json:"server_runs"`
	Templates     int                    `json:"templates"`
	Digests       int                    `json:"digests"` // distinct ones; 0 in the notebook's reading
	First         *string                `json:"first"`
	Last          *string                `json:"last"`
	Zone          string                 `json:"zone"` // "UTC" or "unknown"
	Untimed       int                    `json:"entries_without_time"`
	Backwards     int                    `json:"entries_back_in_time"`
	Integrity     trust                  `json:"integrity"`
	Coverage      coverage               `json:"coverage"`
	Outcomes      []answer               `json:"outcomes,omitempty"` // of a log that holds the server's answers
	Seed          *uint32                `json:"seed"`
	Contamination *float64               `json:"contamination"`
	Trees         *int                   `json:"trees"`
	Labelled      int                    `json:"labelled_connections"`
	Classes       []classSize            `json:"classes"`
	Counts        counts                 `json:"counts"`
	Frequent      []template             `json:"frequent_templates"`
	OnlyAnomalies []template             `json:"anomaly_templates"`
	Isolation     any                    `json:"iforest"`
	Random        any                    `json:"rforest"`
	Mixed         any                    `json:"mixed"`
	Why           map[string]string      `json:"why"`
	SuspectsTotal int                    `json:"suspects_total"`
	Suspects      []suspect              `json:"suspects"`                  // filled in by write
	FromTheStart  bool                   `json:"suspicious_from_the_start"` // what was ordinary before is not in the log
	FlaggedTotal  int                    `json:"flagged_total"`
	Flagged       []flagged              `json:"flagged"` // likewise
	Learned       learnt                 `json:"learned"`
	Usual         []export.Usual         `json:"said_to_be_normal"`
	Stories       []story                `json:"stories"`    // likewise
	Incidents     []attack               `json:"incidents"`  // likewise
	Detections    []detection            `json:"detections"` // likewise
	Baseline      *export.BaselineInputs `json:"baseline,omitempty"`
	Novel         novel                  `json:"novel"`
	Accounts      accounts               `json:"accounts"`
	Rules         []export.Rule          `json:"rules"` // that are not built in
	Site          []export.SiteFilter    `json:"site_filters"`
	MessagesTotal int                    `json:"messages_total"` // Messages lists the first of them
	Messages      []serverMessage        `json:"messages"`
	Refusals      []refusal              `json:"refused_in_messages"`
}

// serverJSON is one of the servers that wrote the log.
type serverJSON struct {
	Name        string  `json:"name"`
	Entries     int     `json:"entries"`
	Connections int     `json:"connections"`
	FirstRun    uint32  `json:"first_server_run"` // its epochs, 0 where it has no connection
	LastRun     uint32  `json:"last_server_run"`
	First       *string `json:"first"`
	Last        *string `json:"last"`
}

// serversJSON lists the servers of a log that were named.
func serversJSON(s *pipeline.Snapshot, t clock) (list []serverJSON) {
	for k := range s.Servers {
		from, to := s.EntriesOf(k)
		x := serverJSON{Name: visible.JSON(s.ServerName(k)), Entries: to - from}
		x.Connections, x.FirstRun, x.LastRun = s.ConnectionsOf(k)
		if first, last, ok := s.TimesOf(k); ok {
			x.First, x.Last = t.json(store.At(first)), t.json(store.At(last))
		}
		list = append(list, x)
	}
	return list
}

// answer is one of the server's answers: its error number, 0 for success.
type answer struct {
	Error   int32 `json:"error"`
	Entries int   `json:"entries"`
}

type damage struct {
	File   string `json:"file"`
	Damage string `json:"damage"`
}

// coverage lists the rejects that were kept beside their number.
type coverage struct {
	export.Coverage
	LongEntries int             `json:"long_entries"`
	List        []genlog.Reject `json:"reject_list"`
}

// counts are the notebook's tables under the names of their files.
type counts struct {
	Action          []actionCount `json:"action"`
	Table           []tableCount  `json:"table"`
	HourlyAction    hourly        `json:"hourly_action"`
	HourlyTable     hourly        `json:"hourly_table"`
	Pairs           []pairCount   `json:"frequent_patterns"`
	ThresholdAction []threshold   `json:"thresholds_action"`
	ThresholdTable  []threshold   `json:"thresholds_table"`
}

type actionCount struct {
	Action string `json:"action"`
	Count  int    `json:"count"`
}

type tableCount struct {
	Table string `json:"table"`
	Count int    `json:"count"`
}

type pairCount struct {
	Action string `json:"action"`
	Table  string `json:"table"`
	Count  int    `json:"counts"`
}

// hourly is a matrix: a row per hour that has entries, a column per value.
type hourly struct {
	Hours   []int    `json:"hours"`
	Columns []string `json:"columns"`
	Counts  [][]int  `json:"counts"`
}

type threshold struct {
	Action *string  `json:"action,omitempty"`
	Table  *string  `json:"table,omitempty"`
	Count  int      `json:"count"`
	Mean   float64  `json:"mean"`
	Std    *float64 `json:"std"` // null for a single entry
	Min    float64  `json:"min"`
	P1     float64  `json:"1%"`
	P50    float64  `json:"50%"`
	P99    float64  `json:"99%"`
	Max    float64  `json:"max"`
}

type template struct {
	EventID string  `json:"event_id"`
	Count   int     `json:"count"`
	First   *string `json:"first"`
	Last    *string `json:"last"`
	Bytes   int     `json:"bytes"`    // of the whole text
	Text    string  `json:"template"` // its first maxTemplateJSON bytes
}

type suspect struct {
	ID       uint64   `json:"id"`
	Epoch    uint32   `json:"epoch"`
	Score    float64  `json:"score"`
	Class    string   `json:"class"`    // normal without a label, as the models take it
	Labelled bool     `json:"labelled"` // somebody has given the class
	Reasons  []string `json:"reasons"`
	// Like is a connection of the same host with the same reasons but for the user and the
	// number of the try: they are given there, and Reasons are those that differ.
	Like     string   `json:"like,omitempty"`
	User     string   `json:"user"`
	Host     string   `json:"host"`
	Login    string   `json:"login"`
	First    *string  `json:"first"`
	Last     *string  `json:"last"`
	Entries  uint32   `json:"entries"`
	Incident string   `json:"incident"` // its id; empty for none
	Anomaly  float64  `json:"anomaly"`  // how unlike the others it is, 0 to 1
	Learned  *float64 `json:"learned"`  // by the labels, 0 to 1; null without labels
	Server   string   `json:"server,omitempty"`
}

// flagged is an entry that something of its own speaks against.
type flagged struct {
	Entry   int      `json:"entry"` // number in the log from 1
	ID      uint64   `json:"id"`
	Epoch   uint32   `json:"epoch"`
	Score   float64  `json:"score"`
	Reasons []string `json:"reasons"`
	Like    string   `json:"like,omitempty"` // of a login, the suspect whose reasons are its own
	Server  string   `json:"server,omitempty"`
}

type detection struct {
	Rule          string        `json:"rule"`
	Name          string        `json:"name"`
	Severity      rule.Severity `json:"severity"`
	AttackVersion string        `json:"attack_version"`
	Techniques    []technique   `json:"techniques"`
	First         *string       `json:"first"`
	Last          *string       `json:"last"`
	User          string        `json:"user"`
	Host          string        `json:"host"`
	Summary       string        `json:"summary"`
	Count         int           `json:"count"`
	Total         int           `json:"connections_total"`
	Connections   []string      `json:"connections"` // names, the first maxNames
	Entries       []int         `json:"entries"`     // numbers in the log from 1
	Site          *aside        `json:"site"`        // null where no filter of the site sets it aside
	Server        string        `json:"server,omitempty"`
}

// aside is the filter of a site that sets a detection aside, and the severity
// without it.
type aside struct {
	Filter   string        `json:"filter"`
	Reason   string        `json:"reason"`
	Severity rule.Severity `json:"severity"`
}

func newAside(d *detect.Detection) *aside {
	if d.Site == nil {
		return nil
	}
	return &aside{visible.JSON(d.Site.Title), visible.JSON(d.Site.Reason), d.Rated}
}

type technique struct {
	ID   string `json:"id"`
	Old  string `json:"old_id"`
	Name string `json:"name"`
}

type story struct {
	Host        string      `json:"host"`
	Users       []string    `json:"users"`
	First       *string     `json:"first"`
	Last        *string     `json:"last"`
	Total       int         `json:"connections_total"`
	Connections []string    `json:"connections"`
	Steps       []detection `json:"steps"`
}

const (
	maxNames        = 1000      // connections that one list names
	maxTemplateJSON = 64 * 1024 // a template can be as long as a statement
)

// JSON writes the report of a finished snapshot as one JSON object with a final
// newline. Its error is that of the writer or of ctx.
func JSON(ctx context.Context, w io.Writer, s *pipeline.Snapshot, opt Options) error {
	d, err := newDocument(ctx, s, opt)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := d.write(ctx, w, s); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// each makes a list for JSON, empty instead of null.
func each[T, U any](list []T, fn func(T) U) []U {
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = fn(v)
	}
	return out
}

func newDocument(ctx context.Context, s *pipeline.Snapshot, opt Options) (*document, error) {
	t := clockOf(s)
	d := &document{
		Version: opt.Version, Reading: s.Reading, Files: export.InputsJSON(s), Servers: serversJSON(s, t), Damage: []damage{}, Notices: each(opt.Notices, visible.JSON),
		Entries: s.Len(), Connections: s.Connections.Len(), Runs: s.Connections.Runs, Templates: len(s.Templates), Digests: s.DistinctDigests(),
		Zone: export.Zone(s), Untimed: s.Entries.Untimed(), Backwards: s.Backwards,
		Outcomes: each(s.Answers(), func(a loaded.Answer) answer { return answer{a.Error, a.Entries} }),
		Coverage: coverage{export.CoverageOf(s), s.Coverage.LongEntries, each(s.Coverage.First, func(r genlog.Reject) genlog.Reject { return r })},
		Classes:  classSizes(s), Counts: newCounts(s.Counts), Why: map[string]string{},
	}
	for _, f := range d.Files {
		if f.Damage != "" {
			d.Damage = append(d.Damage, damage{f.Name, f.Damage})
		}
	}
	if s.Reading == reading.Notebook {
		d.Libraries = libraries
	}
	if first, last, ok := s.Span(); ok {
		from, to := t.exact(first), t.exact(last)
		d.First, d.Last = &from, &to
	}
	if s.Truth != nil {
		d.Labelled = s.Truth.Labels.Labelled()
	}
	toTemplate := func(x loaded.Template) template {
		return template{
			EventID: x.EventID, Count: x.Count, First: t.json(s.Moment(x.First)), Last: t.json(s.Moment(x.Last)),
			Bytes: len(x.Text), Text: visible.JSON(x.Text[:min(len(x.Text), maxTemplateJSON)]),
		}
	}
	odd, _ := anomalyTemplates(s)
	d.Frequent, d.OnlyAnomalies = each(frequentTemplates(s), toTemplate), each(odd, toTemplate)
	if err := d.addModels(ctx, s); err != nil {
		return nil, err
	}
	d.addIntegrity(s, t)
	d.addAttack(s)
	d.Baseline, d.Novel = export.BaselineOf(s), newNovel(s, t)
	var err error
	if d.Accounts, err = newAccounts(ctx, s, t); err != nil {
		return nil, err
	}
	d.Usual, d.Learned = export.UsualOf(s), newLearnt(s)
	d.addMessages(s)
	return d, nil
}

// addModels adds what the model files hold, and why there is none.
func (d *document) addModels(ctx context.Context, s *pipeline.Snapshot) (err error) {
	if s.Isolation == nil {
		for _, name := range []string{"iforest", "rforest", "mixed"} {
			d.Why[name] = "the log has no entries"
		}
		return nil
	}
	d.Seed, d.Contamination, d.Trees = &s.Isolation.Seed, &s.Isolation.Contamination, &s.Isolation.Trees
	if d.Isolation, err = export.IsolationJSON(s); err != nil {
		return err
	}
	if s.Random == nil || s.Random.Forest == nil {
		why := "not trained"
		if s.Random != nil {
			why = s.Random.Why
		}
		d.Why["rforest"] = visible.JSON(why)
	} else if d.Random, err = export.RandomJSON(ctx, s, false); err != nil {
		return err
	}
	if s.Truth.Positive {
		d.Mixed = export.MixedJSON(s.Mixed)
	} else {
		d.Why["mixed"] = "no connection is labelled as an anomaly"
	}
	return nil
}

func (d *document) addAttack(s *pipeline.Snapshot) {
	d.Rules, d.Site = export.RulesOf(s), export.SiteOf(s)
	d.Stories, d.Incidents, d.Detections = []story{}, []attack{}, []detection{}
	d.Suspects, d.SuspectsTotal = []suspect{}, s.Ranking.Len()
	d.FromTheStart = s.Ranking.FromTheStart()
	d.Flagged, d.FlaggedTotal = []flagged{}, s.Ranking.Flagged()
}

func detectionJSON(s *pipeline.Snapshot, t clock, x *detect.Detection) detection {
	return detection{
		Rule: x.Rule.Name, Name: x.Rule.Title, Severity: x.Severity, AttackVersion: rule.AttackVersion,
		Techniques: each(x.Rule.Techniques, func(k rule.Technique) technique { return technique(k) }),
		First:      t.json(x.Time), Last: t.json(x.Last), User: visible.JSON(x.User), Host: visible.JSON(x.Host), Summary: visible.JSON(x.Summary),
		Count: x.Count, Total: len(x.Connections), Connections: firstNames(s, x.Connections),
		Entries: numbers(x.Entries), Site: newAside(x), Server: visible.JSON(s.ServerOfDetection(x)),
	}
}

// firstNames returns the names of connections, the first maxNames.
func firstNames(s *pipeline.Snapshot, list []uint32) []string {
	return names(s, list[:min(len(list), maxNames)])
}

// names returns the names of connections.
func names(s *pipeline.Snapshot, list []uint32) []string {
	return each(list, func(c uint32) string { return s.Connections.Name(int(c)) })
}

// numbers returns the numbers of entries, from 1.
func numbers(entries []uint32) []int {
	return each(entries, func(e uint32) int { return int(e) + 1 })
}

func newCounts(c *count.Tables) counts {
	if c == nil {
		c = &count.Tables{}
	}
	hours := func(h count.Hourly) hourly {
		same := func(n int) int { return n }
		return hourly{each(h.Hours, same), each(h.Columns, visible.JSON), each(h.Counts, func(line []int) []int { return each(line, same) })}
	}
	describe := func(t count.Threshold) threshold {
		out := threshold{Count: t.Count, Mean: t.Mean, Min: t.Min, P1: t.P1, P50: t.P50, P99: t.P99, Max: t.Max}
		if !math.IsNaN(t.Std) {
			out.Std = &t.Std
		}
		return out
	}
	return counts{
		Action:       each(c.Action, func(t count.Tally) actionCount { return actionCount{visible.JSON(t.Text), t.Count} }),
		Table:        each(c.Table, func(t count.Tally) tableCount { return tableCount{visible.JSON(t.Text), t.Count} }),
		HourlyAction: hours(c.HourAction),
		HourlyTable:  hours(c.HourTable),
		Pairs:        each(c.Pairs, func(p count.Pair) pairCount { return pairCount{visible.JSON(p.Action), visible.JSON(p.Table), p.Count} }),
		ThresholdAction: each(c.ThresholdAction, func(t count.Threshold) threshold {
			out, text := describe(t), visible.JSON(t.Text)
			out.Action = &text
			return out
		}),
		ThresholdTable: each(c.ThresholdTable, func(t count.Threshold) threshold {
			out, text := describe(t), visible.JSON(t.Text)
			out.Table = &text
			return out
		}),
	}
}
