package main

import (
	"github.com/spf13/cobra"

	"sqleuth/analysis/export"
	"sqleuth/analysis/schema"
)

func newSchema(io stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print what the columns of all files are, as JSON Schema",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			text, err := schema.Document(export.Schema())
			if err != nil {
				return err
			}
			_, err = io.out.Write(text)
			return err
		},
	}
}
