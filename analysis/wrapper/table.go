package wrapper

// wrapper is something that can be around a log.
type wrapper struct {
	// find returns the ways in which it may be around a text that begins with head,
	// the likelier ones first; none where it is not.
	find func(head []byte) []kind
}

// table holds all wrappers. Of two that bring the same entries to light the first
// is taken.
var table = []wrapper{
	lines(&prefix{title: "CRI prefix", cut: criCut}),
	lines(&prefix{title: "time before each line", cut: timeCut}),
	lines(&prefix{title: "docker compose prefix", cut: composeCut}),
	lines(&prefix{title: "kubectl prefix", cut: podCut}),
	lines(&prefix{title: "syslog prefix (RFC 5424)", cut: syslogCut}),
	lines(&prefix{title: "syslog prefix (RFC 3164)", cut: bsdCut}),
	lines(&prefix{title: "journald prefix", cut: isoCut}),
	lines(&prefix{title: "journald prefix", cut: fullCut}),
	lines(&prefix{title: "journald prefix", cut: unixCut}),
	lines(&prefix{title: "OSSEC prefix", cut: ossecCut, loose: true}),
	lines(&prefix{title: "Wazuh archive prefix", cut: wazuhCut, loose: true}),
	lines(&prefix{title: "aws logs tail prefix", cut: tailCut, loose: true}),
	{findLogcli},
	lines(&prefix{title: "Grafana prefix", cut: grafanaCut}),
	lines(&prefix{title: "Fluentd prefix", cut: fluentdCut}),
	lines(&prefix{title: "journald verbose", cut: verboseCut}),
	lines(&prefix{title: "event stream", cut: eventCut}),
	lines(&prefix{title: "line numbers", cut: numberedCut}),
	lines(&prefix{title: "grep prefix with file and line", cut: fileNumberCut, sparse: true}),
	lines(&prefix{title: "grep prefix with line", cut: numberCut, sparse: true}),
	lines(&prefix{title: "grep prefix with file", cut: fileCut, sparse: true}),
	lines(&prefix{title: "stern prefix", cut: sternCut}),
	lines(&prefix{title: "quote marks", cut: quoteCut}),
	lines(&prefix{title: "indentation", cut: indentCut}),
	{findJSON},
	{findCSV},
	{findJournal},
	{findEscapes},
	{findPage},
}

// lines is the table's entry for a prefix.
func lines(p *prefix) wrapper {
	return wrapper{func(head []byte) []kind {
		if !p.fits(head) {
			return nil
		}
		return []kind{p}
	}}
}

// documents names containers by where in their documents the log is; the first
// that is the end of a value's path is taken.
var documents = []struct{ path, title string }{
	{"events[].message", "CloudWatch events"},
	{"results[][].@message", "CloudWatch Logs Insights results"},
	{"_source.message", "Elasticsearch export"},
	{"_source.event.original", "Elasticsearch export"},
	{"textPayload", "Cloud SQL log entries"},
	{"data.result[].values[][1]", "Loki streams"},
	{"MESSAGE", "journald JSON"},
	{"log", "docker json-file"},
	{"message", "Filebeat or ECS documents"},
	{"event.original", "Filebeat or ECS documents"},
	{"", "JSON"},
}
