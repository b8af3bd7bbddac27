package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/tablelog/tabletest"
)

// rowsOf returns the entries of a log as rows of the table.
func rowsOf(a *analysed) (rows [][]string) {
	log := a.log
	for i := range log.Len() {
		c := log.Connections.At(int(log.Entries.Connection(i)))
		rows = append(rows, tabletest.Row(time.UnixMicro(log.Entries.Time(i)), log.Connections.Text(c.User), log.Connections.Text(c.Host), c.ID, log.Command(i), a.text[i]))
	}
	return rows
}

// The built-in incident as rows, in a form of the table, has the report of the log,
// but for what banners show; each entry is at its row, and every byte accounted for.
// Forms that hold less are compared entry by entry, as far as they go.
func TestIncidentInTables(t *testing.T) {
	cfg := pipeline.DefaultConfig()
	cfg.Zone = time.UTC
	plain := analyse(t, cfg, incidentText(t), func(int) bool { return true })
	want := *plain
	want.json = withoutBytes(t, withoutBanners(*plain.doc))
	rows := rowsOf(plain)
	for k, form := range append(tabletest.Forms(tabletest.Widths(rows)), tabletest.Lines...) {
		if form.Damaged || !*allForms && (k%2 != 0 || testing.Short()) {
			continue
		}
		t.Run(form.Name, func(t *testing.T) {
			t.Parallel()
			var held []int
			for i := range rows {
				if (form.Most == 0 || i < form.Most) && (form.Commands == nil || slices.Contains(form.Commands, rows[i][4])) {
					held = append(held, i)
				}
			}
			dump, offsets := form.DumpAt(each(held, func(i int) []string { return rows[i] }))
			got := analyse(t, cfg, dump, func(i int) bool { return i%readBack == k%readBack })
			if got.log.Len() != len(held) || got.log.Coverage.Rejects != 0 || got.log.Coverage.Bytes() != int64(len(dump)) {
				t.Fatalf("%d entries, want %d; %d rejects; %d of %d bytes", got.log.Len(), len(held), got.log.Coverage.Rejects, got.log.Coverage.Bytes(), len(dump))
			}
			precision := max(form.Unit, time.Microsecond)
			for k, i := range held {
				g, w := described(got, k, &form, time.Microsecond), described(plain, i, &form, precision)
				if text, ok := got.text[k]; ok && text != plain.text[i] && plain.log.Command(i) == "Query" {
					g, w = text, plain.text[i]
				}
				if at := got.log.Entries.Offset(k); g != w || at != offsets[k] {
					t.Fatalf("entry %d at %d is\n%s\nwant at %d\n%s", k+1, at, g, offsets[k], w)
				}
			}
			if form.Whole() {
				comparePlain(t, got, &want)
			}
		})
	}
}

// withoutBanners is the report of a log as it is where no banner shows the server
// and its starts.
func withoutBanners(d document) document {
	d.Coverage.Banners = 0
	d.Integrity.Findings = slices.Clone(d.Integrity.Findings)
	for k := range d.Integrity.Findings {
		if f := &d.Integrity.Findings[k]; f.Kind == integrity.Restarted {
			f.Kind, f.Summary = integrity.RunWithout, "ids begin again once: the server was started again, or rows of several servers were joined; a table has no banner that would tell"
		}
	}
	limits := slices.DeleteFunc(slices.Clone(d.Integrity.Limits), func(s string) bool { return strings.HasPrefix(s, "MySQL 5.7.12") })
	d.Integrity.Limits = append(limits,
		"A table does not say which server wrote it: MySQL 5.6 and later log only statements that they could parse, MariaDB and older ones log all.",
		"A table does not tell when it was begun or emptied: what was sent before its first row is not here.")
	return d
}

// described is what a form holds of an entry, its time to a precision.
func described(a *analysed, i int, form *tabletest.Form, precision time.Duration) string {
	log := a.log
	micros := log.Entries.Time(i)
	text := fmt.Sprintf("%d %s %s %s", micros-micros%precision.Microseconds(), log.Command(i), log.Action(i), log.Table(i))
	if form.Anonymous {
		return text
	}
	k := int(log.Entries.Connection(i))
	who := log.Connections.Who(k, i)
	return text + fmt.Sprintf(" of %d %s@%s", log.Connections.At(k).ID, log.Connections.Text(who.User), log.Connections.Text(who.Host))
}
