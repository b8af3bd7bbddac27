// Package pipeline runs the analysis of a log and reports its progress.
//
//	logfile.Set --blocks--> cutter --chunks--> parsers (a goroutine each) --batches--> recorder
//	                                                                                      |
//	     store.Columns, connection.Tracker, drain.Miner  <--in order of the log-----------+
//	                          |
//	  Snapshot --Count--> --Detect--> --Isolation--> --Random--> --Rank--> Snapshot
//	                 '---- both forests train ---^--------------^
//
// The cutter finds by a file's head whether it is a log or a dump of the log's table. Chunks
// are parsed side by side and recorded in order, so results do not depend on the number of
// workers. Snapshots that go out on the way are immutable.
package pipeline
