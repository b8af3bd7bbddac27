package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/reading"
)

// Messages of the server are counted and listed, change no connection, and the
// parts of the coverage add up.
func TestMessagesOfTheServer(t *testing.T) {
	for _, c := range []struct{ name, connections, messages, refused string }{
		{"mixed_my8.log", "48 root@192.0.2.3 denied, 49 app@192.0.2.4 accepted", "error log before 3 id 48, error log before 4", "root@192.0.2.3 1"},
		{"dockerlogs.log", "8 root@192.0.2.7 denied, 9 app@192.0.2.7 accepted",
			"entry point before 1, error log before 1, error log before 1, error log before 3 id 8", "root@192.0.2.7 1"},
		{"mixed_maria.log", "8 root@localhost accepted, 9 root@192.0.2.7 denied, 11 app@192.0.2.20 accepted",
			"error log before 1, error log before 1, start-up before 1, error log before 4 id 9, error log before 6 id 10", "root@192.0.2.7 1"},
	} {
		s := load(t, reading.Correct, "../../testdata/messages/"+c.name, "")
		var connections, messages, refused []string
		for i := range s.Connections.Len() {
			x := s.Connections.At(i)
			connections = append(connections, fmt.Sprintf("%d %s@%s %v", x.ID, s.Connections.Text(x.User), s.Connections.Text(x.Host), x.Outcome))
		}
		var out bytes.Buffer
		if err := JSON(context.Background(), &out, s, Options{}); err != nil {
			t.Fatal(err)
		}
		var d struct {
			Coverage map[string]any
			Messages []struct {
				Kind string
				ID   int
				Next int `json:"next_entry"`
			}
			Total    int       `json:"messages_total"`
			Refusals []refusal `json:"refused_in_messages"`
		}
		if err := json.Unmarshal(out.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		for _, m := range d.Messages {
			text := fmt.Sprintf("%s before %d", m.Kind, m.Next)
			if m.ID > 0 {
				text += fmt.Sprintf(" id %d", m.ID)
			}
			messages = append(messages, text)
		}
		for _, r := range d.Refusals {
			refused = append(refused, fmt.Sprintf("%s@%s %d", r.User, r.Host, r.Count))
		}
		got := strings.Join(connections, ", ") + "\n" + strings.Join(messages, ", ") + "\n" + strings.Join(refused, ", ")
		if want := c.connections + "\n" + c.messages + "\n" + c.refused; got != want || d.Total != len(d.Messages) {
			t.Errorf("%s: %d messages\n got %s\nwant %s", c.name, d.Total, got, want)
		}
		sum := 0.0
		for name, v := range d.Coverage {
			if strings.HasSuffix(name, "_bytes") {
				sum += v.(float64)
			}
		}
		if sum != d.Coverage["bytes"] {
			t.Errorf("%s: the parts of %v bytes add up to %v", c.name, d.Coverage["bytes"], sum)
		}
		var text bytes.Buffer
		if err := Text(context.Background(), &text, s, Options{}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Messages of the server\n", "Refused logins that messages name", strings.Fields(c.refused)[0], "messages and rejects add up"} {
			if !strings.Contains(text.String(), want) {
				t.Errorf("%s: the report does not hold %q", c.name, want)
			}
		}
	}
}

// What a client may have written is listed and named, and nothing follows from it.
func TestDoubtfulMessages(t *testing.T) {
	s := loadText(t, reading.Correct, "2024-06-01T10:00:00.000001Z\t    1 Query\tSELECT '\n2024-06-01T10:00:00.000107Z 48 [Note] Access denied for user 'a'@'h' (using password: YES)\n'\n"+
		"2024-06-01T10:00:01.000001Z\t    1 Quit\t\n")
	if len(s.Messages) != 1 || !s.Messages[0].Doubtful || s.Coverage.MessageBytes != 0 || len(refusals(s)) != 0 {
		t.Errorf("messages %+v, refusals %v", s.Messages, refusals(s))
	}
	var text bytes.Buffer
	if err := Text(context.Background(), &text, s, Options{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "1 is doubtful") {
		t.Error("the report does not say that a message is doubtful")
	}
}
