package ui

// filterLanguage is the one table of what a filter can say, as the help and the
// filter prompt show it. The first column of an item is a filter that works.
var filterLanguage = []helpTopic{
	{"Filters: which connections", []helpItem{
		{"id:2523,2630-2699", "by id; id:2523@2 is of the second server run"},
		{"user:root", "who logged in; also host: and db:"},
		{"host:10.0.*", "* is any text, in every field but id and time"},
		{"label:login_attack", "class; normal includes not judged, label:- is only that"},
		{"detection:D3", "what a rule has found; detection:* what any has"},
	}},
	{"Filters: which entries", []helpItem{
		{"union", `text of the statement, in either case; "order by 1"`},
		{`/sleep\s*\(/`, "regular expression (RE2)"},
		{"cmd:Query", "command; action:SELECT the verb, error:1045 the outcome"},
		{"table:wp_users", "a table that it names, in any schema"},
		{"template:3f2a", "event id or its beginning, see Templates"},
		{"time:2025-03-12T13", "that hour; A..B, A.. and ..B are spans"},
		{"iforest>=0.6", "score of the isolation forest; > >= < <="},
		{"rforest>0.5", "the random forest's probability"},
	}},
	{"Filters: put together", []helpItem{
		{"user:a cmd:Query", "both hold; so does: and"},
		{"user:a or user:b", "one of them holds; (brackets) group"},
		{"not host:10.*", "the opposite; -host:10.* is the same"},
	}},
}
