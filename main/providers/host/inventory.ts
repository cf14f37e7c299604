import { SubletError } from '../../domain/errors.ts'
import { gpuModel } from '../../domain/gpu-catalogue.ts'
import { isNear, normaliseGpu } from '../../domain/gpu-names.ts'
import { claimFrom, type Claim } from './claims.ts'

export interface HostGpu {
  readonly index: number
  /** Normalised: `H100`. */
  readonly name: string
  readonly vramGiB: number
  /** Taken by a rental, or in use by a program that is not ours. */
  readonly takenBy: 'rental' | 'stranger' | null
}

/** What a host has and what of it is free, read at one moment. */
export interface Inventory {
  readonly gpus: readonly HostGpu[]
  readonly vcpus: number
  readonly memoryGiB: number
  readonly freeDiskGiB: number
  readonly arch: 'x86_64' | 'arm64'
  /** Claims of all Sublet homes on this machine. */
  readonly claims: readonly Claim[]
  /** GPU indices and slots that are held, and by which rental. */
  readonly held: ReadonlyMap<string, string>
  /** A sentence when nvidia-smi is there and fails. */
  readonly warning: string | null
}

/** Asks everything at once. Every line starts with `sublet:`, so that chatter is told apart. */
export const inventoryCommand = `
PATH="$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/nvidia/bin:/usr/lib/wsl/lib"
root="$HOME/.sublet/hosts"; node=$(uname -n)
say() { printf 'sublet:%s=%s\\n' "$1" "$2"; }
say arch "$(uname -m)"
say vcpus "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null)"
say memoryKiB "$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo 2>/dev/null)"
say diskKiB "$(df -Pk "$HOME" 2>/dev/null | awk 'NR == 2 { print $4 }')"
if command -v nvidia-smi >/dev/null 2>&1; then
  gpus=$(nvidia-smi --query-gpu=index,uuid,name,memory.total --format=csv,noheader,nounits 2>&1)
  say smi "$?"
  printf '%s\\n' "$gpus" | sed 's/^/sublet:gpu=/'
  nvidia-smi --query-compute-apps=gpu_uuid,pid --format=csv,noheader,nounits 2>/dev/null | sed 's/^/sublet:app=/'
fi
for claim in "$root"/claims/sublet-*; do
  [ -f "$claim" ] && say claim "$(cat "$claim")"
done
for hold in "$root/held/$node"/*; do
  [ -h "$hold" ] && say held "\${hold##*/} $(readlink "$hold")"
done
say node "$node"
`

/** Reads the answer to `inventoryCommand`; fails with `unsupported` where it makes no sense. */
export function parseInventory(answer: string, label: string): Inventory {
  const facts = new Map<string, string[]>()
  for (const line of answer.split('\n')) {
    const [, key, value] = /^sublet:(\w+)=(.*)$/.exec(line.trimEnd()) ?? []
    if (key === undefined || value === undefined) continue
    facts.set(key, [...(facts.get(key) ?? []), value.trim()])
  }
  const one = (key: string): string => facts.get(key)?.at(-1) ?? ''
  const node = one('node')
  const memoryKiB = Number(one('memoryKiB'))
  const diskKiB = Number(one('diskKiB'))
  const arch = archOf(one('arch'))
  if (node === '' || arch === null) {
    throw new SubletError(
      'unsupported',
      `${label} is not a machine that Sublet can use (${one('arch') || 'its answers make no sense'}); it needs Linux on x86-64 or arm64.`,
      { nativeCode: answer.slice(0, 200) },
    )
  }
  const held = new Map<string, string>()
  for (const line of facts.get('held') ?? []) {
    const [what, owner] = line.split(' ')
    if (what !== undefined && owner !== undefined) held.set(what, owner)
  }
  const inUse = new Set((facts.get('app') ?? []).map((line) => line.split(',')[0]?.trim()))
  return {
    gpus: (facts.get('gpu') ?? []).flatMap((line) => gpuOf(line, held, inUse)),
    vcpus: Math.max(1, Math.trunc(Number(one('vcpus'))) || 1),
    memoryGiB: memoryKiB > 0 ? Math.round((memoryKiB / 1024 / 1024) * 10) / 10 : 1,
    freeDiskGiB: Math.floor(diskKiB / 1024 / 1024) || 0,
    arch,
    // A home folder may be shared by several machines; only this one's claims count here.
    claims: (facts.get('claim') ?? [])
      .flatMap((line) => claimFrom(line) ?? [])
      .filter((claim) => claim.node === node),
    held,
    warning: one('smi') === '' || one('smi') === '0' ? null : brokenDriver(label, facts.get('gpu')),
  }
}

function gpuOf(
  line: string,
  held: ReadonlyMap<string, string>,
  inUse: ReadonlySet<string | undefined>,
): readonly HostGpu[] {
  const [index, uuid, rawName, memoryMiB] = line.split(',').map((part) => part.trim())
  if (index === undefined || !/^\d+$/.test(index) || rawName === undefined) return []
  const reportedGiB = Math.round((Number(memoryMiB) / 1024) * 10) / 10
  if (!(reportedGiB > 0)) return []
  const { name } = normaliseGpu(rawName, reportedGiB)
  // "81,559 MiB" is the 80 GiB that the user asks for.
  const sold = gpuModel(name)?.vramGiB.find((size) => isNear(size, reportedGiB))
  const takenBy = held.has(index) ? 'rental' : inUse.has(uuid) ? 'stranger' : null
  return [{ index: Number(index), name, vramGiB: sold ?? reportedGiB, takenBy }]
}

function archOf(text: string): Inventory['arch'] | null {
  if (/^(x86_64|amd64)$/i.test(text)) return 'x86_64'
  return /^(aarch64|arm64)$/i.test(text) ? 'arm64' : null
}

function brokenDriver(label: string, lines: readonly string[] | undefined): string {
  return `nvidia-smi on ${label} fails ("${(lines?.[0] ?? '').slice(0, 120)}"): its GPUs cannot be used until the driver works.`
}
