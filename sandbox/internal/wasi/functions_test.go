package wasi

import (
	"slices"
	"testing"

	"github.com/lambent-dev/lambent/engine"
)

// Every function of the specification, with its signature: a guest that
// imports one of them must link.
func TestFunctionsOfTheSpecification(t *testing.T) {
	host := engine.NewHost(Functions(nil)...)
	const i, l = engine.I32, engine.I64
	for name, params := range map[string][]engine.ValueType{
		"args_get":                {i, i},
		"args_sizes_get":          {i, i},
		"environ_get":             {i, i},
		"environ_sizes_get":       {i, i},
		"clock_res_get":           {i, i},
		"clock_time_get":          {i, l, i},
		"fd_advise":               {i, l, l, i},
		"fd_allocate":             {i, l, l},
		"fd_close":                {i},
		"fd_datasync":             {i},
		"fd_fdstat_get":           {i, i},
		"fd_fdstat_set_flags":     {i, i},
		"fd_fdstat_set_rights":    {i, l, l},
		"fd_filestat_get":         {i, i},
		"fd_filestat_set_size":    {i, l},
		"fd_filestat_set_times":   {i, l, l, i},
		"fd_pread":                {i, i, i, l, i},
		"fd_prestat_get":          {i, i},
		"fd_prestat_dir_name":     {i, i, i},
		"fd_pwrite":               {i, i, i, l, i},
		"fd_read":                 {i, i, i, i},
		"fd_readdir":              {i, i, i, l, i},
		"fd_renumber":             {i, i},
		"fd_seek":                 {i, l, i, i},
		"fd_sync":                 {i},
		"fd_tell":                 {i, i},
		"fd_write":                {i, i, i, i},
		"path_create_directory":   {i, i, i},
		"path_filestat_get":       {i, i, i, i, i},
		"path_filestat_set_times": {i, i, i, i, l, l, i},
		"path_link":               {i, i, i, i, i, i, i},
		"path_open":               {i, i, i, i, i, l, l, i, i},
		"path_readlink":           {i, i, i, i, i, i},
		"path_remove_directory":   {i, i, i},
		"path_rename":             {i, i, i, i, i, i},
		"path_symlink":            {i, i, i, i, i},
		"path_unlink_file":        {i, i, i},
		"poll_oneoff":             {i, i, i, i},
		"proc_exit":               {i},
		"proc_raise":              {i},
		"random_get":              {i, i},
		"sched_yield":             {},
		"sock_accept":             {i, i, i},
		"sock_recv":               {i, i, i, i, i, i},
		"sock_send":               {i, i, i, i, i},
		"sock_shutdown":           {i, i},
	} {
		im := engine.Import{Module: Module, Name: name, Kind: engine.KindFunc, Params: params, Results: []engine.ValueType{i}}
		if name == "proc_exit" {
			im.Results = nil
		}
		if _, err := host.Resolve(im); err != nil {
			t.Error(err)
		}
	}
}

func TestEveryFunctionIsOfThisModule(t *testing.T) {
	for _, f := range Functions(nil) {
		if f.Module != Module {
			t.Errorf("%s is of module %q", f.Name, f.Module)
		}
		if want := []engine.ValueType{i32}; f.Name != "proc_exit" && !slices.Equal(f.Results, want) {
			t.Errorf("%s has the results %v", f.Name, f.Results)
		}
	}
}
