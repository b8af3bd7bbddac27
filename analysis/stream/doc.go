// Package stream turns an analysed log into lines of JSON for an engine that holds the
// logs of many servers, and the columns of these lines into tables, views and queries for
// ClickHouse.
//
//	sqleuth stream LOG... | clickhouse-client --query "INSERT INTO entries FORMAT JSONEachRow"
//
// A line has no text of a statement, only what is made of it: its digest, facts and rules.
package stream
