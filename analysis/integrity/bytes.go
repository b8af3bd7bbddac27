package integrity

import (
	"fmt"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/wording"
)

// bytes looks at the account of bytes and at the files.
func (c *check) bytes() error {
	for _, f := range c.Files {
		if len(f.Damage) > 0 {
			c.damaged(&f)
		}
		c.mixedForms(&f)
	}
	c.rejected(genlog.NulRun, Hole, rule.Low, func(runs int, bytes int64) string {
		return fmt.Sprintf("%s of NUL bytes, %d bytes: entries were there, or a writer went on in a file that had been emptied (logrotate with copytruncate)",
			wording.Counted(runs, "run", "runs"), bytes)
	})
	c.rejected(genlog.BeforeFirst, Unread, rule.Low, func(runs int, bytes int64) string {
		return fmt.Sprintf("%s, %d bytes, before the first entry of a file or behind a banner: the beginning of that entry is missing, or the text never belonged to this log",
			wording.Counted(runs, "line", "lines"), bytes)
	})
	// Entries that are there and not read: what is said of the log is said without them.
	c.rejected(genlog.Wrapped, Unread, rule.Medium, func(runs int, bytes int64) string {
		return fmt.Sprintf("%s, %d bytes, with something around them (a prefix, JSON or UTF-16) in a log without: files were joined, and these are not read; give each part as a file of its own",
			wording.Counted(runs, "entry", "entries"), bytes)
	})
	return nil
}

// rejected adds a finding about the rejects of one reason, as far as they are listed; the
// summary begins with how many these are.
func (c *check) rejected(reason genlog.Reason, kind Kind, severity rule.Severity, summary func(runs int, bytes int64) string) {
	var behind few
	var runs int
	var bytes int64
	for _, r := range c.Coverage.First {
		if r.Reason != reason {
			continue
		}
		runs++
		bytes += r.Bytes
		if i := c.entryBehind(r.Offset); i < c.Entries.Len() && (len(behind.list) == 0 || behind.list[len(behind.list)-1] != i) {
			behind.add(i)
		}
	}
	if runs > 0 {
		text := summary(runs, bytes)
		if c.Coverage.Rejects > len(c.Coverage.First) {
			text = "at least " + text
		}
		c.add(Finding{Kind: kind, Severity: severity, Count: runs, Summary: text}, behind.list...)
	}
}

// mixedForms looks for headers of several forms in one file. A server changes
// between UTC and an offset when it is set to (log_timestamps); no server writes
// both times with and without a zone.
func (c *check) mixedForms(f *loaded.File) {
	iso, short := f.Forms.UTC+f.Forms.Offset, f.Forms.Short+f.Forms.Same
	switch {
	case iso > 0 && short > 0:
		rare := min(iso, short)
		severity := rule.Low
		if rare*100 < iso+short {
			severity = rule.Medium
		}
		c.add(Finding{Kind: MixedForms, Severity: severity, Count: rare,
			Summary: fmt.Sprintf("%s holds %d ISO times and %d of the short form, which no server writes into one log: files were joined, or the %d rarer ones were not written by the server",
				wording.Name(f.Name), iso, short, rare)})
	case f.Forms.UTC > 0 && f.Forms.Offset > 0:
		c.add(Finding{Kind: MixedForms, Severity: rule.Context, Count: min(f.Forms.UTC, f.Forms.Offset),
			Summary: fmt.Sprintf("%s holds %d times in UTC and %d with an offset: log_timestamps was changed while the server ran, or files were joined",
				wording.Name(f.Name), f.Forms.UTC, f.Forms.Offset)})
	}
}
