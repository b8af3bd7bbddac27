// Package verify checks an export against the log that it is of.
//
//	folder    the files of the export     against the hashes in its manifest
//	logs      the logs, whole and in blocks   against the manifest
//	evidence  each row of the evidence    against the bytes of the log at its offset
//	again     all files                   against those of the same analysis, done again
//	proof     one row of the evidence     against a block of the log and the root in the manifest
//
// Nothing is written but where a proof is asked for, and temporary files.
package verify
