// Package handover makes the report that is handed to somebody else: what happened,
// how sure that is and because of which entries, what to do, and how to check it.
//
//	pipeline.Snapshot, texts of entries --Build--> Document --> HTML
//	                                                        --> Markdown
//
// A Document is made of blocks of spans. A span is words of ours, or text that
// somebody else wrote; the renderers know of no third kind, so that nothing of a log
// can be markup. All texts go through package visible first.
//
// The reader has never seen this program: page one has what happened and what to do
// in words of its own. An entry shows that a statement was sent, never that it
// worked.
package handover
