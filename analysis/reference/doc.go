// Package reference compares what sqleuth computes in the notebook's reading
// with files that the notebook's own libraries wrote: a folder of reference
// files in, one line per comparison and a count of differences out.
//
// The folder holds any of
//
//	*/counts_action.csv                the whole notebook on a log, with all files beside
//	drain-edge/* loghub/*              logparser's Drain on texts
//	sklearn/                           scikit-learn's forests on matrices
//
// and what it does not hold is not compared. Files too large to be kept beside
// the code may be represented by their SHA-256 in digests.json.
package reference
