#!/usr/bin/env bash
# Drives the built program in a terminal as an analyst would: opens the built-in
# incident, labels the attack by keypress, watches the models follow, exports,
# and checks the files against what the screen showed.
#
# usage: e2e.sh PROGRAM
set -euo pipefail

program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d)
starts=0
socket=sqleuth-e2e-$$
trap 'tmux -L "$socket" kill-server 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

screen() { tmux -L "$socket" capture-pane -p -t e2e; }
keys() { tmux -L "$socket" send-keys -t e2e "$@"; }
type_text() { tmux -L "$socket" send-keys -t e2e -l "$1"; }
fail() {
	echo "e2e: $1; the screen shows:" >&2
	screen >&2
	exit 1
}
# wait_for PATTERN WHAT: until a line of the screen matches.
wait_for() {
	for _ in $(seq 300); do
		if screen | grep -Eq -- "$1"; then return; fi
		sleep 0.1
	done
	fail "$2 did not appear (waited for: $1)"
}
wait_gone() {
	for _ in $(seq 300); do
		if ! screen | grep -Eq -- "$1"; then return; fi
		sleep 0.1
	done
	fail "$2 did not go away (waited for: $1)"
}
ok() { echo "e2e: $1"; }

start() { # columns, rows
	tmux -L "$socket" kill-server 2>/dev/null || true
	starts=$((starts + 1))
	socket=sqleuth-e2e-$$-$starts # a server that is ending must not get the next session
	tmux -L "$socket" -f /dev/null new-session -d -s e2e -x "$1" -y "$2" \
		"env XDG_DATA_HOME=$work/data LANG=C.UTF-8 NO_COLOR=1 '$program' demo; echo status \$?; sleep 60"
	ranked "$2"
}

# ranked ROWS: until the analysis has ended. A small screen has no room for the stages.
ranked() {
	if [ "$1" -ge 40 ]; then
		wait_for '✓ rank' 'the end of the analysis'
	else
		wait_for 'worst first|Left by the filters' 'the suspects'
	fi
}

# filter TEXT: adds a filter through the prompt.
filter() {
	keys f
	wait_for '^ ?filter|filter:' 'the filter prompt'
	type_text "$1"
	keys Enter
	wait_for "${2:-$1}" "the filter $1 in the header"
}

# label_all DIGIT: marks every row of the list and labels it.
label_all() {
	keys Home
	keys v
	keys End
	keys v
	wait_for 'marked' 'the marks'
	keys "$1"
}

start 120 40
ok 'the incident opens and is analysed'
screen | grep -q '127.0.0.66' || fail 'the attacker is not among the suspects'

keys F6
wait_for 'no connection is labelled' 'the reason why there is no Random Forest'
ok 'without labels there is no Random Forest, and the screen says why'

keys F2
filter 'host:127.0.0.66'
wait_for 'of 316' 'the 316 connections of the attacker'
label_all 1
wait_for 'login_attack: 316 ' 'what was labelled'
keys F6
wait_for 'predicted anomaly.*predicted anomaly' 'both confusion matrices'
ok 'one digit labels 316 connections and both matrices appear'
before=$(screen | grep -A1 'actual anomaly')

keys F2
filter 'id:2988,3037,3040,3947'
wait_for 'of 4( |$|,)' 'the four thieves'
label_all 2
wait_for 'get_user_table: 4 ' 'what was labelled'
keys F6
wait_for 'get_user_table: [0-9]+ of [0-9]+ tested' 'the recall of the second class'
after=$(screen | grep -A1 'actual anomaly')
[ "$before" != "$after" ] || fail 'the matrices did not follow the labels'
ok 'a second class is learnt and the matrices follow'

keys u
wait_gone 'get_user_table: [0-9]+ of' 'the second class after undo'
[ "$(screen | grep -A1 'actual anomaly')" = "$before" ] || fail 'undo did not bring the matrices back'
keys C-r
wait_for 'get_user_table: [0-9]+ of [0-9]+ tested' 'the second class after redo'
[ "$(screen | grep -A1 'actual anomaly')" = "$after" ] || fail 'redo did not bring the matrices back'
ok 'undo and redo go through the labels, and the models with them'

