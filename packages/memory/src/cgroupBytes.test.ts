import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cgroupBytes } from "./cgroupBytes.ts";

/** As Linux 6.18 writes it (admin-guide/cgroup-v2.rst), in part; `kernel` holds the six after it, `file` holds `shmem`. */
const v2 = `anon 104857600
file 73400320
kernel 9437184
kernel_stack 1048576
pagetables 2097152
sec_pagetables 0
percpu 65536
sock 262144
vmalloc 131072
shmem 4194304
zswap 0
zswapped 0
file_mapped 20971520
file_dirty 4096
file_writeback 0
swapcached 0
anon_thp 0
inactive_anon 104857600
active_anon 4194304
inactive_file 60000000
active_file 9000000
unevictable 0
slab_reclaimable 5242880
slab_unreclaimable 524288
slab 5767168
pgfault 120000
`;

/** As Linux 5.4 writes it: no `kernel`, no `pagetables`; and 5.17, just before `kernel`, has all but that. */
const v2Old = `anon 104857600
file 73400320
kernel_stack 1048576
slab 5767168
sock 262144
shmem 4194304
file_mapped 20971520
inactive_anon 104857600
slab_reclaimable 5242880
slab_unreclaimable 524288
pgfault 120000
`;
const v2BeforeKernel = v2.replace(/^kernel \d+\n/m, "");

/** As Linux 6.18 writes it (admin-guide/cgroup-v1/memory.rst): its own part first, then with its children. */
const v1 = `cache 41943040
rss 52428800
rss_huge 0
shmem 1048576
mapped_file 8192
swap 0
inactive_file 30000000
active_file 10000000
hierarchical_memory_limit 536870912
hierarchical_memsw_limit 9223372036854771712
total_cache 89137152
total_rss 104857600
total_rss_huge 0
total_shmem 4194304
total_mapped_file 8192
total_inactive_file 68759552
total_active_file 20377600
total_unevictable 0
`;
const v1WithoutShmem = v1.replace(/^(total_)?shmem \d+\n/gm, "");

const anon = 104_857_600;
const shmem = 4_194_304;
const sock = 262_144;

const cases: [name: string, version: "v1" | "v2", files: Record<string, string>, bytes: number | null][] = [
  ["v2", "v2", { "memory.stat": v2 }, anon + shmem + sock + 9_437_184 - 5_242_880],
  [
    "v2 before Linux 5.18: the parts of kernel memory",
    "v2",
    { "memory.stat": v2BeforeKernel },
    anon + shmem + sock + 524_288 + 1_048_576 + 2_097_152 + 65_536 + 131_072,
  ],
  ["v2 in Linux 5.4", "v2", { "memory.stat": v2Old }, anon + shmem + sock + 524_288 + 1_048_576],
  [
    "v2 whose kernel memory is all caches, counted a moment apart",
    "v2",
    { "memory.stat": "anon 100\nkernel 40\nslab_reclaimable 50\nsock 7\n" },
    107,
  ],
  ["v1", "v1", { "memory.stat": v1, "memory.kmem.usage_in_bytes": "2084864\n" }, anon + shmem + 2_084_864],
  ["v1 without a count of kernel memory", "v1", { "memory.stat": v1 }, anon + shmem],
  ["v1 before shmem was told", "v1", { "memory.stat": v1WithoutShmem }, anon],
  ["a kernel that does not tell", "v2", {}, null],
  ["a cgroup that is being removed", "v2", { "memory.stat": "" }, null],
];

for (const [name, version, files, bytes] of cases) {
  test(`unreclaimable memory: ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "quire-cgroup-"));
    try {
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
      assert.equal(cgroupBytes({ version, folder }), bytes);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
