// Package model trains both forests on an encoded log and measures them against
// the labels: rows of a matrix and classes of connections in, scores, confusion
// matrices and reports out.
package model