keys e
wait_for 'export the evidence to folder' 'the export prompt'
keys C-u
type_text "$work/out"
keys Enter
wait_for '[0-9]+ files' 'the end of the export'
[ "$(ls out | tr '\n' ' ')" = 'accounts.csv blocks.csv connections.csv detections.csv digests.csv evidence.csv evidence.jsonl findings.csv inputs labels.csv manifest.json manifest.sha256 navigator.json novel.csv report.html report.md ' ] || fail "e wrote $(ls out)"
[ "$(grep -c ',login_attack,' out/labels.csv)" = 312 ] || fail 'labels.csv does not hold 312 login_attack'
[ "$(grep -c ',get_user_table,' out/labels.csv)" = 4 ] || fail 'labels.csv does not hold 4 get_user_table'
[ "$(grep -c '127.0.0.66' out/findings.csv)" -ge 316 ] || fail 'findings.csv does not hold the 316 connections'
ok 'e writes the evidence, with the labels that the screen shows'
keys :
wait_for '^:' 'the command prompt'
type_text "export all $work/whole"
keys Enter
wait_for '[1-9][0-9] files' 'the end of the export of everything'
for f in findings.csv labels.csv connections.csv detections.csv manifest.json structured.csv templates.csv rforest.json split.json mixed.json; do
	[ -s "whole/$f" ] || fail "the export has no $f"
done
cmp out/findings.csv whole/findings.csv || fail 'the evidence differs'
# The matrix on the screen and in the file are the same numbers.
file=$(tr -d ' \n,' <whole/rforest.json | sed -n 's/.*"confusion_matrix":\(\[\[[^"]*\)"confusion.*/\1/p' | tr -cd '0-9')
shown=$(screen | grep -E 'actual (normal|anomaly)' | sed 's/.*actual/actual/' | tr -cd '0-9')
[ "$file" = "$shown" ] || fail "the screen shows the matrix $shown, the file has $file"
ok 'the exported files hold what the screen said'

keys q
wait_for 'status 0' 'the shell after q'
ok 'q ends the program'

# The same investigation is resumed, on a small screen.
start 80 24
keys F6
wait_for 'get_user_table: [0-9]+ of|predicted anomaly' 'the models of the labels that were kept'
keys F8
wait_for 'login_attack' 'the findings'
keys q
wait_for 'status 0' 'the shell after q'
ok 'labels are kept and resumed at 80x24'

# Read, mark, read, mark, label; a range that is open; a place that is left by going on.
mv data kept # for a case of its own
start 120 40
keys F2
wait_for '\[Connections\]' 'the connections'
keys Space
keys Enter
wait_for '\[Entries of .*\]' 'the transcript of a marked connection'
screen | grep -q 'only id:' || fail 'the place does not stand in the header'
keys BSpace
wait_for '^1 marked' 'the mark after the transcript was read'
keys j
keys Space
keys Enter
wait_for '\[Entries of .*\]' 'the transcript of another one'
keys BSpace
wait_for '^2 marked' 'both marks'
keys 1
wait_for 'login_attack: 2 marked connections' 'what the digit has labelled'
keys u
wait_gone 'login_attack: 2 marked connections' 'the labels after undo'
ok 'marks survive reading, and a digit labels them'
keys j
keys v
keys j
keys j
wait_for 'the range of 3 connections and what is marked' 'the open range'
keys 2
wait_for 'get_user_table: the range of 3 connections and what is marked' 'what was labelled of the range'
keys u
ok 'an open range is labelled whole'
keys c
wait_for '\[Connections' 'the connections'
keys F3
wait_for '\[Entries\]' 'the entries of the whole log'
screen | grep -q 'only id:' && fail 'the place is still there' || true
keys q
wait_for 'status 0' 'the shell after q'
ok 'a place is left by going elsewhere'
rm -rf data
mv kept data

