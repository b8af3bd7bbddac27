//go:build !linux

package main

// askForHugePages does nothing: other systems choose the size of pages by themselves.
func askForHugePages() {}
