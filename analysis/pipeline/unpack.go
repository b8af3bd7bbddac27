package pipeline

import (
	"context"
	"fmt"
	"strings"

	"sqleuth/analysis/filekind"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
)

// unpack puts the members of archives in their place, those that are logs: beside
// logs in an archive is what their folder held. Where none is a log all stay, so
// that the error can name what they are.
func unpack(ctx context.Context, set *logfile.Set, tick func()) error {
	if err := set.Unpack(ctx, tick); err != nil {
		return err
	}
	others, logs, reader := map[int]string{}, 0, newHeads()
	for k, f := range set.Files() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if f.Archive == "" || len(f.Damage) > 0 {
			continue
		}
		head, err := set.Head(k, filekind.HeadSize)
		switch {
		case err != nil:
		case reader.isLog(head):
			logs++
		default:
			others[k] = filekind.Of(head).Is
		}
	}
	if logs == 0 {
		return nil
	}
	return set.Leave(others)
}

// isLog reports whether text holds an entry, or what a server writes at the head of
// its log and nothing of another kind.
func (h heads) isLog(head []byte) bool {
	var entry, banner bool
	h.each(head, reading.Handler{Banner: func() { banner = true }, Record: func(*reading.Record) { entry = true }})
	return entry || banner && !filekind.Of(head).Known
}

// leftOut describes which members of archives are no files of a set; empty for
// none.
func leftOut(set *logfile.Set) string {
	list, total := set.Left()
	if total == 0 {
		return ""
	}
	var names []string
	for _, l := range list {
		names = append(names, fmt.Sprintf("%q (%s)", l.Name, l.Why))
	}
	text := strings.Join(names, ", ")
	if more := total - len(list); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if total == 1 {
		return "1 member of an archive was not read: " + text
	}
	return fmt.Sprintf("%d members of archives were not read: %s", total, text)
}