# The timeline: its cursor, a span, the entries of it as a place, a filter, times by name.
mv data kept
start 80 24
keys t
wait_for '^Timeline in bins of' 'the timeline'
screen | grep -q '▲' || fail 'the timeline has no cursor'
keys Home
wait_for '^20[0-9-]+ [0-9:]+ to [0-9:]+: [0-9,]+ entr' 'the readout of the first bin'
first=$(screen | grep -E '^20.*: [0-9,]+ entr')
keys Right
wait_gone "^$first\$" 'the first bin, after a step to the right'
keys Home '>' '>'
wait_for '^ +whole ' 'the whole log above the window'
keys v Right Right v
wait_for '^ +span .*──' 'the span that was taken'
count=$(screen | grep -Eo '^20.*: [0-9,]+ entr' | sed 's/.*: //; s/ entr//')
keys Enter
wait_for "$count of [0-9,]+ only time:" 'the entries of the span, as a place'
keys BSpace
wait_for '^Timeline in bins of' 'the timeline as it was'
keys +
wait_for "$count of [0-9,]+ filter: time:" 'the span as a filter'
keys Escape
wait_gone '^ +span ' 'the span after esc'
keys Escape
wait_for 'Left by the filters' 'the Overview after the timeline was left'
keys Escape
wait_gone 'filter: time:' 'the filter after esc'
ok 'the timeline has a cursor, zooms, takes spans, opens and keeps them'
keys F3
wait_for '\[Entries\]' 'the entries'
keys :
type_text 'goto 13:06'
keys Enter
wait_for '^▌.* 13:0[6-9]:' 'the first entry at 13:06 or after'
keys F1 :
type_text 'goto 13:06'
keys Enter
wait_for '^20[0-9-]+ 12:00 to 14:00' 'the bin of 13:06'
keys F1
wait_for 'worst first' 'the Overview after f1'
keys q
wait_for 'status 0' 'the shell after q'
ok ':goto leads to times, f1 to the Overview'

# Accounts, by user and by pair, with the connections of one.
start 120 40
keys a
wait_for '^Accounts by user, oddest first: 327 of 5,848 tries refused' 'the accounts'
wait_for '▌.*root +2 +56 +49 +7 ' 'the tries of root'
keys a a
wait_for '^Accounts by pair' 'the accounts by pair'
keys c
wait_for 'root@127.0.0.66|user:root' 'the connections of the first pair'
keys q
wait_for 'status 0' 'the shell after q'
ok 'a leads to the accounts, by user and by pair'

