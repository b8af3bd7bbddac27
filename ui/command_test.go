package ui

import (
	"testing"

	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// TestGoToEntry: the number that a report or a file names leads to the entry, also
// where a filter hides it.
func TestGoToEntry(t *testing.T) {
	s := begin(t, config(t), 120, 30)
	s.sees("✓ rank")
	s.program.Send(message.AddFilter{Term: "user:nobody"})
	s.sees("0 of 71")
	for _, c := range []struct{ typed, want string }{
		{"goto 42", "42 of 71"},
		{"goto entry 7", "7 of 71"},
		{"goto 0", "there is no entry 0: the log has 71 entries"},
		{"goto 1,072", "there is no entry 1,072"},
		{"goto models", "[Models]"},
		{"goto nowhere", `there is no screen "nowhere"`},
	} {
		s.press(globalKeys.Command)
		s.types(c.typed)
		s.press(widget.PromptKeys().Enter)
		s.sees(c.want)
		s.press(widget.PromptKeys().Leave)
	}
	s.ends()
}
