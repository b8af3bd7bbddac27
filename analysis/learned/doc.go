// Package learned learns from labels of connections which others are like them.
//
//	trait.Matrix + labels --CrossValidate--> Result: learned, 0 to 1, of each connection, and F1 by class
//	trait.Matrix + labels --Train--> Model --Save, Load--> a file --Apply--> Result on another log
//
// The forest is a random forest (Breiman 2001, as scikit-learn has it) over the steps
// of the traits, balanced by drawing (Chen, Liaw, Breiman 2004): groups of trees are
// trained with as many connections of each class, whatever their sizes, and some more
// normal ones, drawn anew for each group. So one label is heard among thousands of
// connections that nobody labelled and that count as normal, and most trees have not
// seen those of them that are alike (Mordelet, Vert 2014).
//
// The prediction for a connection comes from a forest that has not seen it: the
// connections of each class are dealt into five folds, and each fold is predicted by
// the forest of the other four. F1 is of all of these predictions together.
//
// # Constants
//
// Chosen while captures were looked at; why they carry over:
//
//   - leftOut: each of these traits shows how long a log is, when it begins or how busy it
//     is, which another log does not share; see there.
//   - trait "people counted": guesses of COUNT(*) of a table of staff had the row of
//     guesses that read no table. That people are counted is what a thief asks first,
//     whatever the table is called.
package learned