# Two files with the same time in them are asked about, read again as of two servers, and
# known as that at the next start.
for server in shop hr; do
	mkdir -p "$server"
	for n in 1 2 3 4 5; do
		printf '2024-05-01T08:00:%s%s.100000Z\t    %s Connect\t%s@10.0.0.5 on db using TCP/IP\n' "$n" ${#server} "$n" "$server"
		printf '2024-05-01T08:00:%s%s.200000Z\t    %s Quit\t\n' "$n" ${#server} "$n"
	done >"$server/general.log"
done
both() {
	tmux -L "$socket" kill-server 2>/dev/null || true
	starts=$((starts + 1))
	socket=sqleuth-e2e-$$-$starts
	tmux -L "$socket" -f /dev/null new-session -d -s e2e -x 80 -y 24 \
		"env XDG_DATA_HOME=$work/data LANG=C.UTF-8 NO_COLOR=1 '$program' shop/general.log hr/general.log; echo status \$?; sleep 60"
}
both
wait_for '^Are these files of several servers' 'the question'
wait_for '^.shop +shop/general.log' 'the name of a server'
keys y
wait_for '^general.log and 1 more, 2 servers' 'the log of two servers'
wait_gone 'Are these files' 'the question'
keys q
wait_for 'status 0' 'the shell after q'
both
wait_for '^general.log and 1 more, 2 servers' 'the log of two servers, at once'
keys :
type_text 'servers'
keys Enter
wait_for '^The servers of these files' 'the servers'
keys n
wait_for '^general.log and 1 more ·' 'the log as of one server'
keys q
wait_for 'status 0' 'the shell after q'
ok 'two servers are asked about, kept apart, and put together again'

# Columns are hidden under the eyes, and stay so in the case.
rm -rf data
start 120 40
keys F2
wait_for 'start \(UTC\)' 'the connections'
keys C
wait_for 'Columns, from left to right' 'the list of columns'
keys Down Space
wait_for 'start \(UTC\) +hidden' 'a column that is hidden'
keys Escape
wait_gone 'start \(UTC\)' 'the column'
keys q
wait_for 'status 0' 'the shell after q'
start 120 40
keys F2
wait_for 'duration' 'the connections again'
wait_gone 'start \(UTC\)' 'the column that was hidden before'
keys q
wait_for 'status 0' 'the shell after q'
ok 'columns are hidden, and the case keeps that'

# A theme has colours, and mono has none; the signs are the same.
for theme in dark mono; do
	tmux -L "$socket" kill-server 2>/dev/null || true
	starts=$((starts + 1))
	socket=sqleuth-e2e-$$-$starts
	tmux -L "$socket" -f /dev/null new-session -d -s e2e -x 80 -y 24 \
		"env -u NO_COLOR SQLEUTH_THEME=$theme XDG_DATA_HOME=$work/data LANG=C.UTF-8 '$program' demo; echo status \$?; sleep 60"
	wait_for '^▌.*!!!' 'the incident'
	coloured=no
	tmux -L "$socket" capture-pane -e -p -t e2e | grep -Eq $'\e\\[([0-9;]*;)?(3[0-8]|9[0-7])[;m]' && coloured=yes
	case $theme-$coloured in
	dark-yes | mono-no) ;;
	*) fail "theme $theme has colours: $coloured" ;;
	esac
	keys q
	wait_for 'status 0' 'the shell after q'
done
ok 'themes have colours but for mono'
rm -rf data
mv kept data

# The shell gets its terminal back, by ctrl+z or by a signal, and fg continues.
tmux -L "$socket" kill-server 2>/dev/null || true
starts=$((starts + 1))
socket=sqleuth-e2e-$$-$starts
tmux -L "$socket" -f /dev/null new-session -d -s e2e -x 80 -y 24 \
	"env XDG_DATA_HOME=$work/data LANG=C.UTF-8 NO_COLOR=1 PS1='shell> ' bash --norc --noprofile -i"
wait_for 'shell>' 'the prompt of the shell'
type_text "'$program' demo"
keys Enter
ranked 24
keys f
type_text 'user:ro'
for stop in key signal; do
	if [ $stop = key ]; then keys C-z; else pkill -TSTP -P "$(tmux -L "$socket" display -p -t e2e '#{pane_pid}')" sqleuth; fi
	wait_for 'Stopped' 'the shell'
	screen | grep -q 'Overview' && fail 'a stopped program left its screen there'
	type_text 'echo typed $((40 + 2))'
	keys Enter
	wait_for '^typed 42' 'the answer of the shell, which echoes what is typed'
	type_text 'fg'
	keys Enter
	wait_for 'Overview' 'the program after fg'
	wait_for 'filter: user:ro' 'the prompt as it was left'
done
type_text 'ot'
wait_for 'filter: user:root' 'what is typed after fg'
keys Enter
wait_for '; user:root ' 'the filter'
keys q
wait_for 'shell> *$' 'the shell after q'
ok 'ctrl+z and SIGTSTP give the terminal to the shell, fg continues'

# A signal ends the program and gives the terminal back; that of a terminal which
# was closed too.
for signal in TERM HUP; do
	start 80 24
	keys F2
	wait_for '\[Connections\]' 'the connections'
	pkill -$signal -P "$(tmux -L "$socket" display -p -t e2e '#{pane_pid}')" sqleuth || fail 'there is no program to end'
	wait_for 'status 1' "the shell after SIG$signal"
	screen | grep -q 'Connections' && fail "the terminal was not given back after SIG$signal"
	ok "SIG$signal gives the terminal back"
done
