package function

import (
	"testing"
	"testing/fstest"
)

func TestDefaultSandboxMemory(t *testing.T) {
	const total = "proc/meminfo"
	const groups = "proc/self/cgroup"
	meminfo := "MemTotal:       8388608 kB\nMemFree:        1 kB\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"not Linux":       {nil, 1 << 30},
		"no limit":        {map[string]string{total: meminfo, groups: "0::/\n"}, 2 << 30},
		"no groups":       {map[string]string{total: meminfo}, 2 << 30},
		"only a limit":    {map[string]string{groups: "0::/\n", "sys/fs/cgroup/memory.max": "4194304\n"}, 1 << 20},
		"garbage":         {map[string]string{total: "MemTotal: x kB\nMemTotal:", groups: "0:\n::\n:\n", "sys/fs/cgroup/memory.max": "-5"}, 1 << 30},
		"more than fits":  {map[string]string{total: "MemTotal: 9223372036854775807 kB\n"}, 1 << 30},
		"next to nothing": {map[string]string{total: "MemTotal: 1 kB\n", groups: "0::/a\n", "sys/fs/cgroup/a/memory.max": "2"}, 1},
		"its own group": {map[string]string{total: meminfo, groups: "1:cpu:/x\n0::/system/lambent.service\n",
			"sys/fs/cgroup/system/lambent.service/memory.max": "1073741824\n", "sys/fs/cgroup/system/memory.max": "max\n",
			"sys/fs/cgroup/x/memory.max": "4"}, 256 << 20},
		"a group that it is in": {map[string]string{total: meminfo, groups: "0::/system/lambent.service\n",
			"sys/fs/cgroup/system/lambent.service/memory.max": "max\n", "sys/fs/cgroup/system/memory.max": "1073741824\n"}, 256 << 20},
		"version 1, in a container": {map[string]string{total: meminfo, groups: "4:memory:/docker/abc\n0::/\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "1073741824\n"}, 256 << 20},
		"version 1, no limit": {map[string]string{total: meminfo, groups: "4:memory:/\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 2 << 30},
		"a path that leads out": {map[string]string{total: meminfo, groups: "0::/../../..\n",
			"sys/fs/cgroup/memory.max": "1073741824"}, 256 << 20},
	} {
		root := fstest.MapFS{}
		for path, content := range c.files {
			root[path] = &fstest.MapFile{Data: []byte(content)}
		}
		if got := defaultSandboxMemory(root); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
