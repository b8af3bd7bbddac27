package ui

import (
	"fmt"
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

// driver uses the root model as Bubble Tea does, every command on a goroutine
// of its own, and keeps how long it takes to handle keys, and the answers of
// commands, which keys have to wait for.
type driver struct {
	app     *app
	answers chan tea.Msg
	open    int // commands that have not answered
	took    took
}

// took is how long each Update took together with the View behind it.
type took struct{ keys, answers []time.Duration }

func (t *took) add(more took) {
	t.keys, t.answers = append(t.keys, more.keys...), append(t.answers, more.answers...)
}

// report reports the 99th percentiles and the slowest.
func (t *took) report(b *testing.B) {
	for _, kind := range []struct {
		name string
		took []time.Duration
	}{{"key", t.keys}, {"answer", t.answers}} {
		if n := len(kind.took); n > 0 {
			slices.Sort(kind.took)
			b.ReportMetric(kind.took[(n-1)*99/100].Seconds()*1e3, kind.name+"-p99-ms")
			b.ReportMetric(kind.took[n-1].Seconds()*1e3, kind.name+"-max-ms")
		}
	}
	b.ReportMetric(0, "ns/op") // most of the time is that of commands
}

func newDriver(b *testing.B, labels label.Set) *driver {
	d := &driver{app: newApp(b.Context(), Config{Analysis: silent{}, Theme: theme.Plain()}), answers: make(chan tea.Msg)}
	d.app.Update(tea.WindowSizeMsg{Width: 160, Height: 50})
	d.hear(caseOpened{kept: casefile.Case{Labels: labels}, set: labels})
	d.rest()
	return d
}

// show gives the program a log.
func (d *driver) show(s *pipeline.Snapshot) {
	d.hear(message.Snapshot{Snapshot: s})
	if s.Loaded {
		d.app.runs.analysed = s
		for st := range pipeline.Stages {
			d.hear(message.Progress{Stage: st, State: message.Finished})
		}
	}
	d.rest()
}

// hear gives the program a message.
func (d *driver) hear(m tea.Msg) {
	_, cmd := d.app.Update(m)
	d.run(cmd)
}

func (d *driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	d.open++
	go func() { d.answers <- cmd() }()
}

// take handles the answer of a command.
func (d *driver) take(m tea.Msg) {
	d.open--
	switch m := m.(type) {
	case nil:
	case tea.BatchMsg:
		for _, cmd := range m {
			d.run(cmd)
		}
	default:
		d.run(d.timed(&d.took.answers, m))
	}
}

func (d *driver) timed(took *[]time.Duration, m tea.Msg) tea.Cmd {
	began := time.Now()
	_, cmd := d.app.Update(m)
	_ = d.app.View()
	*took = append(*took, time.Since(began))
	return cmd
}

// rest waits until no command is under way.
func (d *driver) rest() {
	for d.open > 0 {
		d.take(<-d.answers)
	}
}

// press presses keys, and after each takes the answers that have come by then.
func (d *driver) press(keys ...string) {
	for _, name := range keys {
		d.run(d.timed(&d.took.keys, screentest.Key(name)))
		for waiting := true; waiting; {
			select {
			case m := <-d.answers:
				d.take(m)
			default:
				waiting = false
			}
		}
	}
}

// pressed presses keys and waits after each for what it has set off.
func (d *driver) pressed(keys ...string) {
	for _, name := range keys {
		d.press(name)
		d.rest()
	}
}

func (d *driver) types(text string) {
	for _, r := range text {
		d.run(d.timed(&d.took.keys, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}))
	}
}

// filter asks for a filter as an analyst does.
func (d *driver) filter(text string) {
	d.press("f")
	d.types(text)
	d.press("enter")
}

// unfilter takes all filters away, and leaves what the screen is narrowed to.
func (d *driver) unfilter() {
	d.app.take(d.app.filters.set(nil))
	d.hear(message.Goto{Screen: d.app.places.at})
}

// Filters of the synthetic log: some hundred thousand of ten million entries.
const (
	columnFilter = "action:UPDATE user:user1*"
	textFilter   = stolen
)

// walkKeys are pressed on every screen: what moves, marks, chooses columns,
// opens and closes.
var walkKeys = []string{
	"down", "pgdown", "pgdown", "G", "pgup", "up", "g", "v", "pgdown", "v", " ", " ", "right", "left", ">", "<", "c", "C", "w", "w",
	"G", "v", "g", "v", "i", "down", "i", "?", "esc", "F", "esc", ":", "esc", "f", "h", "tab", "esc", "enter", "J", "t", "down", "pgdown",
}

// walk presses walkKeys, and then everything is as it was.
func (d *driver) walk(home string) {
	d.pressed(walkKeys...)
	d.pressed(home)
}

// walkAndGrow walks while the log grows.
func (d *driver) walkAndGrow(home string) {
	none := make(chan tea.Msg)
	close(none)
	loading := *d.app.places.snapshot
	for k, name := range append(walkKeys, home) {
		d.pressed(name)
		if k%4 == 0 {
			next := loading
			d.open++
			d.take(runEvent{d.app.runs.id, pipeline.Updated{Snapshot: &next}, none})
			d.rest()
		}
	}
}

