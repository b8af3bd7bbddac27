package handover

import (
	"strings"

	"sqleuth/analysis/redact"
)

// redact puts tokens in the place of values in all lines of text.
func (d *Document) redact(r *redact.Redactor) {
	if r == nil {
		return
	}
	d.Title = r.Phrase(d.Title)
	d.Subtitle = redactSpans(r, d.Subtitle)
	redactBlocks(r, d.Blocks)
}

func redactBlocks(r *redact.Redactor, list []Block) {
	for i, b := range list {
		switch b := b.(type) {
		case Heading:
			b.Text = redactSpans(r, b.Text)
			list[i] = b
		case Paragraph:
			list[i] = Paragraph{redactSpans(r, b.Spans)}
		case Box:
			redactBlocks(r, b.Blocks)
		case List:
			for k := range b.Items {
				b.Items[k] = redactSpans(r, b.Items[k])
			}
		case Facts:
			for k := range b.List {
				b.List[k].Text = redactSpans(r, b.List[k].Text)
			}
		case Table:
			for _, row := range b.Rows {
				for k := range row {
					row[k] = redactSpans(r, row[k])
				}
			}
		case Exhibit:
			b.Meta = redactSpans(r, b.Meta)
			list[i] = b
		}
	}
}

// redactSpans puts tokens in the place of values: in what is quoted, and in sentences
// with names of the log, where several spans may share one.
func redactSpans(r *redact.Redactor, spans Spans) (out Spans) {
	for i := 0; i < len(spans); {
		s := spans[i]
		if !s.mixed || s.hidden {
			if s.Kind == Quoted && !s.hidden {
				s.Text = r.Phrase(s.Text)
			}
			out = append(out, s)
			i++
			continue
		}
		var sentence strings.Builder
		from := i
		for ; i < len(spans) && spans[i].mixed && !spans[i].hidden; i++ {
			sentence.WriteString(spans[i].Text)
		}
		if text := r.Phrase(sentence.String()); text != sentence.String() {
			out = append(out, mixed(text)...)
		} else {
			out = append(out, spans[from:i]...)
		}
	}
	return out
}
