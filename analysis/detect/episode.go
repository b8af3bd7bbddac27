package detect

import (
	"slices"

	"sqleuth/analysis/rule"
)

// evidence is what a detection rests on.
type evidence struct {
	rule    *rule.Rule
	level   rule.Severity // as far as it was known hit by hit
	first   int64         // time of the first and the last hit
	last    int64
	entries []uint32     // each once, ascending
	logins  bool         // the entries are logins
	count   int          // of hits
	maximum int          // of a window of a correlation
	note    string       // what is added to the summary
	filter  *rule.Filter // of the site, which sets it aside; nil for none
}

// add adds a hit.
func (ev *evidence) add(entry int, t int64) {
	if ev.count == 0 {
		ev.first, ev.last = t, t
	}
	ev.first, ev.last = min(ev.first, t), max(ev.last, t)
	ev.entries = append(ev.entries, uint32(entry))
	ev.count++
	ev.maximum = ev.count
}

// episodes are hits of a rule at one level that have in common what the rule asks for,
// without a long pause. Each becomes one detection.
type episodes struct {
	open map[episodeKey]*evidence
	all  []*evidence // in order of their first hit
}

// episodeKey is what the hits of an episode have in common.
type episodeKey struct {
	rule   *rule.Rule
	level  rule.Severity
	who    uint64
	server int
}

func (es *episodes) add(rl *rule.Rule, level rule.Severity, e *event) {
	t, pause := e.time(), e.pause
	if rl.Pause != 0 {
		pause = rl.Pause.Microseconds()
	}
	key := episodeKey{rl, level, e.common(rl.Per), e.ServerOf(e.entry)}
	ev := es.open[key]
	if ev == nil || t-ev.last > pause {
		ev = &evidence{rule: rl, level: level, logins: e.isLogin}
		es.open[key] = ev
		es.all = append(es.all, ev)
	}
	ev.add(e.entry, t)
}

// common returns what an event has in common with others of its episode.
func (e *event) common(per rule.Per) uint64 {
	switch per {
	case rule.PerConnection:
		return uint64(e.conn)
	case rule.PerHost:
		return uint64(e.id.Host)
	case rule.PerLog:
		return 0
	}
	return uint64(e.id.User)<<32 | uint64(e.id.Host)
}

// closeEpisodes takes the episodes for evidence.
func (r *run) closeEpisodes() {
	for _, ev := range slices.Concat(r.loginEpisodes.all, r.statementEpisodes.all) {
		ev.entries = ascending(ev.entries)
		r.evidence = append(r.evidence, ev)
	}
}