// walkWhileFiltering walks while a filter on text is looking for its hits.
func (d *driver) walkWhileFiltering(home string) {
	for _, name := range append(walkKeys, home) {
		if d.app.filters.stop == nil {
			d.unfilter()
			d.rest()
			d.filter(textFilter)
		}
		d.press(name)
	}
}

// sortByAll sorts by four columns next to each other in both directions.
func (d *driver) sortByAll(string) {
	for range 4 {
		d.pressed("s", "down", "s", "pgdown", "G", "right")
	}
	d.pressed("S")
}

// labelMany labels all rows at a stroke, and takes that back.
func (d *driver) labelMany(string) {
	d.pressed("g", "v", "G", "v", "1", "down", "pgup", "u", "g", "ctrl+r", "G", "u", "x", "u")
	d.pressed("g", "v", "pgdown", "v", "esc")
}

// search looks for what is there and for what is not.
func (d *driver) search(home string) {
	for _, text := range []string{stolen, "wordpress", "/table_[0-9]+ as t[0-9]*7 /"} {
		d.press("/")
		d.types(text)
		d.pressed("enter", "n", "down", "N", "pgdown", "g")
	}
	// Through all statements, with the screen as it is meanwhile.
	d.press("/")
	d.types("no such text")
	d.press("enter", "down", "pgdown", "G", "g", home)
}

// overTime enters the timeline, moves, zooms to milliseconds and back, takes spans, and
// goes on before bins are counted.
func (d *driver) overTime(home string) {
	moves := []string{"right", "]", "}", ")", ".", "v", "right", "right", "v", "pgdown", "G", "(", ",", "[", "{", "g", "esc"}
	for range 5 {
		d.pressed("t")
		d.pressed(moves...)
		for range 12 {
			d.pressed(">", "right", ".", ")")
		}
		d.pressed("<", "<", "<")
		d.pressed(moves...)
		d.press("g", ">", ">", ">", ">", "v", "right", "right", "]", "<", "G", "esc")
		d.pressed(home)
	}
}

// goToTimes goes to times by the command line.
func (d *driver) goToTimes(home string) {
	for _, text := range []string{"goto 00:10", "goto 1970-01-01 00:20", "goto next-hour", "goto previous-day"} {
		d.press(":")
		d.types(text)
		d.press("tab", "esc", ":")
		d.types(text)
		d.pressed("enter", "down", "up")
	}
	d.pressed(home)
}

// BenchmarkKey presses keys on every screen of a short and of a long log, and
// reports the slowest answers to keys and to what background work brings: both
// have to lie below one frame, 16 ms, and must not depend on the length of the
// log. The log is shown in every state that makes screens work: while it is
// read, analysed with both forests, through a finished filter on columns and on
// text, while a filter on text is looking for hits, sorted by four columns in
// both directions, while all rows are labelled at a stroke, while it is searched, over
// time, and while times are gone to. The last line of a log is of all screens and states together.
func BenchmarkKey(b *testing.B) {
	for _, n := range []int{100_000, 10_000_000} {
		loading := grown(n)
		done, labels := analysed(b, loading)
		var all took
		for _, state := range []struct {
			name   string
			shows  *pipeline.Snapshot
			filter string
			walk   func(d *driver, home string)
			only   bool // on the Overview
		}{
			{"loading", loading, "", (*driver).walkAndGrow, false},
			{"analysed", done, "", (*driver).walk, false},
			{"filtered", done, columnFilter, (*driver).walk, false},
			{"found", done, textFilter, (*driver).walk, false},
			{"filtering", done, "", (*driver).walkWhileFiltering, false},
			{"sorting", done, "", (*driver).sortByAll, false},
			{"labelling", done, "", (*driver).labelMany, false},
			{"searching", done, "", (*driver).search, false},
			{"over time", done, "", (*driver).overTime, true},
			{"over time, filtered", done, columnFilter, (*driver).overTime, true},
			{"times", done, "", (*driver).goToTimes, false},
		} {
			d := newDriver(b, labels)
			var titles [message.Screens]string // later the title may name a connection
			for at, s := range d.app.places.screens {
				titles[at] = s.Title()
			}
			d.show(state.shows)
			for at := range message.Screens {
				if state.only && at != message.Overview {
					continue
				}
				home := globalKeys.Accounts.Keys()[0] // again: the next of its tables
				if at < message.Tabs {
					home = globalKeys.Jump.Keys()[at]
				}
				d.pressed(home)
				d.took = took{}
				b.Run(fmt.Sprintf("%d/%s/%s", n, state.name, titles[at]), func(b *testing.B) {
					for b.Loop() {
						if state.filter != "" {
							d.filter(state.filter)
							d.rest()
							if hits := d.app.filters.shown.Entries.Len(); hits < n/100 || hits > n/20 {
								b.Fatalf("%d of %d entries are left by %s", hits, n, state.filter)
							}
						}
						state.walk(d, home)
						d.unfilter() // that keys have added
						d.rest()
					}
					d.took.report(b)
				})
				all.add(d.took)
			}
			d.app.runs.wait()
		}
		b.Run(fmt.Sprintf("%d/all", n), func(b *testing.B) {
			for b.Loop() {
			}
			all.report(b)
		})
	}
}
