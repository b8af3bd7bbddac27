package main

import (
	"io"

	"github.com/spf13/cobra"

	"sqleuth/analysis/export"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/stream"
)

func newSchema(std stdio) *cobra.Command {
	var engine string
	cmd := &cobra.Command{
		Use:   "schema [flags]",
		Short: "Print what the columns of all files are, as JSON Schema, or tables for ClickHouse",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			switch engine {
			case "":
				text, err := schema.Document(append(export.Schema(), stream.Schema()...))
				if err != nil {
					return err
				}
				_, err = std.out.Write(text)
				return err
			case "current", "plain":
				text, err := stream.ClickHouse(engine == "plain")
				if err != nil {
					return err
				}
				_, err = io.WriteString(std.out, text)
				return err
			}
			return usagef("--clickhouse=%s: give plain, for versions before 22.8, or nothing", engine)
		},
	}
	cmd.Flags().StringVar(&engine, "clickhouse", "", "print tables, views and rules over all servers for ClickHouse, which takes what sqleuth stream writes (`FORM`: plain, for versions before 22.8)")
	cmd.Flags().Lookup("clickhouse").NoOptDefVal = "current"
	return cmd
}
