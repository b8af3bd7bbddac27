#!/usr/bin/env bash
# Draws the pictures of the README: the built-in incident in the program itself, driven in
# tmux, in a dark and a light theme. Freeze turns what the terminal shows into SVG.
#
# usage: make.sh PROGRAM FOLDER
set -euo pipefail

freeze=github.com/charmbracelet/freeze@v0.2.2 # run as it is, no dependency of the module
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
to=$(cd "$2" && pwd)
work=$(mktemp -d)
socket=sqleuth-pictures-$$
trap 'tmux -L "$socket" kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

screen() { tmux -L "$socket" capture-pane -p "$@" -t pictures; }
wait_for() {
	for _ in $(seq 300); do
		if screen | grep -Eq -- "$1"; then return; fi
		sleep 0.1
	done
	echo "pictures: $1 did not appear; the screen shows:" >&2
	screen >&2
	exit 1
}

# picture NAME GROUND TEXT: the screen as it is. Text without a colour of its own is
# given one by freeze that is made for a dark ground, or none.
picture() {
	screen -e >"$work/screen.ansi"
	(cd "$to" && go run "$freeze" "$work/screen.ansi" --language ansi --output "$work/screen.svg" \
		--background "$2" --font.family 'ui-monospace, monospace' --padding 10 >/dev/null)
	sed -E "s/fill=\"(#-00001|#c4c4c4)\"/fill=\"$3\"/" "$work/screen.svg" >"$to/$1.svg"
	echo "$1.svg"
}

for theme in dark light; do
	case $theme in
	dark) ground=#101418 text=#d7dae0 ;;
	light) ground=#ffffff text=#1f2328 ;;
	esac
	rm -rf "$work/data"
	tmux -L "$socket" -f /dev/null new-session -d -s pictures -x 110 -y 32 \
		"env -u NO_COLOR XDG_DATA_HOME=$work/data LANG=C.UTF-8 TERM=xterm-256color COLORTERM=truecolor '$program' demo --no-config --theme $theme; sleep 60"
	wait_for '✓ rank'
	picture "overview-$theme" "$ground" "$text"
	tmux -L "$socket" send-keys -t pictures a
	wait_for 'refused'
	picture "accounts-$theme" "$ground" "$text"
	tmux -L "$socket" send-keys -t pictures -l ':entries user:root /wp_users @13:16'
	tmux -L "$socket" send-keys -t pictures Enter
	wait_for 'user:root'
	tmux -L "$socket" send-keys -t pictures n
	sleep 2
	picture "entries-$theme" "$ground" "$text"
	tmux -L "$socket" kill-server
done
