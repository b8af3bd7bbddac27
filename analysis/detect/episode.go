package detect

import (
	"sqleuth/analysis/rule"
)

// episode is what becomes one detection: hits of a rule at one level that have in
// common what the rule asks for, without a long pause.
type episode struct {
	rule       int
	level      rule.Severity
	first, end int64 // time of the first and the last hit
	entries    []uint32
	logins     bool
}

// episodeKey is what the hits of an episode have in common.
type episodeKey struct {
	rule   int
	level  rule.Severity
	who    uint64
	server int
}

// episodes finds the episode that a hit belongs to.
type episodes struct {
	open map[episodeKey]*episode
	all  []*episode // in order of their first hit
}

func (es *episodes) add(r *run, n int, level rule.Severity, e *event, t int64) {
	key := episodeKey{n, level, e.common(r.rules[n].Per), r.ServerOf(e.entry)}
	ep := es.open[key]
	if ep == nil || t-ep.end > r.pauseOf(n) {
		if es.open == nil {
			es.open = map[episodeKey]*episode{}
		}
		ep = &episode{rule: n, level: level, first: t, end: t, logins: e.isLogin}
		es.open[key] = ep
		es.all = append(es.all, ep)
	}
	ep.first, ep.end = min(ep.first, t), max(ep.end, t)
	ep.entries = append(ep.entries, uint32(e.entry))
}

func (r *run) pauseOf(n int) int64 {
	if p := r.rules[n].Pause; p != 0 {
		return p.Microseconds()
	}
	return r.pause
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
	for _, ep := range r.episodes.all {
		r.evidence = append(r.evidence, &evidence{rule: r.rules[ep.rule], level: ep.level, first: ep.first, last: ep.end,
			entries: ascending(ep.entries), logins: ep.logins, count: len(ep.entries), maximum: len(ep.entries)})
	}
}
