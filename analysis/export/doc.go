// Package export turns a finished snapshot into files: the evidence files of
// sqleuth, the notebook's own files, and a manifest of what they are made of.
package export
