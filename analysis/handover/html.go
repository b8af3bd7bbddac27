package handover

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed report.html.tmpl
var page string

var pages = template.Must(template.New("report").Funcs(template.FuncMap{
	"kind": func(b Block) string { return fmt.Sprintf("%T", b)[len("handover."):] },
	"is":   func(s Span, kind string) bool { return s.Kind.String() == kind },
	"head": func(b Block) bool { _, ok := b.(Heading); return ok },
}).Parse(page))

// String returns the name of the kind.
func (k SpanKind) String() string {
	return [...]string{Plain: "plain", Strong: "strong", Quoted: "quoted", Link: "link"}[k]
}

// HTML writes the document as one page without scripts that loads nothing. The error
// is that of the writer.
func HTML(w io.Writer, d *Document) error {
	if err := pages.Execute(w, d); err != nil {
		return fmt.Errorf("write report.html: %w", err)
	}
	return nil
}
