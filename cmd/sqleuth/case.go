package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"sqleuth/analysis/handover"
)

// maxCaseText is the longest text about a case, in bytes.
const maxCaseText = 500

// caseFlags are the case that a log belongs to. The name has a flag of another word
// than --case, which takes labels from the case file.
type caseFlags struct{ handover.Case }

func (f *caseFlags) add(flags *pflag.FlagSet) {
	for _, t := range f.texts() {
		flags.StringVar(t.to, t.flag, "", t.usage)
	}
}

type caseText struct {
	flag, usage string
	to          *string
}

func (f *caseFlags) texts() []caseText {
	return []caseText{
		{"case-name", "`NAME` or number of the case, for the report and the manifest", &f.Name},
		{"exhibit", "`NAME` or number of the log among the exhibits", &f.Exhibit},
		{"examiner", "`NAME` of who examines it", &f.Examiner},
		{"remark", "`TEXT` to stand at the head of the report", &f.Remark},
	}
}

// check is a usage error where a text is none for a report.
func (f *caseFlags) check() error {
	for _, t := range f.texts() {
		switch text := *t.to; {
		case len(text) > maxCaseText:
			return usagef("--%s: the text is longer than %d bytes; put it into a file of its own", t.flag, maxCaseText)
		case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
			return usagef("--%s: give printable text on one line", t.flag)
		}
	}
	return nil
}
