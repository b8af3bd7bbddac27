package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is what is wrong with a file, worded as what to write.
type Problem struct {
	File    string
	Line    int // 0 where it is about the file as a whole
	Text    string
	Warning bool // the file is read nevertheless
}

// String returns "file:line: text".
func (p Problem) String() string {
	text := p.Text
	if p.Warning {
		text = "warning: " + text
	}
	if p.Line == 0 {
		return p.File + ": " + text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, text)
}

// Problems are all problems of one or more files.
type Problems []Problem

// Error returns one line for each problem.
func (list Problems) Error() string {
	lines := make([]string, len(list))
	for i, p := range list {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Err returns the problems that are no warnings, nil for none.
func (list Problems) Err() error {
	errors := slices.DeleteFunc(slices.Clone(list), func(p Problem) bool { return p.Warning })
	if len(errors) == 0 {
		return nil
	}
	return errors
}

// sorted returns the problems by file and line.
func (list Problems) sorted() Problems {
	slices.SortStableFunc(list, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return list
}

// add notes a problem of a line.
func (list *Problems) add(file string, line int, format string, args ...any) {
	*list = append(*list, Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

// warn notes a problem that does not keep the file from being read.
func (list *Problems) warn(file string, line int, format string, args ...any) {
	*list = append(*list, Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...), Warning: true})
}
