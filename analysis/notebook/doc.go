// Package notebook holds the rules by which the notebook reads a log: bytes of
// a log file in, the lines of its preprocessed file out, quirks included.
//
// The notebook is a Python program on text, so this package works on what
// Python would see: UTF-8 with U+FFFD for each maximal broken sequence,
// universal newlines, Unicode digits and white space. Each rule has a fast way
// for ASCII and a plain one for the rest.
package notebook
