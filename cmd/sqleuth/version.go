package main

import (
	_ "embed"
	"fmt"

	"github.com/spf13/cobra"
)

// notices are the licences of what is linked in; make notices writes them.
//
//go:embed notices.txt
var notices string

func newVersion() *cobra.Command {
	var licences bool
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version, or the licences of what is linked in", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if licences {
				_, err = fmt.Fprint(cmd.OutOrStdout(), notices)
			} else {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), "sqleuth", version)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&licences, "licenses", false, "print the licences of what is linked in")
	return cmd
}
